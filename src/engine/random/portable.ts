/**
 * exp and log from + - * / alone. `Math.exp` and `Math.log` may differ in the last bit between JavaScript engines; IEEE
 * arithmetic may not, so whatever is decided by these two is decided alike everywhere.
 */
const { LN2, SQRT1_2 } = Math;

/** 1 / n! up to the first that no longer changes a sum near 1. */
const INVERSE_FACTORIAL = new Float64Array(15);
for (let n = 0, factorial = 1; n < INVERSE_FACTORIAL.length; n++, factorial *= n) INVERSE_FACTORIAL[n] = 1 / factorial;

/**
 * e^x for x <= 0.
 *
 *   e^x = 2^-k e^r,  r = x + k ln 2 in (-½ ln 2, ½ ln 2], Taylor series of e^r to r^14
 *
 * Domain: -700 <= x <= 0. Relative error below 1e-14 on [-20, 0].
 */
export const portableExp = (x: number): number => {
  let scale = 1;
  let r = x;
  for (; r <= -0.5 * LN2; r += LN2) scale *= 0.5;
  let sum = 0;
  for (let n = INVERSE_FACTORIAL.length - 1; n >= 0; n--) sum = sum * r + INVERSE_FACTORIAL[n]!;
  return sum * scale;
};

/**
 * Natural logarithm of 0 < x <= 1.
 *
 *   ln x = 2 artanh s - k ln 2,  s = (m - 1) / (m + 1), m = 2^k x in [√½, √2)
 *
 * Domain: 2^-1000 <= x <= 1. Absolute error below 1e-14 for x >= 2^-33.
 */
export const portableLog = (x: number): number => {
  let m = x;
  let halvings = 0;
  for (; m < SQRT1_2; m *= 2) halvings++;
  const s = (m - 1) / (m + 1);
  const square = s * s;
  let sum = 0;
  for (let n = 25; n > 0; n -= 2) sum = sum * square + 1 / n;
  return 2 * s * sum - halvings * LN2;
};
