/** All runs as tables of DuckDB: what they were told, what they measured, where their codes lie. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { namesIn } from '../fileSystem.js';
import { readRunMetrics } from '../reading/curve.js';
import type { Readable } from '../reading/record.js';
import type { ListedRun } from '../reading/summary.js';

export const TABLES = ['runs', 'metrics', 'codes'] as const;

export interface RunsFolder {
  readonly root: string;
  readonly runs: readonly ListedRun[];
  readonly files: Readable;
}

type Cell = string | number | null | readonly number[];
type Row = Readonly<Record<string, Cell>>;

const nameOf = (root: string, { folder }: ListedRun): string => relative(root, folder) || '.';
const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** A configuration with the settings of its optimizer as keys of their own: optimizer, optimizer_lr, … */
const flat = (config: Readonly<Record<string, unknown>>): Record<string, Cell> =>
  Object.fromEntries(
    Object.entries(config).flatMap(([key, value]) => {
      if (value === null || typeof value !== 'object' || Array.isArray(value)) return [[key, value as Cell]];
      return Object.entries(value).map(([inner, cell]) => [inner === 'name' ? key : `${key}_${inner}`, cell as Cell]);
    }),
  );

const CONFIG = ['regime', 'kl', 'seed', 'preset', 'latents', 'epochs', 'batch', 'data'];

const runRow = (root: string, run: ListedRun): Row => {
  const { name, state, started, steps, seconds, error, final } = run;
  const known = Object.keys(run.config).filter((key) => CONFIG.includes(key) || SETTINGS.includes(key));
  const estimates = Object.entries(final ?? {}).flatMap(([key, { value, se, n }]) => [
    [key, value],
    [`${key}_se`, se],
    [`${key}_n`, n],
  ]);
  return {
    ...{ run: nameOf(root, run), name, state, started, steps, seconds, error: error ?? null },
    ...flat(Object.fromEntries(known.map((key) => [key, run.config[key]]))),
    ...Object.fromEntries(estimates),
  };
};

/** Settings that only some configurations have. Schema 1 may have results beside them, which are no settings. */
const SETTINGS = ['hidden', 'scale', 'binarisation', 'optimizer', 'draws', 'limit', 'threads'];

const metricRows = async ({ root, files }: RunsFolder, run: ListedRun): Promise<Row[]> => {
  const { curve, progress } = await readRunMetrics(files, run.folder);
  const name = nameOf(root, run);
  const train = progress.flatMap(({ step, epoch, phase: _phase, ...values }) =>
    Object.entries(values).map(([metric, value]) => ({
      ...{ run: name, step, epoch, part: 'train', metric, value, se: null, n: null },
    })),
  );
  const test = curve.flatMap(({ step, epoch, ...estimates }) =>
    Object.entries(estimates).map(([metric, { value, se, n }]) => ({
      ...{ run: name, step, epoch, part: 'test', metric, value, se, n },
    })),
  );
  return [...train, ...test];
};

const COLUMNS: Readonly<Record<'runs' | 'metrics', string>> = {
  runs: `run varchar, name varchar, state varchar, started varchar, steps bigint, seconds double, error varchar, regime
    varchar, kl varchar, seed bigint, preset varchar, latents integer, epochs double, batch integer, data varchar, hidden
    integer[], scale varchar, binarisation varchar, optimizer varchar, optimizer_lr double, optimizer_momentum double,
    optimizer_alpha double, optimizer_eps double, optimizer_centered boolean, optimizer_beta1 double, optimizer_beta2
    double, optimizer_weightDecay double, draws varchar, "limit" bigint, threads integer,
    ${['rate', 'rateMc', 'score', 'elbo', 'momentKl', 'momentKlDraws'].map((name) => `${name} double, ${name}_se double, ${name}_n bigint`).join(', ')}`,
  metrics: 'run varchar, step bigint, epoch double, part varchar, metric varchar, value double, se double, n bigint',
};

/** Fills a table from rows, by the names of its columns. */
const fill = async (connection: DuckDBConnection, table: 'runs' | 'metrics', rows: readonly Row[]): Promise<void> => {
  await connection.run(`create table ${table} (${COLUMNS[table]})`);
  if (rows.length === 0) return;
  const folder = await mkdtemp(join(tmpdir(), 'zdist-sql-'));
  try {
    const path = join(folder, `${table}.json`);
    await writeFile(path, rows.map((row) => JSON.stringify(row)).join('\n'));
    const columns = (await connection.runAndReadAll(`describe ${table}`)).getRows().map(([name, type]) => [name, type]);
    const types = columns.map(([name, type]) => `${quoted(String(name))}: ${quoted(String(type))}`).join(', ');
    const source = `read_json(${quoted(path)}, format = 'newline_delimited', columns = {${types}})`;
    await connection.run(`insert into ${table} select * from ${source}`);
  } finally {
    await rm(folder, { force: true, recursive: true });
  }
};

/** A view over the Parquet files themselves: nothing is read that a query does not ask for. */
const createCodes = async (connection: DuckDBConnection, { root, runs, files }: RunsFolder): Promise<void> => {
  const found = await Promise.all(
    runs.map(async (run) => {
      const folder = join(run.folder, 'codes');
      return (await namesIn(files, folder)).includes('test.parquet')
        ? [{ run, file: join(folder, 'test.parquet') }]
        : [];
    }),
  );
  const coded = found.flat();
  if (coded.length === 0) {
    await connection.run('create table codes (run varchar, "index" uinteger, label utinyint)');
    return;
  }
  const names = coded.map(({ run, file }) => `(${quoted(file)}, ${quoted(nameOf(root, run))})`).join(', ');
  const paths = coded.map(({ file }) => quoted(file)).join(', ');
  await connection.run(`create table code_files as select * from (values ${names}) as named(file, run)`);
  await connection.run(
    `create view codes as select code_files.run, stored.* exclude (filename) from
     read_parquet([${paths}], filename = true, union_by_name = true) as stored
     join code_files on code_files.file = stored.filename`,
  );
};

/** Makes the tables that are asked for. */
export const createTables = async (
  connection: DuckDBConnection,
  folder: RunsFolder,
  wanted: readonly (typeof TABLES)[number][],
): Promise<void> => {
  const { root, runs } = folder;
  if (wanted.includes('runs'))
    await fill(
      connection,
      'runs',
      runs.map((run) => runRow(root, run)),
    );
  if (wanted.includes('metrics')) {
    const rows: Row[] = [];
    for (const run of runs) rows.push(...(await metricRows(folder, run)));
    await fill(connection, 'metrics', rows);
  }
  if (wanted.includes('codes')) await createCodes(connection, folder);
};
