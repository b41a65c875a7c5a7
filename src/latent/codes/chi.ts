/** ln Γ(n / 2) by the recursion Γ(x + 1) = x Γ(x) from Γ(½) = √π or Γ(1) = 1. Domain: n = 1, 2, 3, ... */
const lnGammaOfHalf = (n: number): number => {
  let sum = n % 2 === 0 ? 0 : 0.5 * Math.log(Math.PI);
  for (let k = n % 2 === 0 ? 2 : 1; k < n; k += 2) sum += Math.log(k / 2);
  return sum;
};

const requireDimensions = (name: string, d: number): void => {
  if (!Number.isInteger(d) || d < 1) {
    throw new RangeError(`${name}: expected a whole number of dimensions from 1 on, got ${d}`);
  }
};

/**
 * Density of ‖z‖ for z ~ N(0, I_D): the χ distribution.
 *
 *   χ_D(r) = r^(D−1) e^(−r²/2) / (2^(D/2−1) Γ(D/2))
 *
 * Domain: r ≥ 0, zero below; D = 1, 2, 3, ...
 * Throws: RangeError for another D.
 */
export const chiDensity = (r: number, d: number): number => {
  requireDimensions('chiDensity', d);
  if (r < 0) return 0;
  const power = d === 1 ? 0 : (d - 1) * Math.log(r);
  return Math.exp(power - 0.5 * r * r - (d / 2 - 1) * Math.LN2 - lnGammaOfHalf(d));
};

/**
 * Mean of ‖z‖ for z ~ N(0, I_D).
 *
 *   √2 Γ((D + 1)/2) / Γ(D/2), close to √(D − ½)
 *
 * Throws: RangeError unless D = 1, 2, 3, ...
 */
export const chiMean = (d: number): number => {
  requireDimensions('chiMean', d);
  return Math.SQRT2 * Math.exp(lnGammaOfHalf(d + 1) - lnGammaOfHalf(d));
};
