import { encodeModel, OnnxGraph } from '../../../engine/onnx/index.js';
import { VERSION } from '../../../vae/training/index.js';

/** ONNX element types of Cast. */
const FLOAT = 1;
const DOUBLE = 11;

/** What the product is computed in. */
export type Precision = 'float32' | 'float64';

/**
 * One block of the mixture: rows of z against rows of (μ, σ), as one product.
 *
 *   e_si = ln w_i − ½ Σ_d (z_sd − μ_id)²/σ_id² = [z², z] · [−½/σ², μ/σ²]ᵀ + (ln w_i − ½ Σ_d μ²/σ²)
 *   m_s = max_i e_si,  sum_s = Σ_i exp(e_si − m_s)
 *
 * The expansion cancels: where |z| and |μ| are 10 and σ is 0.01, terms of 10⁶ nats leave a few, which in float32 costs
 * nats (`precision.ts` says where float32 will do). So both sides of the product are made in float64, z and μ from the
 * centre of the codes, and narrowed only where that is harmless. The tensors of the symbolic graph know no float64:
 * this is written into ONNX directly.
 *
 * Inputs:  z [rows, D], mu and sigma [components, D], weight [2, components], whose columns add up to ln w_i.
 * Outputs: max [2, rows], whose columns add up to m_s (one float32 would hold −10⁴ to 10⁻³ only); sum [rows].
 */
export const blockModel = (centre: Float32Array, precision: Precision): Uint8Array => {
  const latents = centre.length;
  const g = new OnnxGraph('mixture');
  const cast = (x: string, to: number): string => g.node('Cast', [x], { to: { int: to } });
  const wide = (x: string): string => cast(x, DOUBLE);
  const narrow = (x: string): string => cast(x, FLOAT);
  const factor = precision === 'float32' ? narrow : (x: string): string => x;
  const mul = (a: string, b: string): string => g.node('Mul', [a, b]);
  const beside = (a: string, b: string): string => g.node('Concat', [a, b], { axis: { int: 1 } });
  const reduce = (op: string, x: string, axis: number, keepDims: 0 | 1): string =>
    g.node(op, [x, g.ints([axis])], { keepdims: { int: keepDims } });

  const middle = wide(g.constant(centre, [latents]));
  const z = g.node('Sub', [wide(g.input('z', 'float32', ['rows', latents])), middle]);
  const mu = g.node('Sub', [wide(g.input('mu', 'float32', ['components', latents])), middle]);
  const sigma = wide(g.input('sigma', 'float32', ['components', latents]));
  const weight = reduce('ReduceSum', wide(g.input('weight', 'float32', [2, 'components'])), 0, 0);

  const minusHalf = wide(g.float(-0.5));
  const sharpness = g.node('Reciprocal', [mul(sigma, sigma)]);
  const pull = mul(mu, sharpness);
  const bias = g.node('Add', [weight, mul(reduce('ReduceSum', mul(pull, mu), 1, 0), minusHalf)]);
  const features = beside(mul(z, z), z);
  const weights = beside(mul(sharpness, minusHalf), pull);
  const e = g.node('Gemm', [factor(features), factor(weights), factor(bias)], { transB: { int: 1 } });

  const max = reduce('ReduceMax', e, 1, 1);
  const below = g.node('Sub', [e, max]);
  const sum = reduce('ReduceSum', g.node('Exp', [precision === 'float32' ? below : narrow(below)]), 1, 0);
  const exact = wide(max);
  const high = narrow(max);
  const low = narrow(g.node('Sub', [exact, wide(high)]));
  g.output(g.node('Transpose', [beside(high, low)], { perm: { ints: [1, 0] } }), 'max', 'float32', [2, 'rows']);
  g.output(sum, 'sum', 'float32', ['rows']);
  return encodeModel(g.toProto(), { version: VERSION });
};
