/** What a file of numbers holds, whatever its format and wherever it lies. */
import { InputError } from '../../../engine/errors/index.js';
import { type ArrayArchive, chooseArray } from './arrayArchive.js';
import type { ArrayRows, RowSource } from './rows.js';

/** The part that is chosen unless told: all columns, or the only array. */
export const ALL = '*';

/** A matrix that was chosen from a file. */
export interface ChosenNumbers {
  readonly rows: RowSource;
  /** n, then the axes that make up the width. */
  readonly shape: readonly number[];
  /** Of columns: what stands for the pattern's `*` in each. */
  readonly keys?: readonly string[];
}

/** What one file holds. */
export interface NumberContent {
  /** As the user wrote it. */
  readonly name: string;
  /** What can be chosen: columns of a table, arrays of an archive, or nothing. */
  readonly kind: 'columns' | 'arrays' | 'one';
  readonly names: readonly string[];
  /**
   * Columns by a pattern (all of them unless told), an array by its name (the only one unless told).
   *
   * Throws: InputError where there is none of that name, or it holds no numbers.
   */
  choose(part?: string): Promise<ChosenNumbers>;
}

/** What a file holds, or several of one kind, and how large they are. */
export interface Numbers extends NumberContent {
  /** Size of the files; 0 of what comes from none. */
  readonly bytes: number;
  close(): Promise<void>;
}

/** The arrays of an archive. */
export const ofArchive = (archive: ArrayArchive, name: string): NumberContent => ({
  name,
  kind: 'arrays',
  names: archive.names,
  choose: async (array = ALL) => {
    const rows = await chooseArray(archive, array === ALL ? undefined : array.replace(/^\/+/, ''), name);
    return { rows, shape: rows.shape };
  },
});

/** A file that holds one array. */
export const ofRows = (rows: ArrayRows): NumberContent => ({
  name: rows.name,
  kind: 'one',
  names: [],
  choose: async (part = ALL) => {
    if (part === ALL) return { rows, shape: rows.shape };
    throw new InputError(`${rows.name}: expected no name of an array in it, as it holds one, got "${part}"`);
  },
});

const PART = /^(.+\.(?:npz|safetensors|h5|hdf5|h5ad|parquet|pq|csv|tsv|csv\.gz|tsv\.gz)):(.+)$/i;

/** A name taken apart: the file, and the part of it that `file.npz:name` asks for. */
export const splitPart = (text: string): { file: string; part?: string } => {
  const [, file, part] = PART.exec(text) ?? [];
  return file === undefined || part === undefined ? { file: text } : { file, part };
};
