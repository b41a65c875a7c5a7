/** Power sums of every dimension about its mean: mean and variance, and with four powers skewness and kurtosis. */

export interface MomentSums {
  n: number;
  /** 2: mean and variance; 4: skewness and kurtosis as well. */
  readonly powers: 2 | 4;
  /** [D] */
  readonly mean: Float64Array;
  /** Σ_i (x_id − mean_d)^k: [D] for k = 2, and for k = 3 and 4 where there are four powers (else empty). */
  readonly second: Float64Array;
  readonly third: Float64Array;
  readonly fourth: Float64Array;
}

export const momentSums = (latents: number, powers: 2 | 4): MomentSums => {
  const higher = powers === 4 ? latents : 0;
  return {
    n: 0,
    powers,
    mean: new Float64Array(latents),
    second: new Float64Array(latents),
    third: new Float64Array(higher),
    fourth: new Float64Array(higher),
  };
};

/**
 * Joins the sums of other rows, in place.
 *
 *   δ = m_B − m_A,  m = m_A + δ n_B/n,  M₂ = M₂A + M₂B + δ² n_A n_B/n,
 *   M₃ = M₃A + M₃B + δ³ n_A n_B (n_A − n_B)/n² + 3δ (n_A M₂B − n_B M₂A)/n,
 *   M₄ = M₄A + M₄B + δ⁴ n_A n_B (n_A² − n_A n_B + n_B²)/n³ + 6δ² (n_A² M₂B + n_B² M₂A)/n² + 4δ (n_A M₃B − n_B M₃A)/n
 *
 * Error: a few roundings of float64 a join, relative to the spread of the values: any split gives mean and variance to
 * 10⁻¹⁰ of one pass (of the standard deviation and of the variance), where |mean| is below 10⁵ standard deviations:
 * beyond, float64 holds the mean itself no better.
 * Source: Chan, Golub & LeVeque 1983; Pébay 2008, Sandia report SAND2008-6212.
 */
export const mergeMomentSums = (into: MomentSums, other: MomentSums): void => {
  if (other.n === 0) return;
  const n = into.n + other.n;
  const [a, b] = [into.n / n, other.n / n];
  for (let d = 0; d < into.mean.length; d++) {
    const delta = other.mean[d]! - into.mean[d]!;
    const [second, otherSecond] = [into.second[d]!, other.second[d]!];
    const between = delta * delta * into.n * b;
    if (into.powers === 4) {
      const [third, otherThird] = [into.third[d]!, other.third[d]!];
      into.third[d] = third + otherThird + between * delta * (a - b) + 3 * delta * (a * otherSecond - b * second);
      into.fourth[d]! +=
        other.fourth[d]! +
        between * delta * delta * (a * a - a * b + b * b) +
        6 * delta * delta * (a * a * otherSecond + b * b * second) +
        4 * delta * (a * otherThird - b * third);
    }
    into.second[d] = second + otherSecond + between;
    into.mean[d]! += delta * b;
  }
  into.n = n;
};

/**
 * Adds rows. Shapes: x [rows, D].
 *
 * Sums about the first row of the block, in float64, moved to the mean of the block and joined: no large mean is ever
 * subtracted from a large sum.
 */
export const addToMomentSums = (into: MomentSums, x: Float32Array): void => {
  const latents = into.mean.length;
  const block = momentSums(latents, into.powers);
  block.n = x.length / latents;
  if (into.powers === 2) addTwoPowers(block, x, 0);
  else addFourPowers(block, x);
  mergeSumsAbout(into, block, x);
};

/** Joins sums about `centre` [D], Σ y and Σ y^k with y = x − centre, as those about the mean. `block` is used up. */
export const mergeSumsAbout = (into: MomentSums, block: MomentSums, centre: Float32Array): void => {
  const rows = block.n;
  if (rows === 0) return;
  for (let d = 0; d < block.mean.length; d++) {
    const shift = block.mean[d]! / rows;
    const [s2, s3] = [block.second[d]!, block.third[d]!];
    if (into.powers === 4) {
      block.third[d] = s3 - 3 * shift * s2 + 2 * rows * shift ** 3;
      block.fourth[d] = block.fourth[d]! - 4 * shift * s3 + 6 * shift * shift * s2 - 3 * rows * shift ** 4;
    }
    block.second[d] = Math.max(0, s2 - rows * shift * shift);
    block.mean[d] = centre[d]! + shift;
  }
  mergeMomentSums(into, block);
};

/** Σ y and Σ y² about the first row, of dimensions `from` … D − 1. */
export const addTwoPowers = ({ mean, second }: MomentSums, x: Float32Array, from: number): void => {
  const latents = mean.length;
  for (let d = from; d < latents; d++) {
    const centre = x[d]!;
    let [s1, s2] = [0, 0];
    for (let i = d; i < x.length; i += latents) {
      const y = x[i]! - centre;
      s1 += y;
      s2 += y * y;
    }
    mean[d] = s1;
    second[d] = s2;
  }
};

const addFourPowers = ({ n, mean, second, third, fourth }: MomentSums, x: Float32Array): void => {
  const latents = mean.length;
  for (let d = 0; d < latents; d++) {
    const centre = x[d]!;
    let [s1, s2, s3, s4] = [0, 0, 0, 0];
    for (let r = 0, i = d; r < n; r++, i += latents) {
      const y = x[i]! - centre;
      const square = y * y;
      s1 += y;
      s2 += square;
      s3 += square * y;
      s4 += square * square;
    }
    mean[d] = s1;
    second[d] = s2;
    third[d] = s3;
    fourth[d] = s4;
  }
};

/**
 * Shape of each dimension: g₁ = m₃/m₂^{3/2} and g₂ = m₄/m₂² − 3, both 0 for N(0, 1); 0 where a dimension is constant.
 *
 * Domain: four powers.
 */
export const shapeOf = ({ n, second, third, fourth }: MomentSums): { skewness: number; excessKurtosis: number }[] =>
  Array.from(second, (m2, d) => {
    if (m2 === 0) return { skewness: 0, excessKurtosis: 0 };
    const variance = m2 / n;
    return { skewness: third[d]! / n / variance ** 1.5, excessKurtosis: fourth[d]! / n / variance ** 2 - 3 };
  });
