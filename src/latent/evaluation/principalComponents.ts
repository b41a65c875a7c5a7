import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { InputError } from '../../engine/errors/index.js';
import { constant, input, matmul, sub } from '../../engine/graph/index.js';
import { toBatchModel, toModel } from '../../engine/onnx/index.js';
import { float32, type Runtime } from '../../engine/runtime/index.js';
import type { ImageSet } from '../../vae/data/index.js';
import { VERSION } from '../../vae/training/index.js';
import { contentHash } from './contentHash.js';
import { type ExtractorFacts, extractorMetadata, extractWith, type FeatureExtractor, unitPixels } from './extractor.js';

export interface PrincipalComponentsOptions {
  readonly runtime: Runtime;
  /** Components; 64, or as many as there are pixels. */
  readonly width?: number;
}

/** Images that the covariance is of, evenly over all; and of them in one product: what fills no block is left out. */
const IMAGES = 10_000;
const BLOCK = 1000;

/**
 * Coordinates on the first principal components of the training images, for data without labels.
 *
 *   features = (x − m) A,  A [P, width] the eigenvectors of cov(x) of the largest eigenvalues, x = byte / 255
 *
 * Not whitened: distances over them are those of pixels, what lies outside of the components left out. The covariance is
 * that of at most 10,000 images, evenly over all, of products in float32, added in float64. The largest entry of a
 * component is positive.
 *
 * Throws: InputError for fewer than 2 images.
 */
export const principalComponentsExtractor = async (
  images: ImageSet,
  { runtime, width: asked = 64 }: PrincipalComponentsOptions,
): Promise<FeatureExtractor> => {
  const pixels = images.height * images.width;
  const width = Math.min(asked, pixels);
  if (images.count < 2) throw new InputError(`principal components: expected at least 2 images, got ${images.count}`);
  const { mean, covariance } = await pixelMoments(images, pixels, runtime);
  const components = firstAxes(covariance, width);
  const facts: ExtractorFacts = {
    name: `${width} principal components of the training images`,
    kind: 'principal components',
    distance: 'principal-component Fréchet distance',
    width,
    hash: contentHash([mean, components]),
  };
  const onnx = toBatchModel(
    (batch) => ({
      features: matmul(
        sub(input('x', [batch, pixels]), constant(Array.from(mean), [pixels])),
        input('components', [pixels, width]),
      ),
    }),
    { version: VERSION, description: 'Principal components of x in 0..1', metadata: extractorMetadata(facts) },
    { weights: { components } },
  );
  return { ...facts, onnx, extract: extractWith(onnx, pixels, width, runtime) };
};

/** Mean and covariance of x, divided by n. */
const pixelMoments = async (
  images: ImageSet,
  pixels: number,
  runtime: Runtime,
): Promise<{ readonly mean: Float32Array; readonly covariance: Matrix }> => {
  const rows = Math.min(BLOCK, images.count);
  const stride = Math.max(1, Math.floor(images.count / IMAGES));
  const n = rows * Math.floor(Math.min(IMAGES, images.count) / rows);
  const sums = new Float64Array(pixels);
  const products = new Float64Array(pixels * pixels);
  const x = input('x', [rows, pixels]);
  const session = await runtime.load(toModel({ product: matmul(x, x, { transA: true }) }, { version: VERSION }));
  try {
    for (let first = 0; first < n; first += rows) {
      const bytes = new Uint8Array(rows * pixels);
      for (let i = 0; i < rows; i++) {
        const at = (first + i) * stride * pixels;
        bytes.set(images.pixels.subarray(at, at + pixels), i * pixels);
      }
      const block = unitPixels(bytes);
      for (let at = 0; at < block.length; at += pixels) {
        for (let p = 0; p < pixels; p++) sums[p]! += block[at + p]!;
      }
      const out = await session.run({ x: float32(block, [rows, pixels]) });
      const product = out.product!.data as Float32Array;
      for (let i = 0; i < products.length; i++) products[i]! += product[i]!;
    }
  } finally {
    await session.release();
  }
  const covariance = new Matrix(pixels, pixels);
  for (let p = 0; p < pixels; p++) {
    for (let q = 0; q <= p; q++) {
      const value = products[p * pixels + q]! / n - (sums[p]! * sums[q]!) / n ** 2;
      covariance.set(p, q, value);
      covariance.set(q, p, value);
    }
  }
  return { mean: Float32Array.from(sums, (sum) => sum / n), covariance };
};

/** Eigenvectors of the largest eigenvalues, as columns. [P, width] */
const firstAxes = (covariance: Matrix, width: number): Float32Array => {
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(covariance, { assumeSymmetric: true });
  const order = realEigenvalues.map((_, k) => k).sort((a, b) => realEigenvalues[b]! - realEigenvalues[a]!);
  const axes = new Float32Array(covariance.rows * width);
  order.slice(0, width).forEach((column, k) => {
    const axis = eigenvectorMatrix.getColumn(column);
    const largest = axis.reduce((best, value) => (Math.abs(value) > Math.abs(best) + 1e-9 ? value : best), 0);
    axis.forEach((value, p) => {
      axes[p * width + k] = largest < 0 ? -value : value;
    });
  });
  return axes;
};
