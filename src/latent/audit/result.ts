/**
 * What an audit finds: the content of `audit.json`, and the binned data that its figures are drawn from.
 *
 * Information in nats: sums over latents, means over images. Intervals are 95%.
 */
import type { Histogram } from '../codes/index.js';
import type { Measured } from './measured.js';
import type { ModelFindings } from './modelFindings.js';

export type { Measured, NoiseFloor } from './measured.js';

/** A number that these inputs cannot give, and why. */
export interface Unavailable {
  readonly unavailable: string;
}

export type Statistic = Measured | Unavailable;

export const isMeasured = (statistic: Statistic): statistic is Measured => 'value' in statistic;

/** Every statistic of an audit by its name in `audit.json`. */
export interface Statistics {
  /** mean_i KL(q_i ‖ N(0, I)), closed form, and its Monte Carlo estimate. */
  readonly rate: Statistic;
  readonly rateMc: Statistic;
  /** I(i; z) = rate − KL(q(z) ‖ p(z)). */
  readonly mutualInformation: Statistic;
  /** KL(q(z) ‖ N(0, I)) with log q(z) the mixture of all posteriors; and its lower bound from held-out codes. */
  readonly marginalKl: Statistic;
  readonly marginalKlHeldOut: Statistic;
  /** KL(q(z) ‖ Π_d q(z_d)) and Σ_d KL(q(z_d) ‖ N(0, 1)). */
  readonly totalCorrelation: Statistic;
  readonly dimensionwiseKl: Statistic;
  /** #{d : Var_i(mu_id) > 0.01}. */
  readonly activeUnits: Statistic;
  /** Gaussian of q(z)'s moments against N(0, I): KL, and squared Fréchet distance. */
  readonly momentKl: Statistic;
  readonly frechet: Statistic;
  /** P_{z~p}[log q_train(z) − log p(z) < t_α]. */
  readonly holeMass: Statistic;
  /** Two-sample tests of z ~ q(z) against N(0, I). */
  readonly mmd: Statistic;
  readonly energyDistance: Statistic;
  readonly slicedWasserstein: Statistic;
  /** Largest over dimensions; p-value by Holm. */
  readonly kolmogorovSmirnov: Statistic;
  readonly mardiaSkewness: Statistic;
  readonly mardiaKurtosis: Statistic;
  /** ‖z‖² against χ²_D: Kolmogorov–Smirnov distance. */
  readonly radius: Statistic;
  /** Accuracy of a classifier of codes and prior draws on held-out halves; AUC beside it. */
  readonly c2st: Statistic;
  readonly c2stAuc: Statistic;
}
export type StatisticName = keyof Statistics;

export type AuditVerdict = 'collapsed' | 'matched' | 'mismatched';

/** One latent dimension. */
export interface DimensionPanel {
  readonly dimension: number;
  /** mean_i F(mu) + G(sigma), nats; without posteriors absent. */
  readonly rate?: number;
  /** KL(q(z_d) ‖ N(0, 1)), nats. */
  readonly kl?: Measured;
  readonly mean: number;
  readonly variance: number;
  /** Of z_d, 0 for N(0, 1); where all codes were streamed. */
  readonly skewness?: number;
  readonly excessKurtosis?: number;
  /** Var_i(mu_id), without posteriors absent. */
  readonly muVariance?: number;
  readonly histogram: Histogram;
  /** z_d at the normal quantiles `qqProbabilities`. */
  readonly qq: readonly number[];
  readonly ks: { readonly value: number; readonly pValue: number };
}

/** A square grid over the two leading principal axes of the codes. */
export interface HoleMap {
  /** Unit vectors in z, [2, D], and the centre of the plane, [D]. */
  readonly axes: readonly (readonly number[])[];
  readonly centre: readonly number[];
  /** Grid coordinates, the same along both axes. */
  readonly ticks: readonly number[];
  /** ln q(u) − ln p(u) of the two-dimensional marginals, row by row of the second axis; nats. */
  readonly logRatio: readonly number[];
  /** Up to 500 codes and 500 prior draws, as [u, v]; a prior draw in a hole is marked. */
  readonly codes: readonly (readonly [number, number])[];
  readonly prior: readonly (readonly [number, number, 0 | 1])[];
}

/** What one class of the data looks like in z. */
export interface ClassPanel {
  readonly label: number;
  readonly n: number;
  readonly mean: readonly number[];
  readonly variance: readonly number[];
  /** Moment-matched KL of the class's codes to N(0, I), nats. */
  readonly momentKl: Measured;
}

export interface AuditPanels {
  /** By rate where posteriors are known, by |KS| otherwise; at most 64, the largest first. */
  readonly dimensions: readonly DimensionPanel[];
  readonly qqProbabilities: readonly number[];
  /** Of the dimensions listed in `dimensions`, row by row. */
  readonly correlation: readonly (readonly number[])[];
  /** Eigenvalues of the covariance of q(z), descending, all D. */
  readonly spectrum: readonly number[];
  readonly radius: Histogram;
  /** Active units at each threshold of Var_i(mu_id). */
  readonly activeUnits?: readonly { readonly threshold: number; readonly count: number }[];
  readonly holeMap: HoleMap;
  readonly classes?: readonly ClassPanel[];
  /** r(z) of held-out codes and of prior draws on the same bins, and the threshold t_α between them. */
  readonly ratio?: { readonly codes: Histogram; readonly prior: Histogram; readonly threshold: number };
  /** The prior draws of lowest r(z), for a decoder: [count, D] row by row. */
  readonly deepest?: { readonly count: number; readonly z: readonly number[]; readonly ratio: readonly number[] };
}

export interface CodeSet {
  readonly n: number;
  readonly posteriors: boolean;
  /** Where they came from: `run runs/… (training images)`, `mu.npy, sigma.npy`, `every other row of z.npy, by seed 1`. */
  readonly source: string;
}

export interface AuditResult {
  readonly schema: 1;
  readonly kind: 'audit';
  readonly verdict: AuditVerdict;
  /** One sentence, with numbers. */
  readonly summary: string;
  /** Three, the weightiest first. */
  readonly reasons: readonly { readonly statistic: StatisticName; readonly text: string }[];
  /** The density to sample from: `N(0, I)` where the codes match it. */
  readonly sampleFrom: string;
  readonly statistics: Statistics;
  /** Where R > ln N − 1: what is known of KL(q ‖ p) and of I, [lower, upper] nats. */
  readonly bracket?: {
    readonly marginalKl: readonly [number, number];
    readonly mutualInformation: readonly [number, number];
  };
  /** Every density tried on held-out codes: E ln q̂(z) − ln p(z), nats. */
  readonly heldOut: readonly { readonly density: string; readonly gain: Measured }[];
  readonly codes: { readonly train: CodeSet; readonly test: CodeSet; readonly latents: number };
  /** α of the hole mass. */
  readonly alpha: number;
  readonly seed: number;
  /** SHA-256 of what was audited, by what it is of; in files. */
  readonly inputs?: Readonly<Record<string, string>>;
  /** What the reader must know: a split by seed, constant dimensions, duplicated rows, few codes. */
  readonly notes: readonly string[];
  /** Where the codes were made by a user's encoder. */
  readonly model?: ModelFindings;
  readonly panels: AuditPanels;
  readonly seconds: number;
  readonly versions: Readonly<Record<string, string>>;
}
