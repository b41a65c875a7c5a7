import { ShapeError } from '../../engine/errors/index.js';

/** Coordinates of z: c = A (z − m), the rows of A orthonormal. */
export interface LatentFrame {
  readonly latents: number;
  /** m, [D] */
  readonly centre: Float64Array;
  /** A, [D, D]; one axis a row. */
  readonly axes: Float64Array;
}

/** The dimensions of z themselves: A = I, m = 0. */
export const ownFrame = (latents: number): LatentFrame => ({
  latents,
  centre: new Float64Array(latents),
  axes: Float64Array.from({ length: latents * latents }, (_, at) => (at % (latents + 1) === 0 ? 1 : 0)),
});

/**
 * Coordinates of codes along some axes of a frame, c_k = a_k · (z − m).
 *
 * Shapes: z [N, D], K axes -> [N, K]. An axis that the frame has not, as the second of one latent, gives zeros.
 * Throws: ShapeError for part of a row.
 */
export const coordinates = (z: Float32Array, frame: LatentFrame, axes: readonly number[]): Float32Array => {
  const { latents, centre, axes: rows } = frame;
  if (z.length % latents !== 0) {
    throw new ShapeError(`coordinates: expected rows of ${latents} values, got ${z.length} values`);
  }
  const n = z.length / latents;
  const out = new Float32Array(n * axes.length);
  axes.forEach((axis, k) => {
    if (axis >= latents) return;
    // Axes are sparse where they are dimensions: only what is not zero is summed.
    const parts = Array.from({ length: latents }, (_, d) => d).filter((d) => rows[axis * latents + d] !== 0);
    for (let i = 0; i < n; i++) {
      let sum = 0;
      for (const d of parts) sum += rows[axis * latents + d]! * (z[i * latents + d]! - centre[d]!);
      out[i * axes.length + k] = sum;
    }
  });
  return out;
};

/** z of its coordinates, z = m + Aᵀ c. Shapes: c [D] -> [D] */
export const fromCoordinates = (c: ArrayLike<number>, { latents, centre, axes }: LatentFrame): Float32Array =>
  Float32Array.from({ length: latents }, (_, d) => {
    let value = centre[d]!;
    for (let k = 0; k < latents; k++) value += c[k]! * axes[k * latents + d]!;
    return value;
  });
