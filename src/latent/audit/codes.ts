/** The codes of N images: q_i(z) = N(z; μ_i, diag σ_i²). Row-major, σ a standard deviation. */
export interface Posteriors {
  /** [N, D] */
  readonly mu: Float32Array;
  /** [N, D], above 0. */
  readonly sigma: Float32Array;
  readonly n: number;
  readonly latents: number;
}

/** N draws z ~ q(z), the posteriors behind them unknown or left aside. */
export interface Draws {
  /** [N, D], row-major. */
  readonly z: Float32Array;
  readonly n: number;
  readonly latents: number;
}

/** What an audit starts from. */
export type Codes = Posteriors | Draws;

/** A normalised density over z. */
export interface Density {
  /** As a reader meets it: `mixture of 40 full Gaussians`. */
  readonly name: string;
  /** Shapes: z [S, D] -> [S] nats. */
  logProb(z: Float32Array): Float64Array | Promise<Float64Array>;
}
