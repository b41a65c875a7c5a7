/** Distribution functions that the tests take their p-values from. All in float64. */

const SQRT_TWO_PI = Math.sqrt(2 * Math.PI);

/** c_0 x^k + c_1 x^(k-1) + … + c_k. */
const polynomial = (x: number, coefficients: readonly number[]): number => {
  let value = 0;
  for (const c of coefficients) value = value * x + c;
  return value;
};

const HART_ABOVE = [
  3.52624965998911e-2, 0.700383064443688, 6.37396220353165, 33.912866078383, 112.079291497871, 221.213596169931,
  220.206867912376,
];
const HART_BELOW = [
  8.83883476483184e-2, 1.75566716318264, 16.064177579207, 86.7807322029461, 296.564248779674, 637.333633378831,
  793.826512519948, 440.413735824752,
];

/** φ(x), the density of N(0, 1). */
export const normalDensity = (x: number): number => Math.exp(-0.5 * x * x) / SQRT_TWO_PI;

/**
 * Φ(x), the distribution function of N(0, 1), by Hart's rational approximation and, past 7.07, a continued fraction.
 *
 * Domain: any x; absolute error below 1e-15; relative error of the smaller tail below 1e-13 for |x| <= 3, 1e-7 beyond.
 * Source: West 2005, Better approximations to cumulative normal functions, Wilmott Magazine.
 */
export const normalCdf = (x: number): number => {
  const a = Math.abs(x);
  const bell = Math.exp(-0.5 * a * a);
  const tail =
    a < 7.07106781186547
      ? (bell * polynomial(a, HART_ABOVE)) / polynomial(a, HART_BELOW)
      : bell / (a + 1 / (a + 2 / (a + 3 / (a + 4 / (a + 0.65))))) / SQRT_TWO_PI;
  return x > 0 ? 1 - tail : tail;
};

const CENTRE_ABOVE = [
  -3.969683028665376e1, 2.209460984245205e2, -2.759285104469687e2, 1.38357751867269e2, -3.066479806614716e1,
  2.506628277459239,
];
const CENTRE_BELOW = [
  -5.447609879822406e1, 1.615858368580409e2, -1.556989798598866e2, 6.680131188771972e1, -1.328068155288572e1, 1,
];
const TAIL_ABOVE = [
  -7.784894002430293e-3, -3.223964580411365e-1, -2.400758277161838, -2.549732539343734, 4.374664141464968,
  2.938163982698783,
];
const TAIL_BELOW = [7.784695709041462e-3, 3.224671290700398e-1, 2.445134137142996, 3.754408661907416, 1];

/**
 * Φ⁻¹(p): Acklam's rational approximation, then one step of Halley on Φ.
 *
 * Domain: 0 <= p <= 1, ends included as ∓∞; absolute error below 1e-9 for p in 1e-12 … 1 − 1e-12.
 * Throws: RangeError outside.
 * Source: Acklam 2003, An algorithm for computing the inverse normal cumulative distribution function.
 */
export const normalQuantile = (p: number): number => {
  if (!(p >= 0 && p <= 1)) throw new RangeError(`normalQuantile: expected a probability, got ${p}`);
  if (p === 0 || p === 1) return p === 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  if (p > 0.5) return -normalQuantile(1 - p);
  let x: number;
  if (p < 0.02425) {
    const r = Math.sqrt(-2 * Math.log(p));
    x = polynomial(r, TAIL_ABOVE) / polynomial(r, TAIL_BELOW);
  } else {
    const r = p - 0.5;
    x = (r * polynomial(r * r, CENTRE_ABOVE)) / polynomial(r * r, CENTRE_BELOW);
  }
  const step = (normalCdf(x) - p) / normalDensity(x);
  return x - step / (1 + 0.5 * x * step);
};

const LANCZOS = [
  676.5203681218851, -1259.1392167224028, 771.3234287776531, -176.6150291621406, 12.507343278686905,
  -0.13857109526572012, 9.984369578019572e-6, 1.5056327351493116e-7,
];

/** ln Γ(a) by Lanczos's series (g = 7). Domain: a > 0; relative error of Γ below 1e-14. */
export const logGamma = (a: number): number => {
  if (a < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * a)) - logGamma(1 - a);
  const t = a + 6.5;
  const series = LANCZOS.reduce((sum, c, k) => sum + c / (a + k), 0.9999999999998099);
  return 0.5 * Math.log(2 * Math.PI) + (a - 0.5) * Math.log(t) - t + Math.log(series);
};

/** x^a e^(−x) / Γ(a): what both expansions of the incomplete gamma function begin with. */
const gammaFront = (a: number, x: number): number => Math.exp(a * Math.log(x) - x - logGamma(a));

/** P(a, x) = front · Σ_k x^k / (a (a+1) … (a+k)). */
const lowerSeries = (a: number, x: number): number => {
  let term = 1 / a;
  let sum = term;
  for (let k = 1; term > sum * 1e-16; k++) {
    term *= x / (a + k);
    sum += term;
  }
  return sum * gammaFront(a, x);
};

/** Q(a, x) as a continued fraction, by the method of Lentz. */
const upperFraction = (a: number, x: number): number => {
  let b = x + 1 - a;
  let c = Number.MAX_VALUE;
  let d = 1 / b;
  let fraction = d;
  for (let k = 1; ; k++) {
    const numerator = -k * (k - a);
    b += 2;
    d = 1 / (numerator * d + b);
    c = b + numerator / c;
    fraction *= c * d;
    if (Math.abs(c * d - 1) < 1e-15) return fraction * gammaFront(a, x);
  }
};

/**
 * Upper regularised incomplete gamma function Q(a, x) = 1 − P(a, x) = ∫_x^∞ t^(a−1) e^(−t) dt / Γ(a).
 *
 * Domain: a > 0, any x (1 below 0); relative error below 1e-12 for a up to 100, below 1e-9 for a up to 1e5.
 * Source: Abramowitz & Stegun 6.5.29 and 6.5.31.
 */
export const gammaSurvival = (a: number, x: number): number => {
  if (x <= 0) return 1;
  if (x === Number.POSITIVE_INFINITY) return 0;
  return x < a + 1 ? 1 - lowerSeries(a, x) : upperFraction(a, x);
};

/** P(χ²_k <= x) = P(k/2, x/2). Domain: k > 0, not necessarily whole. */
export const chiSquaredCdf = (x: number, degrees: number): number => {
  const [a, half] = [0.5 * degrees, 0.5 * x];
  if (half <= 0) return 0;
  return half < a + 1 ? lowerSeries(a, half) : 1 - gammaSurvival(a, half);
};

/** Where an increasing function meets `target`, by bisection to the last bit of the interval [low, high]. */
export const solveIncreasing = (f: (x: number) => number, target: number, low: number, high: number): number => {
  let [left, right] = [low, high];
  for (;;) {
    const middle = 0.5 * (left + right);
    if (middle <= left || middle >= right) return middle;
    if (f(middle) < target) left = middle;
    else right = middle;
  }
};

/** x with P(χ²_k <= x) = p. Domain: 0 <= p < 1. */
export const chiSquaredQuantile = (p: number, degrees: number): number => {
  let high = degrees + 10;
  while (chiSquaredCdf(high, degrees) < p) high *= 2;
  return solveIncreasing((x) => chiSquaredCdf(x, degrees), p, 0, high);
};
