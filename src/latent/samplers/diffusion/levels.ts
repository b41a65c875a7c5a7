/** ln(α² / σ²) at the ends: all code but e⁻⁸ at time 0, all noise but e⁻⁸ at time 1. */
const MOST = 8;
/** Levels of a draw lie within ± this. */
const DRAWN = 7;
const EARLIEST = (2 / Math.PI) * Math.atan(Math.exp(-MOST / 2));

/**
 * Log of signal over noise at a time in 0 … 1, by the cosine schedule between its ends.
 *
 *   λ(t) = −2 ln tan(π s / 2),  s from EARLIEST to 1 − EARLIEST
 *
 * Source: Nichol & Dhariwal 2021, arXiv:2102.09672.
 */
export const levelAt = (time: number): number =>
  -2 * Math.log(Math.tan((Math.PI / 2) * (EARLIEST + time * (1 - 2 * EARLIEST))));

/** Evenly spread levels of a draw, from noise to code. The least noise left, e⁻⁷ of the code, is taken off by the last ŵ. */
export const drawLevels = (steps: number): number[] =>
  Array.from({ length: steps }, (_, k) => DRAWN * ((2 * k) / Math.max(1, steps - 1) - 1));

/** √ of the shares of code and of noise at a level. */
export const alphaOf = (level: number): number => Math.sqrt(1 / (1 + Math.exp(-level)));
export const sigmaOf = (level: number): number => alphaOf(-level);
