/** Area under the receiver operating characteristic: P(positive scores above negative), ties counting half. */
export interface Auc {
  readonly value: number;
  /** DeLong. */
  readonly se: number;
  /** Standard deviation when both come from one law (Mann and Whitney, ties counted). */
  readonly nullSd: number;
}

/** Rank of every value among all of them, ties at their mean; and Σ t³ − t over groups of t ties. */
const midranks = (values: Float64Array): { ranks: Float64Array; ties: number } => {
  const order = Array.from(values.keys()).sort((a, b) => values[a]! - values[b]!);
  const ranks = new Float64Array(values.length);
  let ties = 0;
  for (let start = 0; start < order.length; ) {
    let end = start;
    while (end < order.length && values[order[end]!] === values[order[start]!]) end++;
    for (let i = start; i < end; i++) ranks[order[i]!] = 0.5 * (start + 1 + end);
    const tied = end - start;
    ties += tied ** 3 - tied;
    start = end;
  }
  return { ranks, ties };
};

const varianceOf = (values: Float64Array): number => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
};

/**
 * AUC with DeLong's standard error, by ranks.
 *
 *   AUC = mean_i v_i,  v_i = (R_i − r_i) / n⁻ over positives: the share of negatives below, by ranks among all and among
 *   positives;  se² = Var v⁺ / n⁺ + Var v⁻ / n⁻;  null variance (n⁺ + n⁻ + 1 − Σ(t³ − t)/(N(N − 1))) / (12 n⁺ n⁻)
 *
 * Domain: at least 2 of each.
 * Source: DeLong, DeLong & Clarke-Pearson 1988, Biometrics 44; by ranks: Sun & Xu 2014, IEEE Signal Process. Lett. 21.
 */
export const aucOf = (positive: Float64Array, negative: Float64Array): Auc => {
  const [above, below] = [positive.length, negative.length];
  const all = above + below;
  const pooled = new Float64Array(all);
  pooled.set(positive);
  pooled.set(negative, above);
  const { ranks, ties } = midranks(pooled);
  const [own, other] = [midranks(positive).ranks, midranks(negative).ranks];
  const overNegatives = own.map((rank, i) => (ranks[i]! - rank) / below);
  const overPositives = other.map((rank, i) => (ranks[above + i]! - rank) / above);
  return {
    value: overNegatives.reduce((sum, v) => sum + v, 0) / above,
    se: Math.sqrt(varianceOf(overNegatives) / above + varianceOf(overPositives) / below),
    nullSd: Math.sqrt((all + 1 - ties / (all * (all - 1))) / (12 * above * below)),
  };
};
