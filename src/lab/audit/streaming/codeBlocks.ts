/** Codes that are not yet read, a block of rows at a time. */
import { createHash } from 'node:crypto';
import type { CodesBlock } from '../../../latent/audit/streaming/index.js';
import type { RowRange } from '../../../vae/data/arrays/index.js';
import type { CodeRows } from '../../codes/index.js';

/** Rows that a fingerprint takes from either end. */
const FINGERPRINT_ROWS = 64;

/** Blocks in order, each with the place of its first row. A block is used again for the next one. */
export async function* codeBlocks(
  codes: CodeRows,
  range: RowRange,
): AsyncGenerator<{ readonly block: CodesBlock; readonly from: number }> {
  let from = range.from ?? 0;
  const beside = 'sigma' in codes ? codes.sigma.blocks(range)[Symbol.asyncIterator]() : undefined;
  try {
    for await (const values of ('mu' in codes ? codes.mu : codes.z).blocks(range)) {
      const sigma = beside && ((await beside.next()).value as Float32Array);
      yield { block: sigma ? { mu: values, sigma } : { z: values }, from };
      from += values.length / codes.latents;
    }
  } finally {
    await beside?.return?.();
  }
}

/** SHA-256 of the shape and of the first and last rows: the same for the same codes, whatever their path and format. */
export const fingerprintOf = async (codes: CodeRows): Promise<string> => {
  const { n, latents } = codes;
  const hash = createHash('sha256').update(JSON.stringify([n, latents, 'mu' in codes]));
  const ends = [
    [0, Math.min(n, FINGERPRINT_ROWS)],
    [Math.max(0, n - FINGERPRINT_ROWS), n],
  ] as const;
  for (const [from, to] of ends) {
    for await (const { block } of codeBlocks(codes, { from, to, atOnce: FINGERPRINT_ROWS })) {
      for (const values of Object.values(block) as Float32Array[]) {
        hash.update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
      }
    }
  }
  return hash.digest('hex');
};
