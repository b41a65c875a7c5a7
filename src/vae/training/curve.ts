/** A mean with its standard error over `n` values. `seed` names the noise it was drawn with. */
export interface Estimate {
  readonly value: number;
  readonly se: number;
  readonly n: number;
  readonly seed?: number;
}

/** One evaluation on the test set. Nats per image: sums over latents and pixels, means over images. */
export interface CurvePoint {
  readonly step: number;
  readonly epoch: number;
  /** mean_i KL(q_i ‖ N(0, I)), closed form. */
  readonly rate: Estimate;
  /** mean_i ln q_i(z) − ln p(z), z ~ q_i. */
  readonly rateMc: Estimate;
  /** mean_i ln p(x_i | z), z ~ q_i (z ~ N(0, I) for random-z). Minus the cross-entropy on grey data. */
  readonly score: Estimate;
  /** mean_i score_i − rate_i, with the closed-form rate. */
  readonly elbo: Estimate;
  /** Moment-matched KL of batches of codes, moments by the law of total covariance from (mu, sigma). */
  readonly momentKl: Estimate;
  /** Moment-matched KL of batches of draws z ~ q_i: the estimator that is applied to draws of N(0, I) as its floor. */
  readonly momentKlDraws: Estimate;
}

export type FinalValues = Omit<CurvePoint, 'step' | 'epoch'>;

/** The codes of the first test images at every point of a curve. */
export interface Probes {
  /** How many; 0 where z has nothing to do with x. */
  readonly images: number;
  /** As many as the curve has, unless there are no images. Shapes: mu, sigma [images, latents]. */
  readonly points: readonly {
    readonly step: number;
    readonly epoch: number;
    readonly mu: Float32Array;
    readonly sigma: Float32Array;
  }[];
}

/** Mean and standard error of independent values. Shapes: [n]. Throws RangeError below two values. */
export const estimate = (values: ArrayLike<number>, seed?: number): Estimate => {
  const n = values.length;
  if (n < 2) throw new RangeError(`estimate: expected at least 2 values, got ${n}`);
  let mean = 0;
  for (let i = 0; i < n; i++) mean += values[i]! / n;
  let squares = 0;
  for (let i = 0; i < n; i++) squares += (values[i]! - mean) ** 2;
  return { value: mean, se: Math.sqrt(squares / (n - 1) / n), n, ...(seed === undefined ? {} : { seed }) };
};
