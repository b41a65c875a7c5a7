/**
 * 64-bit FNV-1a of arrays, byte after byte: names weights that numbers were measured with. Not for secrets.
 *
 * Returns: 16 hexadecimal digits.
 * Source: Fowler, Noll & Vo, draft-eastlake-fnv.
 */
export const contentHash = (arrays: readonly (Float32Array | Uint8Array)[]): string => {
  let [high, low] = [0xcbf29ce4, 0x84222325];
  for (const array of arrays) {
    const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
    for (let i = 0; i < bytes.length; i++) {
      low = (low ^ bytes[i]!) >>> 0;
      // Times 2^40 + 435, in two words.
      const product = low * 435;
      high = (high * 435 + Math.floor(product / 2 ** 32) + low * 256) % 2 ** 32;
      low = product % 2 ** 32;
    }
  }
  return [high, low].map((word) => word.toString(16).padStart(8, '0')).join('');
};
