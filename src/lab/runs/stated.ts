/** Results as a run folder states them: each number with what it was drawn from, how, and its interval. */
import type { Estimate, FinalValues } from '../../vae/training/index.js';
import { interval } from '../report/interval.js';
import type { RunResult } from '../studies/study.js';

/** What `n` counts, and where draws come from. */
const SAMPLING: Readonly<Record<keyof FinalValues, string>> = {
  rate: 'all test images; closed form',
  rateMc: 'all test images, one draw of z each (stream noise/test)',
  score: 'all test images, one draw of z each (stream noise/test)',
  elbo: 'all test images, one draw of z each (stream noise/test)',
  momentKl: 'batches of the test set in its order; closed form of their moments',
  momentKlDraws: 'batches of the test set in its order, one draw of z each (stream noise/test)',
};
const NEAREST = 'the first test images, each against the nearest of all samples';
const CODES = 'all test images; one draw of z each where a quantity is of z';

export interface StatedEstimate extends Estimate {
  readonly sampling: string;
  /** 95%. */
  readonly interval: readonly [number, number];
}

const stated = (estimate: Estimate, sampling: string): StatedEstimate => {
  const { value, half } = interval([estimate]);
  return { ...estimate, sampling, interval: [value - half, value + half] };
};

const statedFinal = (final: FinalValues): Record<string, StatedEstimate> =>
  Object.fromEntries(
    Object.entries(SAMPLING).map(([name, sampling]) => [name, stated(final[name as keyof FinalValues], sampling)]),
  );

/** Without the curve, which `metrics.bin` and `curve.csv` hold. */
export const statedResult = ({ curve: _curve, final, codes, nearest, ...rest }: RunResult): Record<string, unknown> => {
  const { samples, ...sources } = nearest ?? {};
  return {
    ...rest,
    ...(final && { final: statedFinal(final) }),
    ...(codes && { codes: { sampling: CODES, ...codes } }),
    ...(nearest && {
      nearest: {
        samples,
        ...Object.fromEntries(Object.entries(sources).map(([name, value]) => [name, stated(value, NEAREST)])),
      },
    }),
  };
};
