import { describe, expect, it } from 'vitest';
import { grad } from '../../engine/autodiff/index.js';
import { input, sum } from '../../engine/graph/index.js';
import { evaluate } from '../../engine/interpreter/index.js';
import { keyedStream } from '../../engine/random/index.js';
import { estimate } from '../training/curve.js';
import { klRules, normal } from './index.js';

/** Posteriors of one latent each, far from the prior and close to it. */
const posteriors = [
  { mu: 0, sigma: 1 },
  { mu: 0.5, sigma: 0.8 },
  { mu: -2, sigma: 0.1 },
  { mu: 3, sigma: 0.02 },
  { mu: 0.1, sigma: 2.5 },
];
const DRAWS = 4000;

/** Both estimators on many draws of one posterior: each row is a draw, so the gradient of a row is one draw's own. */
const drawn = (mu: number, sigma: number, step: number) => {
  const shape = [DRAWS, 1];
  const [m, s, e] = [input('m', shape), input('s', shape), input('e', shape)];
  const q = normal(m, s);
  const noise = new Float32Array(DRAWS);
  keyedStream(1, 'test', step).fillNormal(noise);
  const feeds = { m: new Array<number>(DRAWS).fill(mu), s: new Array<number>(DRAWS).fill(sigma), e: noise };
  const of = (kl: 'analytic' | 'mc') => {
    const rate = klRules[kl](q, q.rsample(e));
    const [value, byMu, bySigma] = evaluate([rate, ...grad(sum(rate), [m, s], { unreached: 'zeros' })], feeds);
    return { value: value!, 'd/d mu': byMu!, 'd/d sigma': bySigma! };
  };
  return { exact: of('analytic'), sampled: of('mc') };
};

describe('the Monte Carlo KL', () => {
  it.each(posteriors.map((q, i) => ({ ...q, i })))(
    'of N($mu, $sigma²) is the closed form on average, in value and gradient',
    ({ mu, sigma, i }) => {
      const { exact, sampled } = drawn(mu, sigma, i);
      for (const what of ['value', 'd/d mu', 'd/d sigma'] as const) {
        const { value, se } = estimate(sampled[what]);
        // Rounding alone where a draw is exact: q = p has a value of 0 at every draw.
        expect(Math.abs(value - exact[what][0]!), what).toBeLessThanOrEqual(4 * se + 1e-12);
      }
    },
  );

  it('is exact at every draw where the posterior is the prior', () => {
    expect(drawn(0, 1, 0).sampled.value.every((v) => Math.abs(v) < 1e-14)).toBe(true);
  });

  it('has the same rate for every draw in closed form', () => {
    const { value } = drawn(-2, 0.1, 2).exact;
    expect(new Set(value).size).toBe(1);
  });
});
