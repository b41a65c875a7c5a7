/** Results as files state them: each number with what it was drawn from, how, and its 95% interval. */

import { type Interval, interval } from '../../latent/numbers/index.js';
import type { Estimate, FinalValues } from '../../vae/training/index.js';
import type { RunResult } from '../studies/study.js';

/** What `n` counts, and where draws come from, of each value of an evaluation. */
export const FINAL_SAMPLING: Readonly<Record<keyof FinalValues, string>> = {
  rate: 'all test images; closed form',
  rateMc: 'all test images, one draw of z each (stream noise/test)',
  score: 'all test images, one draw of z each (stream noise/test)',
  elbo: 'all test images, one draw of z each (stream noise/test)',
  momentKl: 'batches of the test set in its order; closed form of their moments',
  momentKlDraws: 'batches of the test set in its order, one draw of z each (stream noise/test)',
};
const NEAREST = 'the first test images, each against the nearest of all samples';
const CODES = 'all test images; one draw of z each where a quantity is of z';
const OTHERS = 'images and draws by the seed';

/** The interval of an estimate that stands without one. */
export const INTERVAL = 'value ± 1.96 se (95%)';

const isEstimate = (value: object): value is Estimate => 'value' in value && 'se' in value && 'n' in value;

/** The ends of an interval. */
export const bounds = ({ value, half }: Interval): readonly [number, number] => [value - half, value + half];

/** Every estimate within a value, with its 95% interval and how it was sampled. */
export const stated = (value: unknown, sampling: (key: string) => string, key = ''): unknown => {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  if (isEstimate(value)) {
    return { ...value, sampling: sampling(key), interval: bounds(interval([value])) };
  }
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, stated(inner, sampling, name)]));
};

/** The last evaluation of a run. */
export const statedFinal = (final: FinalValues): unknown =>
  stated(final, (key) => FINAL_SAMPLING[key as keyof FinalValues]);

/** Without the curve, which other files or the head of this one tell of. */
export const statedResult = ({ curve: _curve, ...result }: RunResult): Record<string, unknown> => {
  const { final, nearest, codes, ...rest } = result;
  return {
    ...(stated(rest, () => OTHERS) as object),
    ...(final && { final: statedFinal(final) }),
    ...(codes && { codes: { sampling: CODES, ...codes } }),
    ...(nearest && { nearest: stated(nearest, () => NEAREST) }),
  };
};

/** What stands beside numbers for readers alone. */
const STATED = ['sampling', 'interval'];

/** A result as it was before `statedResult`: without what that adds. A number that is not finite comes back as NaN. */
export const unstated = (value: unknown): unknown => {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(unstated);
  const whole = Object.entries(value).filter(([key]) => !STATED.includes(key));
  const given = isEstimate(value) ? whole.map(([key, each]) => [key, each ?? Number.NaN] as const) : whole;
  return Object.fromEntries(given.map(([key, each]) => [key, unstated(each)]));
};
