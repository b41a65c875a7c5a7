import { ShapeError } from '../errors/index.js';
import { concat, reshape, type Shape, sizeOf, split, type Tensor } from '../graph/index.js';

/** Shapes of parameters by name, in the order in which they lie in a flat vector. */
export type ParameterShapes = Readonly<Record<string, Shape>>;

export const parameterCount = (shapes: ParameterShapes): number =>
  Object.values(shapes).reduce((n, shape) => n + sizeOf(shape), 0);

/**
 * The named parameters that lie one after the other in a flat vector. An optimizer then works on one long vector
 * instead of a dozen short ones.
 *
 * Shapes: flat [P], P = parameterCount(shapes). Throws: ShapeError when it has another length.
 */
export const unflatten = (flat: Tensor, shapes: ParameterShapes): Record<string, Tensor> => {
  const names = Object.keys(shapes);
  if (flat.shape.length !== 1 || flat.shape[0] !== parameterCount(shapes)) {
    throw new ShapeError(`unflatten: expected [${parameterCount(shapes)}], got [${flat.shape.join(', ')}]`);
  }
  const pieces = split(
    flat,
    0,
    names.map((name) => sizeOf(shapes[name]!)),
  );
  return Object.fromEntries(names.map((name, i) => [name, reshape(pieces[i]!, shapes[name]!)]));
};

/** The inverse of `unflatten`. */
export const flatten = (tensors: readonly Tensor[]): Tensor =>
  concat(tensors.map((x) => reshape(x, [sizeOf(x.shape)])));

/** Views of the named parameters in a flat array: no copies. */
export const views = (flat: Float32Array, shapes: ParameterShapes): Record<string, Float32Array> => {
  let end = 0;
  return Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => {
      const start = end;
      end += sizeOf(shape);
      return [name, flat.subarray(start, end)];
    }),
  );
};
