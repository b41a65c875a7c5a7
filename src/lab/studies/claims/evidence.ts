import { type Interval, interval } from '../../../latent/numbers/index.js';
import type { Binarisation, KlEstimator, RegimeName } from '../../../vae/training/index.js';
import type { TheorySummary } from '../../theory/index.js';
import type { Claim, Estimate, NoiseFloor, RunResult } from '../study.js';

/** All that claims are decided by. */
export interface Evidence {
  readonly runs: readonly RunResult[];
  readonly floor: NoiseFloor;
  readonly theory: TheorySummary;
  readonly binarisation: Binarisation;
}

export type Verdict = Claim['verdict'];
export type Measured = Claim['measured'][number];

/** What the values of one run's estimate are: `momentKl` and `momentKlDraws` are means over batches, all else over images. */
export type Counted = 'test images' | 'batches';

/** One number of each finished run of a regime and estimator, by seed. */
export type Arm = ReadonlyMap<number, Estimate & { readonly of: Counted }>;

/**
 * The finished runs of a regime that have the number. A run that failed or was cut short decides nothing. No KL plays a
 * part in random-z: its runs stand for both estimators.
 */
export const arm = (
  { runs }: Pick<Evidence, 'runs'>,
  regime: RegimeName,
  kl: KlEstimator,
  of: (run: RunResult) => Estimate | undefined,
  counted: Counted = 'test images',
): Arm =>
  new Map(
    runs
      .filter((run) => run.state === 'done' && run.regime === regime && (regime === 'random-z' || run.kl === kl))
      .flatMap((run) => {
        const estimate = of(run);
        return estimate ? [[run.seed, { ...estimate, of: counted }] as const] : [];
      }),
  );

/** A mean, the half width of its 95% interval, and what it counts: seeds, or the values of the one seed. */
export interface Level extends Interval {
  readonly n: number;
  readonly of: string;
}

/** The 95% interval of an arm: over seeds where there are several, over test images (or batches of them) otherwise. */
export const level = (values: Arm): Level | undefined => {
  const estimates = [...values.values()];
  if (estimates.length === 0) return undefined;
  const [first] = estimates as [Estimate & { readonly of: Counted }];
  const counts = estimates.length > 1 ? { n: estimates.length, of: 'seeds' } : { n: first.n, of: first.of };
  return { ...interval(estimates), ...counts };
};

/**
 * Mean of a − b with its 95% interval.
 *
 *   several seeds: Student's t of the differences seed by seed, so that what a seed does to both falls out
 *   one seed:      ±1.96 √(se_a² + se_b²) over test images; too wide where both were measured on the same images, never
 *                  too narrow for them
 */
export const difference = (a: Arm, b: Arm): Level | undefined => {
  const pairs = [...a].flatMap(([seed, left]) => {
    const right = b.get(seed);
    if (!right) return [];
    const n = Math.min(left.n, right.n);
    const pair = { value: left.value - right.value, se: Math.hypot(left.se, right.se), n, of: left.of };
    return [[seed, pair] as const];
  });
  return level(new Map(pairs));
};

/** Mean of a − one estimate that is independent of it: the halves of the intervals add as squares. */
export const differenceFrom = (a: Arm, fixed: Estimate): Level | undefined => {
  const mine = level(a);
  const other = interval([fixed]);
  return mine && { ...mine, value: mine.value - other.value, half: Math.hypot(mine.half, other.half) };
};

/** Whether a number is above 0: not to be told while its interval reaches 0. */
export const above = (number: Interval | undefined): Verdict => {
  if (!number || !(Math.abs(number.value) > number.half)) return 'cannot tell';
  return number.value > 0 ? 'holds' : 'does not hold';
};

/** Whether a number is below a bound with its whole interval, or above it with the whole of it. */
export const below = (bound: number, number: Interval | undefined): Verdict =>
  above(number && { value: bound - number.value, half: number.half });

/** A claim of several parts holds when all do, and does not when any does not. */
export const allOf = (parts: readonly Verdict[]): Verdict => {
  if (parts.includes('does not hold')) return 'does not hold';
  return parts.length === 0 || parts.includes('cannot tell') ? 'cannot tell' : 'holds';
};

/** A row of a claim; none for a number that was not measured. */
export const row = (name: string, number: Level | undefined, unit = 'nats', sign: 1 | -1 = 1): Measured[] =>
  number && Number.isFinite(number.value)
    ? [
        {
          name,
          value: sign * number.value,
          ...(number.half > 0 && { half: number.half }),
          unit,
          n: number.n,
          of: number.of,
        },
      ]
    : [];

/** A number without an interval. */
export const exact = (name: string, value: number, unit: string): Measured => ({ name, value, unit });
