import type { ComponentType } from 'preact';

export interface PageEntry {
  /** As it stands in the address. */
  readonly path: string;
  /** As it stands in the navigation and in the title. */
  readonly name: string;
  /** The page of the navigation that leads to this one, which is not in it. */
  readonly within?: string;
  /** Pages load when they are opened. */
  readonly load: () => Promise<{ readonly default: ComponentType }>;
}

export const pages: readonly PageEntry[] = [
  { path: '', name: 'Runs', load: () => import('../pages/runs/RunsPage.js') },
  { path: 'explorer', name: 'Latent explorer', load: () => import('../pages/explorer/ExplorerPage.js') },
  { path: 'plane', name: 'The (μ, σ) plane', load: () => import('../pages/plane/PlanePage.js') },
  { path: 'train', name: 'Train here', load: () => import('../pages/train/TrainPage.js') },
  { path: 'drop', name: 'Drop your model', load: () => import('../pages/drop/DropPage.js') },
  { path: 'run', name: 'Run', within: '', load: () => import('../pages/run/RunPage.js') },
  { path: 'study', name: 'Study', within: '', load: () => import('../pages/study/StudyPage.js') },
  { path: 'compare', name: 'Compare', within: '', load: () => import('../pages/compare/ComparePage.js') },
];
