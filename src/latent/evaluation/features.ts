import { ShapeError } from '../../engine/errors/index.js';

/** One feature vector a row. */
export interface Features {
  /** [n, width], row-major. */
  readonly values: Float32Array;
  readonly n: number;
  readonly width: number;
}

/** Rows of `width` values. Throws: ShapeError for a part of a row, or for no row. */
export const featureRows = (values: Float32Array, width: number): Features => {
  const n = values.length / width;
  if (!Number.isInteger(n) || n === 0) {
    throw new ShapeError(`featureRows: expected rows of ${width} values, got ${values.length} values`);
  }
  return { values, n, width };
};

/** Throws: ShapeError when two sets have features of other widths, or fewer rows than a measure takes. */
export const requireFeatures = (what: string, a: Features, b: Features, least: number): void => {
  if (a.width === b.width && a.n >= least && b.n >= least) return;
  throw new ShapeError(
    `${what}: expected two sets of at least ${least} rows of one width, got [${a.n}, ${a.width}] and [${b.n}, ${b.width}]`,
  );
};
