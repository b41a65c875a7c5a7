/** Rows that are equal bit by bit. */
import type { Codes } from './codes.js';

const FNV_PRIME = 0x01000193;
const FNV_OFFSET = 0x811c9dc5;

const bitsOf = (codes: Codes): Int32Array[] =>
  ('mu' in codes ? [codes.mu, codes.sigma] : [codes.z]).map(
    (values) => new Int32Array(values.buffer, values.byteOffset, values.length),
  );

const hashOf = (arrays: readonly Int32Array[], row: number, latents: number): number => {
  let hash = FNV_OFFSET;
  for (const bits of arrays) {
    for (let i = row * latents; i < (row + 1) * latents; i++) {
      hash = Math.imul(hash ^ bits[i]!, FNV_PRIME);
      hash ^= hash >>> 15;
    }
  }
  return hash;
};

const equalRows = (
  a: readonly Int32Array[],
  i: number,
  b: readonly Int32Array[],
  j: number,
  latents: number,
): boolean =>
  a.every((bits, which) => {
    const other = b[which]!;
    for (let d = 0; d < latents; d++) if (bits[i * latents + d] !== other[j * latents + d]) return false;
    return true;
  });

/** Distinct rows met so far, by their hash. */
class RowSet {
  private readonly rows = new Map<number, number[]>();
  constructor(
    private readonly arrays: readonly Int32Array[],
    private readonly latents: number,
  ) {}

  has(arrays: readonly Int32Array[], row: number): boolean {
    const candidates = this.rows.get(hashOf(arrays, row, this.latents)) ?? [];
    return candidates.some((each) => equalRows(this.arrays, each, arrays, row, this.latents));
  }

  add(row: number): void {
    const hash = hashOf(this.arrays, row, this.latents);
    const candidates = this.rows.get(hash);
    if (candidates === undefined) this.rows.set(hash, [row]);
    else candidates.push(row);
  }
}

const distinct = (codes: Codes): { set: RowSet; repeats: number } => {
  const arrays = bitsOf(codes);
  const set = new RowSet(arrays, codes.latents);
  let repeats = 0;
  for (let row = 0; row < codes.n; row++) {
    if (set.has(arrays, row)) repeats++;
    else set.add(row);
  }
  return { set, repeats };
};

/** Rows that are equal to an earlier one. */
export const duplicatedRows = (codes: Codes): number => distinct(codes).repeats;

/** Rows of `test` that are rows of `train` as well. Domain: both posteriors or both draws, of as many dimensions. */
export const sharedRows = (train: Codes, test: Codes): number => {
  const { set } = distinct(train);
  const arrays = bitsOf(test);
  let shared = 0;
  for (let row = 0; row < test.n; row++) if (set.has(arrays, row)) shared++;
  return shared;
};
