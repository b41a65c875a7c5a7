import { short } from '../../../latent/numbers/index.js';
import { misreadKl } from '../../../latent/theory/index.js';
import type { Claim, CodesSummary } from '../study.js';
import { arm, type Evidence, exact, level, row } from './evidence.js';
import { sentences } from './reasons.js';

/** σ of encoders of this experiment: of the units that carry most, and of those that carry some. */
const SIGMAS = [0.02, 0.3] as const;

/**
 * The KL of a whole code read both ways, at the root mean squares of μ and σ over images, dimension by dimension.
 *
 *   E μ_d² = Var μ_d + (E μ_d)²,  E σ_d² = Var z_d − Var μ_d  (law of total variance)
 */
const ratioOf = (codes: CodesSummary): number => {
  const mu = codes.muVariance.map((variance, d) => Math.sqrt(variance + codes.zMean[d]! ** 2));
  const sigma = codes.zVariance.map((variance, d) =>
    Math.sqrt(Math.max(Number.EPSILON, variance - codes.muVariance[d]!)),
  );
  return misreadKl(mu, sigma).ratio;
};

/** i. What it does to take one tensor for σ when drawing and for σ² in the KL. */
export const publishedKlClaim = (evidence: Evidence): Claim => {
  const ratios = SIGMAS.map((sigma) => misreadKl([0], [sigma]).ratio);
  const measured = level(
    arm(evidence, 'joint', 'analytic', ({ codes }) => codes && { value: ratioOf(codes), se: 0, n: codes.n }),
  );
  const known = [...ratios, ...(measured ? [measured.value] : [])];
  return {
    id: 'i',
    claim:
      'The published code takes one tensor for σ when it draws z and for σ² in its analytic KL, and so reports too small a KL',
    measured: [
      ...SIGMAS.map((sigma, i) => exact(`KL / reported KL at μ = 0, σ = ${sigma}`, ratios[i]!, '×')),
      ...row('KL / reported KL at the root mean square μ and σ of joint (analytic)', measured, '×'),
    ],
    verdict: known.some(Number.isNaN) ? 'cannot tell' : known.every((ratio) => ratio > 1) ? 'holds' : 'does not hold',
    why: sentences(
      `Read that way the KL is ${ratios.map((ratio) => short(ratio)).join(' to ')} times too small for σ from ${SIGMAS.join(' to ')}; zdist takes σ for a standard deviation everywhere.`,
      measured &&
        `At the codes of joint training it is ${short(measured.value)} times, because both readings agree on the share of μ.`,
    ),
  };
};
