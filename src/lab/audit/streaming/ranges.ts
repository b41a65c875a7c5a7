/** Rows in equal parts. */

/** Ranges begin at multiples of this, where the random numbers of rows do. */
const MULTIPLE = 256;

/** Part `index` (from 0) of `parts` about equal ones of rows first … n − 1: [its first row, the one after its last]. */
export const rangeOf = (n: number, index: number, parts: number, first = 0): readonly [number, number] => {
  const edge = (part: number): number => {
    if (part === 0 || part === parts) return part === 0 ? first : n;
    const even = Math.round((first + (part * (n - first)) / parts) / MULTIPLE) * MULTIPLE;
    return Math.min(n, Math.max(first, even));
  };
  return [edge(index), edge(index + 1)];
};

/** Rows of a block: about 2^18 values, which a cache holds. */
export const rowsAtOnce = (latents: number): number =>
  Math.min(1 << 15, Math.max(MULTIPLE, Math.floor(2 ** 18 / latents / MULTIPLE) * MULTIPLE));
