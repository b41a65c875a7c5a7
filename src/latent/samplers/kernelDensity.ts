import { add, constant, gather, matmul, split, type Tensor } from '../../engine/graph/index.js';
import { keyedStream } from '../../engine/random/index.js';
import type { Runtime } from '../../engine/runtime/index.js';
import { mixtureDensity } from '../audit/mixture/index.js';
import { chooseComponent } from './chooseComponent.js';
import { inverseOfLower } from './gaussianMixture/triangular.js';
import { codesAt, drawCodes, partCodes, plainFamily } from './plainFamily.js';
import type { Sampler, SamplerFamily, SavedSampler } from './sampler.js';
import { keptOf, keptSettings, savedArray } from './saved.js';
import { fitWhitening } from './training/whitening.js';

const NAME = 'kernel-density';
/** Codes that carry a kernel, and held-out ones that the bandwidth is chosen by. */
const POINTS = 5000;
const HELD_OUT = 1000;
/** ln h is looked for between these, to a few thousandths. */
const RANGE: readonly [number, number] = [Math.log(0.02), Math.log(2)];
const GOLDEN = (Math.sqrt(5) - 1) / 2;
const SHRINKS = 14;

/**
 * A Gaussian kernel at each of some training codes, all of the shape of the codes' covariance C = L Lᵀ.
 *
 *   q̂(z) = (1/K) Σ_k N(z; z_k, h² C),  h by the likelihood of held-out codes
 *
 * Kernels lie around single training codes: `replays` says so.
 */
export const kernelDensityFamily = (points = POINTS): SamplerFamily =>
  plainFamily({
    name: NAME,
    complexity: 29,
    least: 20,
    estimate: (codes, options) => {
      const { seed, onProgress } = options;
      const { latents } = codes;
      const parts = partCodes(codes, options);
      const chosen = keyedStream(seed, 'samplers/kernels', 0).permutation(parts.fitted.n).subarray(0, points);
      const centres = drawCodes(codesAt(parts.fitted, chosen), seed, 'fitted').z;
      const held = keyedStream(seed, 'samplers/kernels', 1).permutation(parts.heldOut.n).subarray(0, HELD_OUT);
      const { factor, note } = fitWhitening(parts.fitted);
      const inverse = inverseOfLower(Float64Array.from(factor), latents);
      const white = (z: Float32Array): Float64Array => product(inverse, z, latents);
      const heldOut = white(drawCodes(codesAt(parts.heldOut, held), seed, 'heldOut').z);
      const distances = squaredDistances(heldOut, white(centres), latents);
      const logH = highest(meanLogKernel(distances, held.length, chosen.length, latents), RANGE, onProgress);
      const h = Math.exp(logH);
      return {
        family: NAME,
        latents,
        settings: keptSettings({
          facts: { bandwidth: h, points: chosen.length },
          notes: note === undefined ? [] : [note],
        }),
        arrays: {
          points: { shape: [chosen.length, latents], data: centres },
          factor: { shape: [latents, latents], data: factor.map((value) => h * value) },
        },
      };
    },
    build: kernelDensity,
  });

const kernelDensity = (saved: SavedSampler, runtime: Runtime): Sampler => {
  const { latents } = saved;
  const points = savedArray(saved, 'points');
  const factor = savedArray(saved, 'factor', latents * latents);
  const n = points.length / latents;
  const kept = keptOf(saved);
  return {
    name: `kernel density of ${n} codes`,
    family: NAME,
    latents,
    noise: latents + 1,
    replays: true,
    ...kept,
    toGraph: (noise) => {
      const [choice, within] = split(noise, 1, [1, latents]) as [Tensor, Tensor];
      const chosen = chooseComponent(choice, new Float64Array(n).fill(1 / n));
      const centre = gather(constant([...points], [n, latents]), chosen);
      return add(centre, matmul(within, constant([...factor], [latents, latents]), { transB: true }));
    },
    logProb: async (z) => {
      // In the coordinates (h L)⁻¹ z every kernel is a unit Gaussian.
      const inverse = inverseOfLower(Float64Array.from(factor), latents);
      const unit = (values: Float32Array): Float32Array => Float32Array.from(product(inverse, values, latents));
      const sigma = new Float32Array(points.length).fill(1);
      const density = await mixtureDensity({ mu: unit(points), sigma, n, latents }, runtime);
      try {
        let volume = 0;
        for (let i = 0; i < latents; i++) volume += Math.log(factor[i * (latents + 1)]!);
        return (await density.logProb(unit(z))).map((value) => value - volume);
      } finally {
        await density.release();
      }
    },
    save: () => saved,
  };
};

/** W z of each row, W lower triangular. Shapes: [D, D], [n, D] -> [n, D]. */
const product = (lower: Float64Array, z: Float32Array, d: number): Float64Array => {
  const out = new Float64Array(z.length);
  for (let start = 0; start < z.length; start += d) {
    for (let i = 0; i < d; i++) for (let j = 0; j <= i; j++) out[start + i]! += lower[i * d + j]! * z[start + j]!;
  }
  return out;
};

/** Shapes: a [m, D], b [k, D] -> [m, k]. */
const squaredDistances = (a: Float64Array, b: Float64Array, d: number): Float64Array => {
  const [m, k] = [a.length / d, b.length / d];
  const out = new Float64Array(m * k);
  for (let row = 0, at = 0; row < m; row++) {
    for (let column = 0; column < k; column++, at++) {
      for (let i = 0; i < d; i++) out[at]! += (a[row * d + i]! - b[column * d + i]!) ** 2;
    }
  }
  return out;
};

/** ln h -> mean_m ln Σ_k h^−D exp(−½ |w_m − w_k|² / h²), up to what does not depend on h. */
const meanLogKernel = (distances: Float64Array, m: number, k: number, d: number): ((logH: number) => number) => {
  const nearest = Float64Array.from({ length: m }, (_, row) =>
    distances.subarray(row * k, (row + 1) * k).reduce((a, b) => Math.min(a, b)),
  );
  return (logH) => {
    const precision = 0.5 * Math.exp(-2 * logH);
    let total = 0;
    for (let row = 0; row < m; row++) {
      let sum = 0;
      for (let at = row * k; at < (row + 1) * k; at++) sum += Math.exp(precision * (nearest[row]! - distances[at]!));
      total += Math.log(sum) - precision * nearest[row]!;
    }
    return total / m - d * logH;
  };
};

/** Where a function of one peak is highest, by golden section. */
const highest = (
  f: (x: number) => number,
  [from, to]: readonly [number, number],
  onProgress?: (share: number) => void,
): number => {
  let [low, high] = [from, to];
  let [a, b] = [high - GOLDEN * (high - low), low + GOLDEN * (high - low)];
  let [fa, fb] = [f(a), f(b)];
  for (let k = 0; k < SHRINKS; k++) {
    if (fa > fb) {
      [high, b, fb] = [b, a, fa];
      a = high - GOLDEN * (high - low);
      fa = f(a);
    } else {
      [low, a, fa] = [a, b, fb];
      b = low + GOLDEN * (high - low);
      fb = f(b);
    }
    onProgress?.(k / SHRINKS);
  }
  return (low + high) / 2;
};
