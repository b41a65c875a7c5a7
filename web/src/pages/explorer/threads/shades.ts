/** A colour of each code as one byte: its class, or where a value lies between two quantiles. */

/** Values beyond these quantiles have the colour of the ends. */
const OUTSIDE = 0.01;
/** Values that quantiles are taken of. */
const SORTED = 20_000;

export interface Shades {
  /** By code. */
  readonly bytes: Uint8Array;
  /** Values of the first and the last colour; absent for classes. */
  readonly range?: readonly [number, number];
}

export const classShades = (labels: ArrayLike<number>): Shades => ({
  bytes: Uint8Array.from({ length: labels.length }, (_, i) => labels[i]! % 256),
});

/** Shapes: values [N] -> [N] of 0 … 255. */
export const valueShades = (values: Float64Array): Shades => {
  const stride = Math.max(1, Math.floor(values.length / SORTED));
  const sorted = values.filter((_, i) => i % stride === 0).sort();
  const quantile = (p: number): number => sorted[Math.round(p * (sorted.length - 1))]!;
  const [low, high] = [quantile(OUTSIDE), quantile(1 - OUTSIDE)];
  const scale = high > low ? 255 / (high - low) : 0;
  // A Uint8ClampedArray rounds and stays within 0 … 255.
  const bytes = new Uint8ClampedArray(values.length);
  for (let i = 0; i < values.length; i++) bytes[i] = (values[i]! - low) * scale;
  return { bytes: new Uint8Array(bytes.buffer), range: [low, high] };
};
