/** `codes/test.parquet`: q(z | x) of every test image. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBDataChunk, DuckDBInstance, type DuckDBType, FLOAT, UINTEGER, UTINYINT } from '@duckdb/node-api';
import type { Dataset } from '../../vae/data/index.js';
import type { RunJob } from './job.js';
import { modelImages } from './modelImages.js';
import type { Model } from './trainer.js';

/** Rows in a chunk: what DuckDB works with at once. */
const ROWS = 2048;

interface Column {
  readonly name: string;
  readonly type: DuckDBType;
  readonly at: (row: number) => number | null;
}

/** Columns of a matrix [n, width], one a latent. */
const columnsOf = (prefix: string, width: number, at: (i: number) => number): Column[] =>
  Array.from({ length: width }, (_, d) => ({
    name: `${prefix}_${d}`,
    type: FLOAT,
    at: (row) => at(row * width + d),
  }));

/**
 * The codes of the test set as Parquet: index (uint32), label (uint8, null without labels), mu_0 … , log_var_0 …
 * (float32, log of the variance). An encoder that was not trained stands for q = N(0, I), whatever x. The same codes
 * give the same bytes.
 */
export const encodeCodes = async (
  model: Model,
  { test }: Dataset,
  { config }: Pick<RunJob, 'config'>,
): Promise<Uint8Array> => {
  const { latents } = config;
  const indices = Uint32Array.from({ length: test.count }, (_, i) => i);
  const codes = model.trained.includes('encoder')
    ? await model.encode(modelImages(test, 'test', indices, config))
    : undefined;
  const { labels } = test;
  return toParquet(test.count, [
    { name: 'index', type: UINTEGER, at: (row) => row },
    { name: 'label', type: UTINYINT, at: (row) => labels?.[row] ?? null },
    ...columnsOf('mu', latents, (i) => codes?.mu[i] ?? 0),
    ...columnsOf('log_var', latents, (i) => (codes ? 2 * Math.log(codes.sigma[i]!) : 0)),
  ]);
};

/** Through a file of its own, because DuckDB writes to files alone. */
const toParquet = async (rows: number, columns: readonly Column[]): Promise<Uint8Array> => {
  const folder = await mkdtemp(join(tmpdir(), 'zdist-codes-'));
  const path = join(folder, 'codes.parquet');
  // One thread: the order of row groups is then that of the rows.
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  try {
    const types = columns.map(({ type }) => type);
    await connection.run(`create table codes (${columns.map(({ name, type }) => `"${name}" ${type}`).join(', ')})`);
    const appender = await connection.createAppender('codes');
    for (let from = 0; from < rows; from += ROWS) {
      const count = Math.min(ROWS, rows - from);
      const chunk = DuckDBDataChunk.create(types, count);
      chunk.setColumns(columns.map(({ at }) => Array.from({ length: count }, (_, i) => at(from + i))));
      appender.appendDataChunk(chunk);
    }
    appender.closeSync();
    await connection.run(`copy codes to '${path.replaceAll("'", "''")}' (format parquet, compression zstd)`);
    return await readFile(path);
  } finally {
    connection.closeSync();
    instance.closeSync();
    await rm(folder, { force: true, recursive: true });
  }
};
