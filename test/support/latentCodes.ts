import { input } from '../../src/engine/graph/index.js';
import { evaluate } from '../../src/engine/interpreter/index.js';
import { type ParameterShapes, parameterCount, views } from '../../src/engine/program/index.js';
import { keyedStream } from '../../src/engine/random/index.js';
import { float32 } from '../../src/engine/runtime/index.js';
import { samplerOnnx } from '../../src/latent/samplers/draw.js';
import type { Sampler, TrainingCodes } from '../../src/latent/samplers/sampler.js';
import { runModel } from './onnxValues.js';

/** Standard normal values. */
export const normals = (n: number, key: string, seed = 1): Float32Array => {
  const out = new Float32Array(n);
  keyedStream(seed, `test/${key}`, 0).fillNormal(out);
  return out;
};

/** Every parameter drawn from N(0, scale²): far from where training starts. */
export const drawnParameters = (shapes: ParameterShapes, scale: number, seed = 1): Record<string, Float32Array> =>
  views(
    normals(parameterCount(shapes), 'parameters', seed).map((v) => v * scale),
    shapes,
  );

/** Codes that are draws, with no posterior behind them. */
export const codesOf = (z: Float32Array, latents: number): TrainingCodes => ({
  mu: z,
  sigma: new Float32Array(z.length),
  n: z.length / latents,
  latents,
});

/** Two half circles that reach into one another, blurred. Shapes: -> [n, 2]. */
export const twoMoons = (n: number, seed = 1): Float32Array => {
  const z = normals(2 * n, 'moons/blur', seed);
  const stream = keyedStream(seed, 'test/moons/angle', 0);
  for (let i = 0; i < n; i++) {
    const angle = Math.PI * stream.uniform();
    const upper = i % 2 === 0;
    z[2 * i] = (upper ? Math.cos(angle) : 1 - Math.cos(angle)) + 0.1 * z[2 * i]!;
    z[2 * i + 1] = (upper ? Math.sin(angle) : 0.5 - Math.sin(angle)) + 0.1 * z[2 * i + 1]!;
  }
  return z;
};

const CENTRES: readonly (readonly number[])[] = [
  [2, 0, 0, 1],
  [-1, 1.5, 0, 0],
  [-1, -1.5, 1, -1],
];
const SPREAD = 0.5;

/** Three Gaussians of one spread in four dimensions, with their density. */
export const plantedMixture = {
  latents: 4,
  draw: (n: number, seed = 1): Float32Array => {
    const z = normals(4 * n, 'planted', seed);
    const stream = keyedStream(seed, 'test/planted/component', 0);
    for (let i = 0; i < n; i++) {
      const centre = CENTRES[stream.below(CENTRES.length)]!;
      centre.forEach((c, j) => {
        z[4 * i + j] = c + SPREAD * z[4 * i + j]!;
      });
    }
    return z;
  },
  logProb: (z: Float32Array): Float64Array =>
    Float64Array.from({ length: z.length / 4 }, (_, i) => {
      const densities = CENTRES.map((centre) => {
        const squares = centre.reduce((sum, c, j) => sum + (z[4 * i + j]! - c) ** 2, 0);
        return Math.exp(-0.5 * (squares / SPREAD ** 2)) / (Math.sqrt(2 * Math.PI) * SPREAD) ** 4 / CENTRES.length;
      });
      return Math.log(densities.reduce((p, q) => p + q));
    }),
};

/** What a sampler's ONNX file makes of noise, and what the float64 interpreter makes of it. */
export const drawn = async (sampler: Sampler, noise: Float32Array): Promise<Float32Array> => {
  const { z } = await runModel(samplerOnnx(sampler), {
    noise: float32(noise, [noise.length / sampler.noise, sampler.noise]),
  });
  return Float32Array.from(z!);
};
export const interpreted = (sampler: Sampler, noise: Float32Array): Float64Array =>
  evaluate([sampler.toGraph(input('noise', [noise.length / sampler.noise, sampler.noise]))], { noise })[0]!;

export interface MeanWithError {
  readonly value: number;
  readonly se: number;
}
export const meanOf = (values: ArrayLike<number>): MeanWithError => {
  const n = values.length;
  const value = Array.from(values).reduce((sum, v) => sum + v, 0) / n;
  const squares = Array.from(values).reduce((sum, v) => sum + (v - value) ** 2, 0);
  return { value, se: Math.sqrt(squares / (n - 1) / n) };
};

/** Share of relabellings of two samples whose energy distance is at least that of the samples: a p-value. */
export const energyTest = (a: Float32Array, b: Float32Array, latents: number, permutations = 199): number => {
  const [n, m] = [a.length / latents, b.length / latents];
  const all = Float64Array.of(...a, ...b);
  const total = n + m;
  const distances = new Float64Array(total * total);
  for (let i = 0; i < total; i++) {
    for (let j = 0; j < i; j++) {
      let squares = 0;
      for (let d = 0; d < latents; d++) squares += (all[i * latents + d]! - all[j * latents + d]!) ** 2;
      distances[i * total + j] = Math.sqrt(squares);
    }
  }
  const distance = (label: Uint8Array): number => {
    const sums = [0, 0, 0];
    for (let i = 0; i < total; i++) {
      for (let j = 0; j < i; j++) sums[label[i]! + label[j]!]! += distances[i * total + j]!;
    }
    return (2 * sums[1]!) / (n * m) - (2 * sums[0]!) / (n * n) - (2 * sums[2]!) / (m * m);
  };
  const labels = (order: Uint32Array): Uint8Array => Uint8Array.from(order, (i) => (i < n ? 0 : 1));
  const found = distance(labels(Uint32Array.from({ length: total }, (_, i) => i)));
  let larger = 1;
  for (let k = 0; k < permutations; k++) {
    if (distance(labels(keyedStream(1, 'test/relabel', k).permutation(total))) >= found) larger++;
  }
  return larger / (permutations + 1);
};
