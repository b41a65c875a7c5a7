/** DuckDB, which reads Parquet and CSV and answers queries: in this process, in memory, and shut in. */
import { randomUUID } from 'node:crypto';
import { realpath, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import type { DuckDBConnection, JS } from '@duckdb/node-api';
import { InputError } from '../../engine/errors/index.js';

export interface TableDatabase {
  /** A result that is still read ends with its connection, so each pass over a table has one of its own. */
  connect(): Promise<DuckDBConnection>;
  /** All rows of a small answer. Throws: InputError that begins with `name`, in DuckDB's words. */
  ask(sql: string, name: string): Promise<readonly Readonly<Record<string, JS>>[]>;
  close(): Promise<void>;
}

/** Text and names in SQL. */
export const quoteText = (text: string): string => `'${text.replaceAll("'", "''")}'`;
export const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** What DuckDB says, without the query that it repeats: its first line, and of a CSV file the line and what is wrong there. */
export const refusedQuery = (error: unknown, name: string): InputError => {
  const lines = (error as Error).message.split('\n');
  const end = lines.findIndex((line) => /^\s*$|^LINE \d|^Possible |^Column .* is being /.test(line));
  const said = lines
    .slice(0, Math.min(end < 0 ? 1 : end, 4))
    .join('; ')
    .replace(
      /file system operations are disabled.*/,
      'only what lies below the working directory and ZDIST_DATA_DIR is read',
    );
  return new InputError(`${name}: expected a table that can be read, got: ${said}`);
};

/** Memory that a database takes at most, in bytes: that of a query, whose files are not known before it is asked. */
const MOST_MEMORY = 1e9;
/** What it needs beside twice the size of its files: its own buffers, and room for the columns of a row group. */
const LEAST_MEMORY = 2 ** 28;
/** Each of them has buffers of its own. */
const MOST_THREADS = 4;

/** Memory for a database that reads files of so many bytes in all. */
export const memoryFor = (bytes: number): number => Math.min(MOST_MEMORY, LEAST_MEMORY + 2 * bytes);

/**
 * A database that reads what lies below these folders and nothing else: no network, no extension; its settings are locked.
 * What does not fit into `memory` bytes goes to a folder below the system's temporary one, until it is closed.
 */
export const openDatabase = async (folders: readonly string[], memory = MOST_MEMORY): Promise<TableDatabase> => {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const instance = await DuckDBInstance.create(':memory:');
  const spill = join(tmpdir(), `zdist-tables-${randomUUID()}`);
  const below = await Promise.all(folders.map((folder) => realpath(folder).catch(() => folder)));
  const allowed = below.map((folder) => quoteText(folder.endsWith(sep) ? folder : folder + sep));
  const settings = {
    memory_limit: quoteText(`${memory} bytes`),
    threads: String(Math.min(MOST_THREADS, availableParallelism())),
    temp_directory: quoteText(spill),
    allowed_directories: `[${allowed.join(', ')}]`,
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    allow_community_extensions: 'false',
    enable_external_access: 'false',
    lock_configuration: 'true',
  };
  const connection = await instance.connect();
  for (const [setting, value] of Object.entries(settings)) await connection.run(`set ${setting} = ${value}`);
  return {
    connect: () => instance.connect(),
    ask: async (sql, name) => {
      try {
        return (await connection.runAndReadAll(sql)).getRowObjectsJS();
      } catch (error) {
        throw refusedQuery(error, name);
      }
    },
    close: async () => {
      connection.closeSync();
      instance.closeSync();
      await rm(spill, { recursive: true, force: true });
    },
  };
};
