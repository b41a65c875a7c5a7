/** A range of rows, read `atOnce` at a time. */
export interface RowRange {
  /** First row, and the one after the last; all of them unless told. */
  readonly from?: number;
  readonly to?: number;
  /** Rows in a block; the last one may hold fewer. */
  readonly atOnce: number;
}

/** Values that a block holds where nothing else decides: 1 MiB of float32. */
const BLOCK = 2 ** 18;

/** Rows of a block, so that it stays small whatever the width. */
export const rowsPerBlock = (width: number): number => Math.max(1, Math.floor(BLOCK / width));

/** float32 values in a file as memory holds them, row after row: its path, and the byte at which they begin. */
export interface StoredRows {
  readonly path: string;
  readonly start: number;
}

/**
 * A matrix of numbers that is read a block of rows at a time, so that it need not fit into memory.
 *
 * Whatever its file holds, values come as float32, row-major, [rows, width]. Reading a range twice gives the same numbers.
 */
export interface RowSource {
  /** How messages name it: by its file as the user wrote it, with the part of it that is read. */
  readonly name: string;
  readonly n: number;
  readonly width: number;
  /** Names of the columns, where the file has some. */
  readonly columns?: readonly string[];
  /** Where the very values stand, for who reads them without a copy; absent where they have to be made. */
  readonly stored?: StoredRows;
  /**
   * The buffer of a block is used again for the next one: a reader that keeps values copies them.
   *
   * Throws: InputError with file and offset, or row and column, where the content is not what its header says.
   */
  blocks(range: RowRange): AsyncIterable<Float32Array>;
  close(): Promise<void>;
}

/** Rows of an array of any number of axes: a row is everything that has the same first index. */
export interface ArrayRows extends RowSource {
  /** n, then the axes that make up the width. */
  readonly shape: readonly number[];
}
