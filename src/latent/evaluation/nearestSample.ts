import { ShapeError } from '../../engine/errors/index.js';
import { input, matmul, reshape, softplus, sub, sum } from '../../engine/graph/index.js';
import { toModel } from '../../engine/onnx/index.js';
import { simplify } from '../../engine/passes/index.js';
import { float32, type Runtime } from '../../engine/runtime/index.js';
import { type Estimate, estimate, VERSION } from '../../vae/training/index.js';

/**
 * How near held-out images come to generated ones: mean over images of the least cross-entropy to any of `samples`
 * decoded means, nats per image; less is better. The samples differ in where z came from.
 */
export interface NearestSamples {
  readonly samples: number;
  /** z ~ N(0, I). */
  readonly prior: Estimate;
  /** z ~ q(z | x) of training images; absent where the encoder was not trained. */
  readonly encoder?: Estimate;
  /** z from the Gaussian with mean and covariance of q(z) on training images; absent where the encoder was not trained. */
  readonly fitted?: Estimate;
}

export interface NearestCrossEntropy {
  /** Least cross-entropy of each image, nats. [n] */
  readonly perImage: Float32Array;
  readonly estimate: Estimate;
}

/** Images and samples in one call of the runtime: their costs are 4 MB, and the product fills the machine. */
const BLOCK = 1000;

/** Cross-entropies of every image with every sample. Shapes: x [n, P], logits [m, P] -> [n, m]. */
const costModel = (images: number, samples: number, pixels: number): Uint8Array => {
  const logits = input('logits', [samples, pixels]);
  const partition = reshape(sum(softplus(logits), 1), [1, samples]);
  const cost = sub(partition, matmul(input('x', [images, pixels]), logits, { transB: true }));
  const [simplified] = simplify([cost]);
  return toModel({ cost: simplified! }, { version: VERSION });
};

/** Where blocks of one size begin. The last one reaches back over rows of the one before: a minimum may meet them twice. */
const blockStarts = (rows: number, size: number): number[] =>
  Array.from({ length: Math.ceil(rows / size) }, (_, b) => Math.min(b * size, rows - size));

/**
 * The least cross-entropy of each image with the decoded means of a set of samples.
 *
 *   min_j CE(x, l_j),  CE(x, l) = −Σ_p x_p ln σ(l_p) + (1 − x_p) ln (1 − σ(l_p)) = Σ_p softplus(l_p) − x · l
 *
 * A quality measure that knows no encoder: small where some sample looks like the image. It falls as samples are added,
 * so sets are compared at one size.
 *
 * Shapes: images [n, P] in 0 … 1, logits [m, P]; n at least 2.
 * Units:  nats per image, sums over pixels; float32 with an error of about 1e-6 of Σ softplus(l).
 * Throws: ShapeError for a part of a row.
 */
export const nearestSampleCrossEntropy = async (
  images: Float32Array,
  logits: Float32Array,
  pixels: number,
  runtime: Runtime,
): Promise<NearestCrossEntropy> => {
  const [n, m] = [images.length / pixels, logits.length / pixels];
  if (!Number.isInteger(n) || !Number.isInteger(m) || n === 0 || m === 0) {
    throw new ShapeError(
      `nearestSampleCrossEntropy: expected rows of ${pixels} pixels, got ${images.length} and ${logits.length} values`,
    );
  }
  const [rows, columns] = [Math.min(n, BLOCK), Math.min(m, BLOCK)];
  const perImage = new Float32Array(n).fill(Number.POSITIVE_INFINITY);
  const session = await runtime.load(costModel(rows, columns, pixels));
  const block = (values: Float32Array, start: number, size: number) =>
    float32(values.subarray(start * pixels, (start + size) * pixels), [size, pixels]);
  try {
    for (const sample of blockStarts(m, columns)) {
      for (const image of blockStarts(n, rows)) {
        const { cost } = await session.run({ x: block(images, image, rows), logits: block(logits, sample, columns) });
        const costs = cost!.data as Float32Array;
        for (let i = 0; i < rows; i++) {
          let least = perImage[image + i]!;
          for (let j = i * columns; j < (i + 1) * columns; j++) if (costs[j]! < least) least = costs[j]!;
          perImage[image + i] = least;
        }
      }
    }
  } finally {
    await session.release();
  }
  return { perImage, estimate: estimate(perImage) };
};
