/** Mean and co-moments of all pairs of dimensions: the covariance of codes that are never in memory together. */
import { encodeModel, OnnxGraph } from '../../../engine/onnx/index.js';
import { float32, type Runtime } from '../../../engine/runtime/index.js';
import { VERSION } from '../../../vae/training/index.js';

export interface CoMoments {
  n: number;
  /** [D] */
  readonly mean: Float64Array;
  /** Σ_i (x_i − mean)(x_i − mean)ᵀ, symmetric: [D, D]. */
  readonly products: Float64Array;
}

export const coMoments = (latents: number): CoMoments => ({
  n: 0,
  mean: new Float64Array(latents),
  products: new Float64Array(latents * latents),
});

/**
 * Joins the co-moments of other rows, in place.
 *
 *   m = m_A + δ n_B/n,  M = M_A + M_B + δδᵀ n_A n_B/n,  δ = m_B − m_A
 *
 * Error: a few roundings of float64 a join, so any split gives the covariance of one pass to 10⁻¹⁰ of √(C_dd C_ee).
 * Source: Chan, Golub & LeVeque 1983, "Algorithms for computing the sample variance".
 */
export const mergeCoMoments = (into: CoMoments, other: CoMoments): void => {
  if (other.n === 0) return;
  const latents = into.mean.length;
  const n = into.n + other.n;
  const between = into.n * (other.n / n);
  const delta = other.mean.map((value, d) => value - into.mean[d]!);
  for (let d = 0; d < latents; d++) {
    const factor = between * delta[d]!;
    const row = d * latents;
    for (let e = 0; e < latents; e++) into.products[row + e]! += other.products[row + e]! + factor * delta[e]!;
  }
  for (let d = 0; d < latents; d++) into.mean[d]! += delta[d]! * (other.n / n);
  into.n = n;
};

/** ONNX element types of Cast. */
const FLOAT = 1;
const DOUBLE = 11;

/**
 * Mean and co-moments of one block, in float64, each given as two float32 that add up to 48 bits.
 *
 * Inputs:  x [rows, D]. Outputs: mean [2, D], products [2·D, D].
 */
const blockModel = (latents: number): Uint8Array => {
  const g = new OnnxGraph('coMoments');
  const cast = (x: string, to: number): string => g.node('Cast', [x], { to: { int: to } });
  const parts = (x: string): string => {
    const high = cast(x, FLOAT);
    const low = cast(g.node('Sub', [x, cast(high, DOUBLE)]), FLOAT);
    return g.node('Concat', [high, low], { axis: { int: 0 } });
  };
  const x = cast(g.input('x', 'float32', ['rows', latents]), DOUBLE);
  const mean = g.node('ReduceMean', [x, g.ints([0])], { keepdims: { int: 1 } });
  const centred = g.node('Sub', [x, mean]);
  const products = g.node('Gemm', [centred, centred], { transA: { int: 1 } });
  g.output(parts(mean), 'mean', 'float32', [2, latents]);
  g.output(parts(products), 'products', 'float32', [2 * latents, latents]);
  return encodeModel(g.toProto(), { version: VERSION });
};

/** The sum of both halves of a list. [2, n] -> [n] */
const joined = (parts: Float32Array): Float64Array =>
  Float64Array.from({ length: parts.length / 2 }, (_, i) => parts[i]! + parts[parts.length / 2 + i]!);

/** What adds rows to co-moments: each block centred on its own mean, then joined. */
export interface CoMomentAdder {
  /** Shapes: x [rows, D], at least one row. */
  add(into: CoMoments, x: Float32Array): Promise<void>;
  release(): Promise<void>;
}

export const coMomentAdder = async (latents: number, runtime: Runtime): Promise<CoMomentAdder> => {
  const session = await runtime.load(blockModel(latents));
  return {
    add: async (into, x) => {
      const n = x.length / latents;
      const { mean, products } = await session.run({ x: float32(x, [n, latents]) });
      mergeCoMoments(into, {
        n,
        mean: joined(mean!.data as Float32Array),
        products: joined(products!.data as Float32Array),
      });
    },
    release: () => session.release(),
  };
};
