/** The distribution of a statistic over sets of true N(0, I) draws of the same size. */
export interface NoiseFloor {
  readonly replicates: number;
  readonly mean: number;
  readonly sd: number;
  /** Of the replicates, ascending: 2.5%, 25%, 50%, 75%, 95%, 97.5%, 99%. */
  readonly quantiles: readonly number[];
}

/** A number with what it takes to trust it. */
export interface Measured {
  readonly value: number;
  readonly se?: number;
  /** 95%. */
  readonly interval?: readonly [number, number];
  /** Images, draws or pairs that the value is a mean over, or that a test was given. */
  readonly n: number;
  /** Of the draws, where some were drawn. */
  readonly seed?: number;
  /** `nats`, `share`, `units` (of z), ... */
  readonly unit: string;
  /** Under the hypothesis z ~ N(0, I). */
  readonly pValue?: number;
  readonly floor?: NoiseFloor;
  /** R > ln N − 1: the value is an upper estimate (of the marginal KL) or is held down by ln N (the information). */
  readonly saturated?: true;
  /** What the number was measured with, where that was chosen: a density, a subset, a bandwidth. */
  readonly by?: string;
  /** What it was measured on, and what was drawn for it; in files. */
  readonly sampling?: string;
}
