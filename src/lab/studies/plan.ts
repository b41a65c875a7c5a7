import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import type { RegimeName } from '../../vae/training/index.js';
import { KL_ESTIMATORS, type RunConfig } from '../config/index.js';

/** What a study is to do: the configuration that its runs share, and how they differ. */
export interface StudyConfig {
  readonly shared: Omit<RunConfig, 'regime' | 'kl' | 'seed'>;
  readonly regimes: readonly RegimeName[];
  readonly seeds: readonly number[];
  /** Runs side by side. */
  readonly workers: number;
}

export interface PlannedRun {
  /** Folder name: `joint-analytic-seed1`. */
  readonly name: string;
  readonly config: RunConfig;
  /** Expected duration against the others; a full gradient step of encoder and decoder counts 1. */
  readonly weight: number;
}

/** Duration of a step against a full one of encoder and decoder. */
export const REGIME_WEIGHT: Readonly<Record<RegimeName, number>> = {
  joint: 1,
  tandem: 1,
  separate: 0.65,
  'random-z': 0.55,
  'encoder-only': 0.5,
};

/** The runs of a study in the order in which they are listed: by seed, then regime, then estimator. */
export const planRuns = ({ shared, regimes, seeds }: StudyConfig): PlannedRun[] =>
  seeds.flatMap((seed) =>
    regimes.flatMap((regime): PlannedRun[] => {
      const weight = REGIME_WEIGHT[regime] * shared.epochs;
      // The KL plays no part in random-z.
      if (regime === 'random-z') {
        return [{ name: `random-z-seed${seed}`, weight, config: { ...shared, regime, kl: 'analytic', seed } }];
      }
      return KL_ESTIMATORS.map((kl) => ({
        name: `${regime}-${kl}-seed${seed}`,
        weight,
        config: { ...shared, regime, kl, seed },
      }));
    }),
  );

/** The longest first, so that all workers end at about the same time. */
export const longestFirst = (runs: readonly PlannedRun[]): PlannedRun[] =>
  [...runs].sort((a, b) => b.weight - a.weight);

/** Runs side by side on `cores`, without two threads on one core. */
export const workersFor = (cores: number, threads: number, runs: number): number =>
  Math.max(1, Math.min(runs, Math.floor(cores / threads)));

/** Whole seconds of UTC that sort as text and suit every file system: `20260131T094500Z`. */
const timeName = (now: number): string => new Date(now).toISOString().replace(/\.\d+/, '').replaceAll(/[-:]/g, '');

/** Folder name of a study or run: time, what it is, and 8 hex digits of the configuration's hash. */
export const folderName = (now: number, label: string, data: string, config: unknown): string => {
  const hash = createHash('sha256').update(JSON.stringify(config)).digest('hex').slice(0, 8);
  const dataName = basename(data).replaceAll(/[^A-Za-z0-9._-]/g, '_');
  return `${timeName(now)}-${label}-${dataName}-${hash}`;
};
