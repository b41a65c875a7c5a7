import { DuckDBInstance } from '@duckdb/node-api';
import { InputError } from '../../../engine/errors/index.js';
import { createTables, type RunsFolder, TABLES } from './tables.js';

export interface QueryResult {
  readonly columns: readonly string[];
  /** Values that JSON can hold; whole numbers past 2^53 come as text. */
  readonly rows: readonly (readonly unknown[])[];
}

const FORMATS: Readonly<Record<string, string>> = { csv: 'format csv, header', parquet: 'format parquet' };

const refused = (error: unknown): InputError =>
  new InputError(`sql: ${error instanceof Error ? error.message.trim() : String(error)}`);

/**
 * Answers a query over the tables `runs`, `metrics` and `codes`; with `out`, a path that ends in .csv or .parquet, into
 * that file. DuckDB runs in this process and in memory; it fetches no extension.
 *
 * Throws: InputError for what DuckDB refuses, with its own words.
 */
export const query = async (folder: RunsFolder, sql: string, out?: string): Promise<QueryResult> => {
  const format = out === undefined ? undefined : FORMATS[out.slice(out.lastIndexOf('.') + 1)];
  if (out !== undefined && format === undefined) {
    throw new InputError(`--out: expected a file that ends in .csv or .parquet, got ${out}`);
  }
  const instance = await DuckDBInstance.create(':memory:', {
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  const connection = await instance.connect();
  try {
    // A table is made only where its name occurs: metrics and codes may be large. One too many does no harm.
    const named = TABLES.filter((table) => new RegExp(`\\b${table}\\b`, 'i').test(sql));
    await createTables(connection, folder, named);
    const given = sql.trim().replace(/;$/, '');
    const asked = out === undefined ? given : `copy (${given}) to '${out.replaceAll("'", "''")}' (${format})`;
    const reader = await connection.runAndReadAll(asked).catch((error: unknown) => {
      throw refused(error);
    });
    return { columns: reader.columnNames(), rows: reader.getRowsJson() };
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
};
