import { ShapeError } from '../../engine/errors/index.js';

/** Below this angle a spherical path is a line: its weights would be quotients of roundings. */
const PARALLEL = 1e-6;

/**
 * The line from one code to another.
 *
 *   z(t) = (1 − t) a + t b,  t = 0, 1/(n − 1), … 1
 *
 * Shapes: a, b [D] -> [n, D]. Domain: n ≥ 2. Throws: ShapeError when a and b differ in length.
 */
export const linearPath = (a: Float32Array, b: Float32Array, n: number): Float32Array =>
  path(a, b, n, (t) => [1 - t, t]);

/**
 * The path from one code to another that turns and grows evenly: between codes of equal length, the arc of the sphere
 * that holds them. Draws of N(0, I) lie near a sphere, and a line between two leaves it.
 *
 *   z(t) = sin((1 − t)ω)/sin ω a + sin(tω)/sin ω b,  cos ω = a·b / (|a| |b|)
 *
 * Where a and b point the same way or one of them is 0 it is the line. Opposite codes have no one arc between them: the
 * line again.
 *
 * Shapes: a, b [D] -> [n, D]. Domain: n ≥ 2. Throws: ShapeError when a and b differ in length.
 * Source: Shoemake 1985, "Animating rotation with quaternion curves"; White 2016, arXiv:1609.04468.
 */
export const sphericalPath = (a: Float32Array, b: Float32Array, n: number): Float32Array => {
  let [product, aa, bb] = [0, 0, 0];
  for (let d = 0; d < a.length; d++) {
    product += a[d]! * b[d]!;
    aa += a[d]! * a[d]!;
    bb += b[d]! * b[d]!;
  }
  const omega = Math.acos(Math.min(1, Math.max(-1, product / Math.sqrt(aa * bb))));
  // Written so that the angle to 0, which is NaN, counts as none.
  if (!(omega > PARALLEL && omega < Math.PI - PARALLEL)) return linearPath(a, b, n);
  return path(a, b, n, (t) => [Math.sin((1 - t) * omega) / Math.sin(omega), Math.sin(t * omega) / Math.sin(omega)]);
};

const path = (
  a: Float32Array,
  b: Float32Array,
  n: number,
  weights: (t: number) => readonly [number, number],
): Float32Array => {
  if (a.length !== b.length)
    throw new ShapeError(`path: expected codes of one length, got ${a.length} and ${b.length}`);
  const out = new Float32Array(n * a.length);
  for (let i = 0; i < n; i++) {
    const [from, to] = weights(i / (n - 1));
    for (let d = 0; d < a.length; d++) out[i * a.length + d] = from * a[d]! + to * b[d]!;
  }
  return out;
};
