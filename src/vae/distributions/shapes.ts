import { ShapeError } from '../../engine/errors/index.js';
import { formatShape, sameShape, type Tensor } from '../../engine/graph/index.js';

/** Holds an argument to the shape of a distribution: broadcasting would hide a mistake here. */
export const requireShape = (what: string, x: Tensor, { shape }: Tensor): void => {
  if (!sameShape(x.shape, shape)) {
    throw new ShapeError(`${what}: expected ${formatShape(shape)}, got ${formatShape(x.shape)}`);
  }
};
