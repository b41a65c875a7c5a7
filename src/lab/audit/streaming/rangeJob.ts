/** One range of rows, a block at a time. */
import type { CodesBlock, SummarySettings } from '../../../latent/audit/streaming/index.js';
import type { RowSource, StoredRows } from '../../../vae/data/arrays/index.js';
import { type CodeRequest, openCodes } from '../../codes/index.js';
import { codeBlocks } from './codeBlocks.js';
import { rowsAtOnce } from './ranges.js';

/** An array that is read without a copy. */
export type StoredMatrix = Pick<RowSource, 'name' | 'width'> & { readonly stored: StoredRows };

/** Which range of which codes; plain values, so that a thread can open them for itself. */
export interface RangeJob {
  readonly cwd: string;
  readonly request: CodeRequest;
  readonly range: readonly [number, number];
  readonly settings: SummarySettings;
  /** z, or mu and sigma, where all of them stand in files as memory holds them. */
  readonly stored?: readonly StoredMatrix[];
}

/** Told how many more rows were read. */
export type OnRows = (rows: number) => void;

/** Hands every block of a range over, with the place of its first row. */
export const overBlocks = async (
  { cwd, request, range: [from, to], settings: { latents, part } }: RangeJob,
  onRows: OnRows,
  take: (block: CodesBlock, from: number) => Promise<void> | void,
): Promise<void> => {
  const codes = await openCodes(cwd, request);
  try {
    const atOnce = rowsAtOnce(latents);
    for await (const each of codeBlocks(codes[part]!, { from, to, atOnce })) {
      await take(each.block, each.from);
      onRows(Math.min(atOnce, to - each.from));
    }
  } finally {
    await codes.close();
  }
};
