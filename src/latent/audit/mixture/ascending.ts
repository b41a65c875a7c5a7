const BITS = 11;
const BUCKETS = 1 << BITS;

/**
 * The indices of the values in ascending order, −0 before 0; equal values keep theirs. Domain: no NaN.
 *
 * By radix on the bits of float32, which order as whole numbers do once the sign is dealt with: a comparator takes ten
 * times as long for the 60,000 means of every latent.
 */
export const ascending = (values: Float32Array): Uint32Array => {
  const n = values.length;
  const keys = new Uint32Array(values.slice().buffer).map((bits) => (bits >>> 31 === 1 ? ~bits : bits | 0x8000_0000));
  let order = Uint32Array.from({ length: n }, (_, i) => i);
  let next = new Uint32Array(n);
  for (let shift = 0; shift < 32; shift += BITS) {
    const starts = new Uint32Array(BUCKETS + 1);
    for (let i = 0; i < n; i++) starts[((keys[i]! >>> shift) & (BUCKETS - 1)) + 1]! += 1;
    for (let b = 0; b < BUCKETS; b++) starts[b + 1]! += starts[b]!;
    for (let k = 0; k < n; k++) {
      const i = order[k]!;
      const bucket = (keys[i]! >>> shift) & (BUCKETS - 1);
      next[starts[bucket]!] = i;
      starts[bucket]! += 1;
    }
    [order, next] = [next, order];
  }
  return order;
};
