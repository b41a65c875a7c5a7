import { ShapeError } from '../errors/index.js';

/** Static dimensions, outermost first; [] is a scalar. */
export type Shape = readonly number[];

export const sizeOf = (shape: Shape): number => shape.reduce((product, d) => product * d, 1);

export const sameShape = (a: Shape, b: Shape): boolean => a.length === b.length && a.every((d, i) => d === b[i]);

export const formatShape = (shape: Shape): string => `[${shape.join(', ')}]`;

/**
 * The common shape of two operands, as NumPy broadcasts: align at the right; a missing dimension or a 1 stretches.
 *
 * Throws: ShapeError when two dimensions differ and neither is 1.
 */
export const broadcastShapes = (what: string, a: Shape, b: Shape): Shape => {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const p = a[a.length - rank + i] ?? 1;
    const q = b[b.length - rank + i] ?? 1;
    if (p !== q && p !== 1 && q !== 1) {
      throw new ShapeError(`${what}: expected shapes that broadcast, got ${formatShape(a)} and ${formatShape(b)}`);
    }
    return p === 1 ? q : p;
  });
};

/** Row-major strides; a dimension of 1 gets stride 0, so that it can be read at any index. */
export const broadcastStrides = (shape: Shape): number[] => {
  const strides = new Array<number>(shape.length).fill(0);
  let step = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    strides[i] = shape[i] === 1 ? 0 : step;
    step *= shape[i]!;
  }
  return strides;
};

/** `axis` counted from the end when negative. Throws ShapeError outside the rank. */
export const resolveAxis = (what: string, axis: number, rank: number): number => {
  const resolved = axis < 0 ? axis + rank : axis;
  if (!Number.isInteger(resolved) || resolved < 0 || resolved >= rank) {
    throw new ShapeError(`${what}: expected an axis of ${rank} dimensions, got ${axis}`);
  }
  return resolved;
};

/** The shape after reducing `axes`. */
export const reducedShape = (shape: Shape, axes: readonly number[], keepDims: boolean): Shape =>
  keepDims ? shape.map((d, i) => (axes.includes(i) ? 1 : d)) : shape.filter((_, i) => !axes.includes(i));
