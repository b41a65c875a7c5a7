import { extname, join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';

/** The path of a file that holds the answer of a query, of the format that its name ends in. */
export const writeTable = async (folder: string, name: string, sql: string): Promise<string> => {
  const path = join(folder, name);
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(`copy (${sql}) to '${path}' (format ${extname(name).slice(1)})`);
  connection.closeSync();
  instance.closeSync();
  return path;
};
