import { InputError, ShapeError } from '../../engine/errors/index.js';
import { keyedStream } from '../../engine/random/index.js';
import type { Draws } from '../audit/codes.js';
import type { FitOptions, Sampler, SamplerFamily, SavedSampler, TrainingCodes } from './sampler.js';

/** A family whose fit is worked out without training steps. */
export interface PlainFamily {
  readonly name: string;
  readonly complexity: number;
  /** Codes that it takes at least. */
  readonly least: number;
  /** Whether it is made of posteriors, and draws alone will not do. */
  readonly posteriors?: boolean;
  /** The fit as plain values: what is kept in a file is all there is to the sampler. */
  readonly estimate: (codes: TrainingCodes, options: FitOptions) => SavedSampler | Promise<SavedSampler>;
  readonly build: SamplerFamily['load'];
}

/** Its samplers are always built from their saved form, so that one out of a file gives the same bits. */
export const plainFamily = (definition: PlainFamily): SamplerFamily => {
  const { name, complexity, least, posteriors = false, estimate, build } = definition;
  return {
    name,
    complexity,
    fit: async (codes, options): Promise<Sampler> => {
      requireTrainingCodes(name, codes, least);
      if (posteriors && !codes.sigma.every((value) => value > 0)) {
        throw new InputError(`${name}: expected posteriors with every sigma above 0, got codes that are draws`);
      }
      const saved = await estimate(codes, options);
      options.onProgress?.(1);
      return build(saved, options.runtime);
    },
    load: build,
  };
};

/** Throws: ShapeError when mu and sigma are not [N, D]; InputError for too few codes or values that are not finite. */
export const requireTrainingCodes = (family: string, codes: TrainingCodes, least: number): void => {
  const { mu, sigma, n, latents } = codes;
  if (latents < 1 || mu.length !== n * latents || sigma.length !== mu.length) {
    throw new ShapeError(
      `${family}: expected mu and sigma [${n}, ${latents}], got ${mu.length} and ${sigma.length} values`,
    );
  }
  if (n < least) throw new InputError(`${family}: expected at least ${least} codes, got ${n}`);
  const bad = mu.findIndex((value, i) => !Number.isFinite(value) || !(sigma[i]! >= 0 && sigma[i]! < Infinity));
  if (bad >= 0) {
    throw new InputError(
      `${family}: row ${Math.floor(bad / latents)}, column ${bad % latents}: expected a finite mu and a sigma from 0 up, ` +
        `got ${mu[bad]} and ${sigma[bad]}`,
    );
  }
};

/** One draw z ~ q_i of each code, by seed; codes that are draws stay as they are. */
export const drawCodes = ({ mu, sigma, n, latents }: TrainingCodes, seed: number, part: string): Draws => {
  const z = new Float32Array(mu.length);
  keyedStream(seed, `samplers/draws/${part}`, 0).fillNormal(z);
  for (let i = 0; i < z.length; i++) z[i] = mu[i]! + sigma[i]! * z[i]!;
  return { z, n, latents };
};

/** Some of the codes, in the order given. */
export const codesAt = (codes: TrainingCodes, rows: ArrayLike<number>): TrainingCodes => {
  const { latents, labels } = codes;
  const some = (values: Float32Array): Float32Array => {
    const out = new Float32Array(rows.length * latents);
    for (let i = 0; i < rows.length; i++) {
      out.set(values.subarray(rows[i]! * latents, (rows[i]! + 1) * latents), i * latents);
    }
    return out;
  };
  return {
    mu: some(codes.mu),
    sigma: some(codes.sigma),
    n: rows.length,
    latents,
    ...(labels && { labels: Array.from(rows, (row) => labels[row]!) }),
  };
};

/** Codes to fit to and codes to choose by: those held out, or else a tenth of the codes by seed. */
export const partCodes = (
  codes: TrainingCodes,
  { seed, heldOut }: FitOptions,
): { readonly fitted: TrainingCodes; readonly heldOut: TrainingCodes } => {
  if (heldOut) return { fitted: codes, heldOut };
  const order = keyedStream(seed, 'samplers/part', 0).permutation(codes.n);
  const kept = Math.max(2, Math.floor(codes.n / 10));
  return { fitted: codesAt(codes, order.subarray(kept).toSorted()), heldOut: codesAt(codes, order.subarray(0, kept)) };
};
