/** Rows of runs that nobody trained: as many as a table has to bear. */
import type { RunRow, RunsAnswer } from '../../src/lab/server/contract.js';
import { finalValues } from './study.js';

const REGIMES = ['joint', 'encoder-only', 'separate', 'tandem', 'random-z'] as const;
const VERDICTS = ['matched', 'mismatched', 'collapsed', undefined] as const;
const STATES = ['done', 'done', 'done', 'running', 'failed', 'crashed', 'interrupted'] as const;
const DATA = ['mnist', 'glyphs', 'fashion'] as const;
const SEEDS = 5;

const keyOf = (i: number): string => i.toString(16).padStart(10, '0');

/** Runs i of one five are of one group, and differ in the seed: ELBO −100 − i/100. */
export const syntheticRow = (i: number): RunRow => {
  const group = Math.floor(i / SEEDS);
  const regime = REGIMES[group % REGIMES.length]!;
  const verdict = VERDICTS[group % VERDICTS.length];
  const elbo = -100 - i / 100;
  return {
    ...{ key: keyOf(i), folder: `runs/${i}`, name: `run-${i}`, state: STATES[i % STATES.length]!, regime },
    ...{ started: new Date(Date.UTC(2026, 0, 1) + 60_000 * i).toISOString(), steps: 936 * (1 + (i % 20)), seconds: i },
    ...{ kl: group % 2 === 0 ? 'analytic' : 'mc', preset: 'altosaar', data: DATA[group % DATA.length]!, latents: 128 },
    ...{ beta: 1, seed: 1 + (i % SEEDS), epochs: 20, batch: 128, group: `group ${group}` },
    final: { ...finalValues, elbo: { value: elbo, se: 0.3, n: 10_000, seed: 1 } },
    sparkline: Array.from({ length: 32 }, (_, k) => elbo - 400 / (k + 1)),
    ...(verdict && { verdict }),
  };
};

export const syntheticRuns = (count: number): RunsAnswer => ({
  revision: 1,
  runs: Array.from({ length: count }, (_, i) => syntheticRow(i)),
  studies: [],
  problems: [],
});
