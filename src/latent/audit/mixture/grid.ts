/** Values at `origin`, `origin + step`, … */
export interface Grid {
  readonly origin: number;
  readonly step: number;
  readonly values: Float64Array;
}

/**
 * Adds exp(−½t²)/σ, t = (x − μ)/σ, at the points with |t| up to `reach`, outwards from the one next to μ.
 *
 * Neighbours differ by a factor whose own factor is constant, so a point costs two products instead of an exponential;
 * their rounding adds up to k²·10⁻¹⁶ of the value k points away.
 *
 * Domain: the points reached must lie in the grid.
 */
export const addGaussian = ({ origin, step, values }: Grid, mu: number, sigma: number, reach: number): void => {
  const nearest = Math.round((mu - origin) / step);
  const t = (origin + nearest * step - mu) / sigma;
  const u = step / sigma;
  const points = Math.ceil(reach / u);
  const shrink = Math.exp(-u * u);
  const top = Math.exp(-0.5 * t * t) / sigma;
  let right = top;
  let left = top;
  let rightFactor = Math.exp(-u * (0.5 * u + t));
  let leftFactor = Math.exp(-u * (0.5 * u - t));
  values[nearest]! += top;
  for (let k = 1; k <= points; k++) {
    right *= rightFactor;
    left *= leftFactor;
    rightFactor *= shrink;
    leftFactor *= shrink;
    values[nearest + k]! += right;
    values[nearest - k]! += left;
  }
};

/**
 * The polynomial of degree 5 through the six points around x.
 *
 * Domain: three points on either side of x lie in the grid.
 */
export const interpolate = ({ origin, step, values }: Grid, x: number): number => {
  const position = (x - origin) / step;
  const at = Math.floor(position);
  const f = position - at;
  const [a, b, c, d, e, g] = [f + 2, f + 1, f, f - 1, f - 2, f - 3];
  return (
    (-values[at - 2]! * b * c * d * e * g) / 120 +
    (values[at - 1]! * a * c * d * e * g) / 24 -
    (values[at]! * a * b * d * e * g) / 12 +
    (values[at + 1]! * a * b * c * e * g) / 12 -
    (values[at + 2]! * a * b * c * d * g) / 24 +
    (values[at + 3]! * a * b * c * d * e) / 120
  );
};
