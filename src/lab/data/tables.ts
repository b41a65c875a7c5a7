/** Tables: Parquet, CSV and the answers of queries, read column by column through DuckDB. */
import { realpath } from 'node:fs/promises';
import { InputError } from '../../engine/errors/index.js';
import { type RowRange, type RowSource, requireModest, requireRange } from '../../vae/data/arrays/index.js';
import { openBytes } from './byteFile.js';
import { requireColumns, separatedSource } from './separatedValues.js';
import { quoteName, quoteText, refusedQuery, type TableDatabase } from './tableDatabase.js';

export interface TableColumn {
  readonly name: string;
  /** As DuckDB names it. */
  readonly type: string;
}

export interface Table {
  readonly name: string;
  readonly n: number;
  readonly columns: readonly TableColumn[];
  /**
   * Rows of some columns, in the order of their names.
   *
   * Throws: InputError for columns that hold no numbers, naming the first row that shows it.
   */
  rows(columns: readonly string[]): Promise<RowSource>;
}

const NUMERIC = /^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|FLOAT|DOUBLE|DECIMAL\(.*\)|BOOLEAN)$/;

const PARQUET = /\.(parquet|pq)$/i;
const SEPARATED = /\.(csv|tsv)(\.gz)?$/i;

export const isTableFile = (path: string): boolean => PARQUET.test(path) || SEPARATED.test(path);

/** A file name in which nothing is a pattern. */
const literally = (path: string): string => quoteText(path.replace(/[*?[]/g, '[$&]'));

/** Throws: InputError where the file is not there, is damaged, or has no row. */
export const openTableFile = async (database: TableDatabase, path: string, name: string): Promise<Table> => {
  const file = await openBytes(path, name);
  await file.close();
  const literal = literally(await realpath(path));
  if (PARQUET.test(path)) {
    const parquet = { rowNumber: 'file_row_number', bytes: file.size };
    return openTable(database, `read_parquet([${literal}])`, name, parquet);
  }
  await requireColumns(path, name);
  return openTable(database, await separatedSource(database, literal, /\.tsv/i.test(path), name), name);
};

const describe = async (database: TableDatabase, source: string, name: string): Promise<TableColumn[]> => {
  const columns = await database.ask(`describe select * from ${source}`, name);
  return columns.map((column) => ({ name: String(column.column_name), type: String(column.column_type) }));
};

/**
 * The answer of a query, which is asked once and kept: whatever it rests on, each pass over it gives the same rows.
 *
 * Throws: InputError where it is not one SELECT, is wrong, or answers without a row.
 */
export const openQuery = async (database: TableDatabase, sql: string, name: string): Promise<Table> => {
  await database.ask(`create table answer as select * from query(${quoteText(sql)})`, name);
  return openTable(database, 'answer', name, { rowNumber: 'rowid' });
};

interface About {
  /** The column by which rows are found without reading those before them. */
  readonly rowNumber?: string;
  /** Size of the file, where rows may be packed: a billion equal ones into a few bytes. */
  readonly bytes?: number;
}

const openTable = async (
  database: TableDatabase,
  source: string,
  name: string,
  { rowNumber, bytes }: About = {},
): Promise<Table> => {
  const columns = await describe(database, source, name);
  const [{ n } = {}] = await database.ask(`select count(*)::double as n from ${source}`, name);
  if (!n) throw new InputError(`${name}: expected at least one row, got none`);
  // A column of the table's own by that name numbers whatever it likes.
  const numbered = rowNumber !== undefined && columns.every((column) => column.name !== rowNumber);
  const table = { database, source, name, n: Number(n), ...(numbered && { rowNumber }) };
  return {
    name,
    n: table.n,
    columns,
    rows: async (chosen) => {
      for (const { name: column, type } of columns) {
        if (chosen.includes(column) && !NUMERIC.test(type)) throw await noNumbers(table, column, type);
      }
      if (bytes !== undefined) {
        requireModest(table.n * chosen.length * Float32Array.BYTES_PER_ELEMENT, bytes, name);
      }
      return tableRows(table, chosen);
    },
  };
};

interface Place {
  readonly database: TableDatabase;
  /** What stands behind FROM. */
  readonly source: string;
  readonly name: string;
  readonly n: number;
  readonly rowNumber?: string;
}

/** Which rows, in SQL: of all of them nothing is said, as LIMIT takes ten times as long where it limits nothing. */
const rangeOf = ({ n, rowNumber }: Place, from: number, to: number): string => {
  if (to - from === n) return '';
  if (rowNumber === undefined) return `limit ${to - from} offset ${from}`;
  return `where ${rowNumber} >= ${from} and ${rowNumber} < ${to}`;
};

/** Says of a column that it is none of numbers: of text, by the first that is no number. */
const noNumbers = async ({ database, source, name }: Place, column: string, type: string): Promise<InputError> => {
  const quoted = quoteName(column);
  const asked = `select row, value from (select row_number() over () - 1 as row, ${quoted} as value from ${source})`;
  const [first] =
    type === 'VARCHAR'
      ? await database.ask(`${asked} where value is not null and try_cast(value as float) is null limit 1`, name)
      : [];
  const got = first ? `"${first.value}" at row ${first.row} (counted from 0)` : `values of type ${type}`;
  return new InputError(`${name}: expected numbers in column ${column}, got ${got}`);
};

/** Says what stands where no finite float32 does. */
const noNumber = async (place: Place, column: string, row: number): Promise<InputError> => {
  const { database, source, name } = place;
  const [found] = await database.ask(`select ${quoteName(column)} as value from ${source} limit 1 offset ${row}`, name);
  const got = found?.value ?? 'NULL';
  return new InputError(
    `${name}: expected a finite number, got ${got} at row ${row} (counted from 0), column ${column}`,
  );
};

const tableRows = (place: Place, columns: readonly string[]): RowSource => {
  const { name, n } = place;
  const width = columns.length;
  return {
    name,
    n,
    width,
    columns,
    blocks: (range) => readBlocks(place, columns, range),
    close: () => Promise.resolve(),
  };
};

async function* readBlocks(place: Place, columns: readonly string[], range: RowRange): AsyncGenerator<Float32Array> {
  const { database, source, name } = place;
  const { from, to, atOnce } = requireRange(range, place.n);
  const width = columns.length;
  const block = new Float32Array(atOnce * width);
  const values = columns.map((column) => `try_cast(${quoteName(column)} as float)`).join(', ');
  const connection = await database.connect();
  try {
    const chunks = await connection.stream(`select ${values} from ${source} ${rangeOf(place, from, to)}`);
    let [row, filled] = [from, 0];
    for (let chunk = await chunks.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await chunks.fetchChunk()) {
      const vectors = columns.map((_, column) => chunk!.getColumnVector(column));
      for (let start = 0; start < chunk.rowCount; ) {
        const count = Math.min(chunk.rowCount - start, atOnce - filled);
        for (let column = 0; column < width; column++) {
          const vector = vectors[column]!;
          for (let i = 0, at = filled * width + column; i < count; i++, at += width) {
            const value = vector.getItem(start + i);
            if (!Number.isFinite(value)) throw await noNumber(place, columns[column]!, row + i);
            block[at] = value as number;
          }
        }
        start += count;
        row += count;
        filled += count;
        if (filled === atOnce || row === to) {
          yield block.subarray(0, filled * width);
          filled = 0;
        }
      }
    }
    if (row < to) throw new InputError(`${name}: expected ${place.n} rows as it said before, got ${row}`);
  } catch (error) {
    throw error instanceof InputError ? error : refusedQuery(error, name);
  } finally {
    connection.closeSync();
  }
}
