import type { FeaturePairs } from './features.js';

/** Root mean square of each dimension. Shapes: z [N, D] row-major -> [D]. */
export const spreadOf = (z: Float32Array, d: number): Float64Array => {
  const squares = new Float64Array(d);
  for (let start = 0; start < z.length; start += d) for (let i = 0; i < d; i++) squares[i]! += z[start + i]! ** 2;
  return squares.map((value) => Math.sqrt((value * d) / z.length));
};

/**
 * About how far a float32 product of coefficients and φ(z) is off at a point, in nats: 2⁻²⁴ of the sum of its terms'
 * sizes, which is large where a component is thin against the codes. Mean over components by weight.
 *
 * Shapes: weights [K], coefficients [K, F], spread [D].
 */
export const roundingOf = (
  weights: Float64Array,
  coefficients: Float64Array,
  spread: Float64Array,
  { first, second, size }: FeaturePairs,
): number => {
  let rounding = 0;
  weights.forEach((weight, k) => {
    const row = coefficients.subarray(k * size, (k + 1) * size);
    let terms = Math.abs(row[size - 1]!);
    for (let p = 0; p < first.length; p++) terms += Math.abs(row[p]!) * spread[first[p]!]! * spread[second[p]!]!;
    for (let i = 0; i < spread.length; i++) terms += Math.abs(row[first.length + i]!) * spread[i]!;
    rounding += weight * terms * 2 ** -24;
  });
  return rounding;
};
