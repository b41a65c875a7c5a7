/** Numbers in files of any format that is read, by one name: a file, a part of it, or several by a pattern. */
import { realpath, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { InputError } from '../../engine/errors/index.js';
import { type ArrayArchive, chooseArray } from './arrayArchive.js';
import { openHdf5 } from './hdf5.js';
import { joinRows } from './joinedRows.js';
import { openNpyRows } from './npyRows.js';
import { openNpz } from './npz.js';
import { expandFiles, matchColumns } from './patterns.js';
import type { RowSource } from './rows.js';
import { openSafetensors } from './safetensors.js';
import { memoryFor, openDatabase, type TableDatabase } from './tableDatabase.js';
import { isTableFile, openQuery, openTableFile, type Table } from './tables.js';

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

/** What a file holds, or several of one kind. */
export interface Numbers {
  /** As the user wrote it. */
  readonly name: string;
  /** What can be chosen: columns of a table, arrays of an archive, or nothing. */
  readonly kind: 'columns' | 'arrays' | 'one';
  readonly names: readonly string[];
  /** Size of the files; 0 of what comes from none. */
  readonly bytes: number;
  /**
   * Columns by a pattern (all of them unless told), an array by its name (the only one unless told).
   *
   * Throws: InputError where there is none of that name, or it holds no numbers.
   */
  choose(part?: string): Promise<ChosenNumbers>;
  close(): Promise<void>;
}

const ARCHIVES: readonly (readonly [RegExp, (path: string, name: string) => Promise<ArrayArchive>])[] = [
  [/\.npz$/i, openNpz],
  [/\.safetensors$/i, openSafetensors],
  [/\.(h5|hdf5|h5ad)$/i, openHdf5],
];
const FORMATS = '.npy, .npz, .safetensors, .h5, .parquet, .csv or .tsv';
const ARROW = /\.(arrow|feather|ipc)$/i;

/** What one file holds: whoever opened it knows its size. */
type Content = Omit<Numbers, 'bytes' | 'close'>;

const ofTable = (table: Table): Content => ({
  name: table.name,
  kind: 'columns',
  names: table.columns.map(({ name }) => name),
  choose: async (pattern = ALL) => {
    const { columns, keys } = matchColumns(
      table.columns.map(({ name }) => name),
      pattern,
      table.name,
    );
    return { rows: await table.rows(columns), shape: [table.n, columns.length], keys };
  },
});

const ofArchive = (archive: ArrayArchive, name: string): Content => ({
  name,
  kind: 'arrays',
  names: archive.names,
  choose: async (array = ALL) => {
    const rows = await chooseArray(archive, array === ALL ? undefined : array.replace(/^\/+/, ''), name);
    return { rows, shape: rows.shape };
  },
});

const openFile = async (path: string, name: string, database: TableDatabase | undefined): Promise<Content> => {
  if (database && isTableFile(path)) return ofTable(await openTableFile(database, path, name));
  const archive = ARCHIVES.find(([ending]) => ending.test(path));
  if (archive) return ofArchive(await archive[1](path, name), name);
  if (ARROW.test(path)) {
    const convert = `pandas.read_feather('${name}').to_parquet('${name.replace(ARROW, '.parquet')}')`;
    throw new InputError(`${name}: expected ${FORMATS}, got Arrow; convert it: python3 -c "import pandas; ${convert}"`);
  }
  if (!/\.npy$/i.test(path)) throw new InputError(`${name}: expected a file that ends in ${FORMATS}, got another`);
  const rows = await openNpyRows(path, name);
  return {
    name,
    kind: 'one',
    names: [],
    choose: async (part = ALL) => {
      if (part === ALL) return { rows, shape: rows.shape };
      throw new InputError(`${name}: expected no name of an array in it, as it holds one, got "${part}"`);
    },
  };
};

/** Several files as one: each gives the same part, and they follow one another. */
const joined = (
  name: string,
  files: readonly [Content, ...Content[]],
  bytes: number,
  database: TableDatabase | undefined,
): Numbers => {
  const [first, ...rest] = files;
  const other = rest.find(({ kind }) => kind !== first.kind);
  if (other) throw new InputError(`${other.name}: expected a file of the same kind as ${first.name}, got another`);
  return {
    name,
    kind: first.kind,
    names: first.names,
    bytes,
    choose: async (part) => {
      const chosen: ChosenNumbers[] = [];
      for (const file of files) chosen.push(await file.choose(part));
      const [{ shape, keys }] = chosen as [ChosenNumbers];
      const rows = joinRows(
        name,
        chosen.map((one) => one.rows),
      );
      return { rows, shape: [rows.n, ...shape.slice(1)], ...(keys && { keys }) };
    },
    close: async () => database?.close(),
  };
};

/**
 * Opens what a user names: a file, or several by a pattern (`codes/*.npy`), which are read in natural order.
 *
 * Throws: InputError where there is no such file, or one that is not read.
 */
export const openNumbers = async (cwd: string, text: string): Promise<Numbers> => {
  const names = await expandFiles(cwd, text);
  const paths = names.map((name) => resolve(cwd, name));
  // Where a link leads, because the database asks for leave where a file really is.
  const tables = await Promise.all(paths.filter(isTableFile).map((path) => realpath(path).catch(() => path)));
  // What is no file is said when it is opened.
  const sizes = await Promise.all(
    paths.map((path) =>
      stat(path)
        .then(({ size }) => size)
        .catch(() => 0),
    ),
  );
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  const folders = [...new Set(tables.map(dirname))];
  const database = tables.length === 0 ? undefined : await openDatabase(folders, memoryFor(bytes));
  try {
    const files: Content[] = [];
    for (const [i, path] of paths.entries()) files.push(await openFile(path, names[i]!, database));
    return joined(text, files as [Content, ...Content[]], bytes, database);
  } catch (error) {
    await database?.close();
    throw error;
  }
};

/**
 * Opens the answer of a query, which may read what lies below `folders`; files that it names without a folder are looked
 * for in the working directory of the process.
 *
 * Throws: InputError where it is not one SELECT, or wrong.
 */
export const openAnswer = async (sql: string, folders: readonly string[], name: string): Promise<Numbers> => {
  const database = await openDatabase(folders);
  try {
    return joined(name, [ofTable(await openQuery(database, sql, name))], 0, database);
  } catch (error) {
    await database.close();
    throw error;
  }
};

const PART = /^(.+\.(?:npz|safetensors|h5|hdf5|h5ad|parquet|pq|csv|tsv|csv\.gz|tsv\.gz)):(.+)$/i;

/** A name taken apart: the file, and the part of it that `file.npz:name` asks for. */
export const splitPart = (text: string): { file: string; part?: string } => {
  const [, file, part] = PART.exec(text) ?? [];
  return file === undefined || part === undefined ? { file: text } : { file, part };
};
