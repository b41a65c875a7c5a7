import type { Measured } from '../audit/result.js';
import { digits, percent } from '../audit/wording.js';
import type { Features } from './features.js';
import { frechetReplicates, measuredFrechet, type Replicated } from './frechetDistance.js';
import { jackknifeError } from './jackknife.js';
import { withError } from './measured.js';

/** One decoder, fed three kinds of z. */
export interface Controls {
  /** (a) Posterior samples of held-out data. */
  readonly posterior: Features;
  /** (b) Samples of the fitted q̂. */
  readonly fitted: Features;
  /** (c) Samples of N(0, I). */
  readonly prior: Features;
}

export type Cause = 'decoder' | 'hole' | 'fit';

export interface Attribution {
  /** Fréchet distances to the reference. */
  readonly posterior: Measured;
  readonly fitted: Measured;
  readonly prior: Measured;
  /** By how much less than (c)'s the distances of (a) and (b) are; paired, for all are to one reference. */
  readonly nearer: { readonly posterior: Measured; readonly fitted: Measured };
  /** Of (c)'s excess; they add up to 1. */
  readonly shares: Readonly<Record<Cause, Measured>>;
  /** What explains most of the excess; `nothing` where (c) is no worse than real images are. */
  readonly cause: Cause | 'nothing';
  /** One sentence, with numbers. */
  readonly text: string;
}

type Shares = Readonly<Record<Cause, number>>;

/** Of distances a, b, c and the one that real images have. */
const sharesOf = (a: number, b: number, c: number, real: number): Shares => ({
  decoder: (a - real) / (c - real),
  hole: (c - b) / (c - real),
  fit: (b - a) / (c - real),
});

/**
 * What makes prior samples bad, by Fréchet distances of the controls to the reference.
 *
 *   excess = c − r;  decoder = (a − r)/excess, hole = (c − b)/excess, fit = (b − a)/excess
 *
 * r is the distance of other real images where they are given, else 0. A share below 0 is what it says: a fit that beats
 * the posterior samples, or a q̂ that is worse than the prior. Standard errors are a jackknife's of all sets at once, the
 * reference's own part in each distance included: the distances are paired.
 *
 * Shapes: all of one width; best of one size, for the distance is biased by size.
 * Throws: ShapeError as `frechetDistance`.
 */
export const attribution = (reference: Features, controls: Controls, real?: Features): Attribution => {
  const least = Math.min(...[...Object.values(controls), ...(real ? [real] : [])].map(({ n }: Features) => n));
  const groups = (samples: Features): Replicated => frechetReplicates(reference, samples, Math.min(reference.n, least));
  const [a, b, c] = [groups(controls.posterior), groups(controls.fitted), groups(controls.prior)];
  const floor = real ? groups(real) : { value: 0, leftOut: new Float64Array(c.leftOut.length) };
  const shares = sharesOf(a.value, b.value, c.value, floor.value);
  const replicates = Array.from(c.leftOut, (left, g) =>
    sharesOf(a.leftOut[g]!, b.leftOut[g]!, left, floor.leftOut[g]!),
  );
  const measuredShare = (cause: Cause): Measured =>
    withError(shares[cause], jackknifeError(replicates.map((each) => each[cause])), {
      n: controls.prior.n,
      unit: 'share',
      by: `${reference.n} reference rows, jackknife of ${replicates.length} groups`,
    });
  const lead = ({ value, leftOut }: Replicated): Measured =>
    withError(c.value - value, jackknifeError(c.leftOut.map((left, g) => left - leftOut[g]!)), {
      n: controls.prior.n,
      unit: 'units²',
      by: `${reference.n} reference rows, jackknife of ${leftOut.length} groups`,
    });
  const distances = {
    posterior: measuredFrechet(reference, controls.posterior, a),
    fitted: measuredFrechet(reference, controls.fitted, b),
    prior: measuredFrechet(reference, controls.prior, c),
  };
  const excess = c.value - floor.value;
  const spread = jackknifeError(c.leftOut.map((left, g) => left - floor.leftOut[g]!));
  const cause = excess > 2 * spread ? largest(shares) : 'nothing';
  return {
    ...distances,
    nearer: { posterior: lead(a), fitted: lead(b) },
    shares: { decoder: measuredShare('decoder'), hole: measuredShare('hole'), fit: measuredShare('fit') },
    cause,
    text: sentence(cause, shares, distances),
  };
};

const largest = (shares: Shares): Cause =>
  (['decoder', 'hole', 'fit'] as const).reduce((best, cause) => (shares[cause] > shares[best] ? cause : best));

const sentence = (
  cause: Attribution['cause'],
  shares: Shares,
  { posterior, fitted, prior }: Pick<Attribution, 'posterior' | 'fitted' | 'prior'>,
): string => {
  const distances = `${digits(posterior.value)} with posterior samples, ${digits(fitted.value)} with the fitted q, ${digits(prior.value)} with N(0, I)`;
  if (cause === 'nothing') return `Prior samples are as near as real images are (${distances}): nothing to explain.`;
  const causes = { decoder: 'the decoder', hole: 'the hole between q(z) and N(0, I)', fit: 'the fit of q' };
  const parts = (['decoder', 'hole', 'fit'] as const).map((each) => `${each} ${percent(shares[each])}`);
  return `Mostly ${causes[cause]} (${parts.join(', ')}): the distance is ${distances}.`;
};
