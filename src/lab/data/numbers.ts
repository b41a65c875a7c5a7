/** Numbers in files of any format that is read, by one name: a file, a part of it, or several by a pattern. */
import { realpath, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { InputError } from '../../engine/errors/index.js';
import {
  ALL,
  type ArrayArchive,
  type ChosenNumbers,
  matchColumns,
  type NumberContent,
  type Numbers,
  ofArchive,
  ofRows,
  openNpyRows,
  openSafetensors,
} from '../../vae/data/arrays/index.js';
import { opener } from './byteFile.js';
import { openHdf5 } from './hdf5.js';
import { joinRows } from './joinedRows.js';
import { openNpz } from './npz.js';
import { expandFiles } from './patterns.js';
import { memoryFor, openDatabase, type TableDatabase } from './tableDatabase.js';
import { isTableFile, openQuery, openTableFile, type Table } from './tables.js';

const ARCHIVES: readonly (readonly [RegExp, (path: string, name: string) => Promise<ArrayArchive>])[] = [
  [/\.npz$/i, openNpz],
  [/\.safetensors$/i, (path, name) => openSafetensors(opener(path, name), name)],
  [/\.(h5|hdf5|h5ad)$/i, openHdf5],
];
const FORMATS = '.npy, .npz, .safetensors, .h5, .parquet, .csv or .tsv';
const ARROW = /\.(arrow|feather|ipc)$/i;

const ofTable = (table: Table): NumberContent => ({
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

const openFile = async (path: string, name: string, database: TableDatabase | undefined): Promise<NumberContent> => {
  if (database && isTableFile(path)) return ofTable(await openTableFile(database, path, name));
  const archive = ARCHIVES.find(([ending]) => ending.test(path));
  if (archive) return ofArchive(await archive[1](path, name), name);
  if (ARROW.test(path)) {
    const convert = `pandas.read_feather('${name}').to_parquet('${name.replace(ARROW, '.parquet')}')`;
    throw new InputError(`${name}: expected ${FORMATS}, got Arrow; convert it: python3 -c "import pandas; ${convert}"`);
  }
  if (!/\.npy$/i.test(path)) throw new InputError(`${name}: expected a file that ends in ${FORMATS}, got another`);
  return ofRows(await openNpyRows(opener(path, name), name));
};

/** Several files as one: each gives the same part, and they follow one another. */
const joined = (
  name: string,
  files: readonly [NumberContent, ...NumberContent[]],
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
    const files: NumberContent[] = [];
    for (const [i, path] of paths.entries()) files.push(await openFile(path, names[i]!, database));
    return joined(text, files as [NumberContent, ...NumberContent[]], bytes, database);
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
