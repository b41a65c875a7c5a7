import { activeUnits } from '../audit/activeUnits.js';
import type { Codes } from '../audit/codes.js';
import { isMeasured, type Measured } from '../audit/result.js';
import { digits } from '../audit/wording.js';
import { meanOf } from '../evaluation/measured.js';
import { klToStandardNormal } from '../theory/index.js';

/** Rate below which z carries nothing worth fitting, nats: the information is never more than the rate. */
const COLLAPSED = 0.5;

export interface Carried {
  readonly rate?: Measured;
  readonly activeUnits?: Measured;
  /** Why nothing can be gained where z carries nothing; absent where it does, and where posteriors are not known. */
  readonly collapsed?: string;
}

/** How the model came to its codes, where that is known: said where they carry nothing. */
export interface Training {
  /** A sentence on what its training asked of z. */
  readonly training?: string;
  /** A sentence on what to do instead. */
  readonly advice?: string;
}

const ADVICE =
  'Train encoder and decoder together, by the full ELBO; if they were, let the KL weigh less, at least at the start.';

/**
 * Whether z carries anything: by the rate, which bounds the information, and by the active units.
 *
 *   collapsed: mean_i KL(q_i ‖ N(0, I)) < 0.5 nats, or no d with Var_i(μ_id) > 0.01
 */
export const carriedBy = (codes: Codes, { training, advice = ADVICE }: Training = {}): Carried => {
  const units = activeUnits(codes);
  if (!('mu' in codes) || !isMeasured(units)) return {};
  const { mu, sigma, n, latents } = codes;
  const row = (values: Float32Array, i: number): Float32Array => values.subarray(i * latents, (i + 1) * latents);
  const rates = Float64Array.from({ length: n }, (_, i) => klToStandardNormal(row(mu, i), row(sigma, i)));
  const rate = meanOf(rates, { unit: 'nats' });
  if (rate.value >= COLLAPSED && units.value > 0) return { rate, activeUnits: units };
  const found = `the rate is ${digits(rate.value)} nats, and ${units.value} of ${latents} units are active`;
  return {
    rate,
    activeUnits: units,
    collapsed: `Nothing can be gained by another distribution of z: z says next to nothing about x (${found}). Every image has nearly the same posterior; a sampler fitted to the codes would fit noise.${training ? ` ${training}` : ''} ${advice}`,
  };
};
