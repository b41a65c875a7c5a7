import { keyedStream } from '../../../engine/random/index.js';
import { chiSquaredQuantile, normalQuantile } from './specialFunctions.js';

/** A fixed map from z to numbers that a linear classifier can tell codes from prior draws by. */
export interface FeatureMap {
  readonly width: number;
  /** Writes the features of the row of z that begins at `start`. Shapes: out [width]. */
  fill(z: Float32Array, start: number, out: Float64Array): void;
}

/** Cells of equal prior mass, in each dimension and along the radius. */
const CELLS = 10;
const WAVES = 100;
/** Wave numbers |ω|: from a wave longer than the prior is wide to one that fits into a hole. */
const SLOWEST = 0.5;
const FASTEST = 3;

/** Which cell a value is in. */
const cellOf = (edges: Float64Array, value: number): number => {
  let cell = 0;
  while (cell < edges.length && value >= edges[cell]!) cell++;
  return cell;
};

/**
 * What codes may differ from N(0, I) in:
 *
 *   z_a                      shifts
 *   z_a z_b, a >= b          scales and correlations
 *   1[z_a in cell c]         the form of each marginal
 *   |z|, |z|², 1[|z|² in c]  shells
 *   cos(ω · z + φ)           holes and mixtures: 100 waves of random direction, |ω| in 0.5 … 3
 *
 * Cells are of equal mass under the prior. Waves are drawn by seed.
 *
 * Shapes: [D] -> [D + D (D+1)/2 + 10 D + 12 + 100].
 * Source: waves: Rahimi & Recht 2007, Random features for large-scale kernel machines.
 */
export const featureMap = (latents: number, seed: number): FeatureMap => {
  const inner = Array.from({ length: CELLS - 1 }, (_, c) => (c + 1) / CELLS);
  const normalEdges = Float64Array.from(inner, normalQuantile);
  const radialEdges = Float64Array.from(inner, (p) => chiSquaredQuantile(p, latents));
  const random = keyedStream(seed, 'c2st/waves', 0);
  const waves = new Float64Array(WAVES * latents);
  const phases = new Float64Array(WAVES);
  for (let w = 0; w < WAVES; w++) {
    const wave = waves.subarray(w * latents, (w + 1) * latents);
    for (let d = 0; d < latents; d++) wave[d] = random.normal();
    const norm = Math.hypot(...wave);
    const number = SLOWEST + (FASTEST - SLOWEST) * random.uniform();
    for (let d = 0; d < latents; d++) wave[d]! *= number / norm;
    phases[w] = 2 * Math.PI * random.uniform();
  }
  return {
    width: latents + (latents * (latents + 1)) / 2 + CELLS * (latents + 1) + 2 + WAVES,
    fill: (z, start, out) => {
      out.fill(0);
      let f = 0;
      let squares = 0;
      for (let a = 0; a < latents; a++) {
        const value = z[start + a]!;
        squares += value * value;
        out[f++] = value;
        for (let b = 0; b <= a; b++) out[f++] = value * z[start + b]!;
        out[f + cellOf(normalEdges, value)] = 1;
        f += CELLS;
      }
      out[f++] = Math.sqrt(squares);
      out[f++] = squares;
      out[f + cellOf(radialEdges, squares)] = 1;
      f += CELLS;
      for (let w = 0; w < WAVES; w++) {
        let angle = phases[w]!;
        for (let d = 0; d < latents; d++) angle += waves[w * latents + d]! * z[start + d]!;
        out[f++] = Math.cos(angle);
      }
    },
  };
};
