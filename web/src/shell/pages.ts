import type { ComponentType } from 'preact';

export interface PageEntry {
  /** As it stands in the address. */
  readonly path: string;
  /** As it stands in the navigation. */
  readonly name: string;
  /** Pages load when they are opened. */
  readonly load: () => Promise<{ readonly default: ComponentType }>;
}

export const pages: readonly PageEntry[] = [
  { path: 'explorer', name: 'Latent explorer', load: () => import('../pages/explorer/ExplorerPage.js') },
  { path: 'train', name: 'Train here', load: () => import('../pages/train/TrainPage.js') },
  { path: 'plane', name: 'The (μ, σ) plane', load: () => import('../pages/plane/PlanePage.js') },
  { path: 'drop', name: 'Drop your model', load: () => import('../pages/drop/DropPage.js') },
];
