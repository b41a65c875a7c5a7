import { type Interval, interval } from '../../latent/numbers/index.js';
import type { Estimate } from '../studies/study.js';
import type { SweepRow } from './result.js';

/** A job that has a result with numbers. */
export type DoneRow = SweepRow & { readonly final: NonNullable<SweepRow['final']> };

/** One configuration of a sweep: the jobs that differ in the seed alone. */
export interface Setting {
  /** What varies but for the seed: `regime=joint,latents=2`; `all` where nothing does. */
  readonly name: string;
  readonly varied: SweepRow['varied'];
  readonly rows: readonly SweepRow[];
  readonly done: readonly DoneRow[];
}

/** What is told of a result: the hole mass is that of N(0, I). */
export const QUANTITIES = {
  elbo: ({ final }: DoneRow): Estimate | undefined => final.elbo,
  rate: ({ final }: DoneRow): Estimate | undefined => final.rate,
  score: ({ final }: DoneRow): Estimate | undefined => final.score,
  holeMass: ({ holeMass }: DoneRow): Estimate | undefined => holeMass,
} as const;
export type Quantity = keyof typeof QUANTITIES;

export const isDone = (row: SweepRow): row is DoneRow => row.final !== undefined;

/** Mean over rows with its 95% interval, from the spread between several of them; undefined where none has it. */
export const meanOf = (rows: readonly DoneRow[], quantity: Quantity): Interval | undefined => {
  const known = rows.map(QUANTITIES[quantity]).filter((estimate) => estimate !== undefined);
  return known.length === 0 ? undefined : interval(known);
};

const settingName = (name: string): string => name.replace(/,?seed=\d+(#\d+)?$/, '') || 'all';

/** The configurations, the highest mean ELBO first and those without a result last. */
export const settingsOf = (rows: readonly SweepRow[]): Setting[] => {
  const groups = new Map<string, SweepRow[]>();
  for (const row of rows) {
    const { seed: _seed, ...others } = row.varied;
    const key = JSON.stringify(others);
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  const settings = [...groups.values()].map((group): Setting => {
    const { seed: _seed, ...varied } = group[0]!.varied;
    return { name: settingName(group[0]!.name), varied, rows: group, done: group.filter(isDone) };
  });
  const quality = ({ done }: Setting): number => meanOf(done, 'elbo')?.value ?? Number.NEGATIVE_INFINITY;
  return settings.sort((a, b) => (quality(a) === quality(b) ? 0 : quality(b) - quality(a)));
};
