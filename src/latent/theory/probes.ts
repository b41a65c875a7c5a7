/** What a .npy file of measured codes holds: float32 [points of the curve, 2, images, latents], mu then sigma. */
export interface ProbeCodes {
  readonly data: Float32Array;
  readonly shape: readonly number[];
}

/** One latent dimension of one image over training. */
export interface ProbePath {
  readonly image: number;
  readonly dimension: number;
  readonly mu: readonly number[];
  readonly sigma: readonly number[];
}

export interface ProbeChoice {
  /** The first so many images. */
  readonly images?: number;
  /** So many latent dimensions: those whose mean says most about the image at the end. */
  readonly dimensions?: number;
}

const variance = (values: readonly number[]): number => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
};

/**
 * Paths on the (μ, σ) plane out of the codes of probe images: of the first images, in the dimensions with the greatest
 * variance of the final μ over all images.
 *
 * Shapes: [T, 2, images, latents] -> min(images, I) × min(dimensions, D) paths of T points, image by image.
 * Throws: RangeError unless the shape has four axes, the second of them 2, and as many values as the data.
 */
export const probePaths = (
  { data, shape }: ProbeCodes,
  { images = 8, dimensions = 3 }: ProbeChoice = {},
): ProbePath[] => {
  const [times, pair, count, latents] = shape as [number, number, number, number];
  if (shape.length !== 4 || pair !== 2 || times < 1 || data.length !== times * 2 * count * latents) {
    throw new RangeError(
      `probePaths: expected [T, 2, images, latents] with as many values, got [${shape.join(', ')}] with ${data.length}`,
    );
  }
  const at = (time: number, part: 0 | 1, image: number, dimension: number): number =>
    data[((time * 2 + part) * count + image) * latents + dimension]!;
  const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
  const spreads = range(latents).map((d) => variance(range(count).map((image) => at(times - 1, 0, image, d))));
  const chosen = range(latents).sort((a, b) => spreads[b]! - spreads[a]!);
  return range(Math.min(images, count)).flatMap((image) =>
    chosen.slice(0, dimensions).map((dimension) => ({
      image,
      dimension,
      mu: range(times).map((time) => at(time, 0, image, dimension)),
      sigma: range(times).map((time) => at(time, 1, image, dimension)),
    })),
  );
};
