import { ShapeError } from '../../../engine/errors/index.js';
import type { Posteriors } from '../codes.js';

/**
 * Throws ShapeError unless mu and sigma are [N, D], RangeError unless every μ is finite and every σ finite and above 0.
 */
export const requirePosteriors = (what: string, { mu, sigma, n, latents }: Posteriors): void => {
  if (!(n >= 1 && latents >= 1) || mu.length !== n * latents || sigma.length !== n * latents) {
    throw new ShapeError(
      `${what}: expected mu and sigma [${n}, ${latents}], got ${mu.length} and ${sigma.length} values`,
    );
  }
  const refuse = (name: string, expected: string, values: Float32Array, at: number): void => {
    if (at < 0) return;
    const place = `row ${Math.floor(at / latents)}, column ${at % latents}`;
    throw new RangeError(`${what}: ${name}: expected ${expected}, got ${values[at]} in ${place}`);
  };
  refuse(
    'mu',
    'finite values',
    mu,
    mu.findIndex((value) => !Number.isFinite(value)),
  );
  refuse(
    'sigma',
    'finite values above 0',
    sigma,
    sigma.findIndex((value) => !(value > 0 && Number.isFinite(value))),
  );
};
