import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';

/** The path of a Parquet file that holds the answer of a query. */
export const writeParquet = async (folder: string, name: string, sql: string): Promise<string> => {
  const path = join(folder, name);
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(`copy (${sql}) to '${path}' (format parquet)`);
  connection.closeSync();
  instance.closeSync();
  return path;
};
