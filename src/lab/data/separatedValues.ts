/** CSV and TSV: what DuckDB recognises of them, so that each pass reads them alike. */
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { InputError } from '../../engine/errors/index.js';
import { quoteName, quoteText, type TableDatabase } from './tableDatabase.js';

/** What sniff_csv answers, in part. */
interface Sniffed {
  readonly Delimiter: string;
  readonly Quote: string;
  readonly Escape: string;
  readonly Comment: string;
  readonly HasHeader: boolean;
  readonly Columns: readonly { readonly name: string; readonly type: string }[];
}

/** How a column is read: whole numbers may turn out to be none further down than it looks; what is no number stays text. */
const typeOf = (recognised: string): string =>
  recognised === 'BIGINT' ? 'DOUBLE' : ['DOUBLE', 'BOOLEAN'].includes(recognised) ? recognised : 'VARCHAR';

/** Of the line that names the columns, in bytes: DuckDB takes memory for each of them before it reads a row. */
const MOST_LINE = 2 ** 20;
const MOST_COLUMNS = 2 ** 14;

/**
 * Throws: InputError where the first line has no end, or too many columns. What is wrong with the packing of a file is
 * left to DuckDB to say.
 */
export const requireColumns = async (path: string, name: string): Promise<void> => {
  const bytes = createReadStream(path, { highWaterMark: 1 << 16 });
  const content = path.endsWith('.gz') ? pipeline(bytes, createGunzip(), () => {}) : bytes;
  let line = '';
  try {
    for await (const chunk of content as AsyncIterable<Buffer>) {
      line += chunk.toString('latin1');
      const end = line.search(/[\r\n]/);
      if (end >= 0) line = line.slice(0, end);
      if (end >= 0 || line.length > MOST_LINE) break;
    }
  } catch {
    return;
  } finally {
    content.destroy();
  }
  if (line.length > MOST_LINE) {
    throw new InputError(`${name}: expected a first line of at most ${MOST_LINE} bytes, got no end of it`);
  }
  const columns = Math.max(...[',', ';', '\t', '|'].map((separator) => line.split(separator).length));
  if (columns > MOST_COLUMNS) {
    throw new InputError(`${name}: expected at most ${MOST_COLUMNS} columns, got ${columns}`);
  }
};

/** A quote, where none was seen, may still be seen. */
const character = (recognised: string, otherwise: string): string =>
  quoteText(recognised === '(empty)' ? otherwise : recognised);

/**
 * What stands behind FROM to read a file of separated values: no line is skipped, and none repaired. `path` is quoted.
 *
 * Throws: InputError with the line where lines differ in their number of fields.
 */
export const separatedSource = async (
  database: TableDatabase,
  path: string,
  tabs: boolean,
  name: string,
): Promise<string> => {
  const strict = `skip = 0, strict_mode = true${tabs ? `, delim = '\t'` : ''}`;
  const [answer] = await database.ask(`select * from sniff_csv(${path}, ${strict})`, name);
  const { Delimiter, Quote, Escape, Comment, HasHeader, Columns } = answer as unknown as Sniffed;
  const [first] = Columns;
  // Where lines differ, DuckDB takes each for one field.
  const separator = Columns.length === 1 ? /[,;\t|]/.exec(first!.name)?.[0] : undefined;
  if (separator !== undefined) {
    throw await unevenLine(database, `read_csv([${path}], ${strict})`, first!.name, separator, name);
  }
  const options = {
    auto_detect: 'false',
    strict_mode: 'true',
    header: String(HasHeader),
    delim: quoteText(Delimiter),
    quote: character(Quote, '"'),
    escape: character(Escape, '"'),
    comment: character(Comment, ''),
    columns: `{${Columns.map((column) => `${quoteText(column.name)}: '${typeOf(column.type)}'`).join(', ')}}`,
  };
  const given = Object.entries(options).map(([option, value]) => `${option} = ${value}`);
  return `read_csv([${path}], ${given.join(', ')})`;
};

/** Names the first line that has not as many fields as the header has. */
const unevenLine = async (
  database: TableDatabase,
  source: string,
  header: string,
  separator: string,
  name: string,
): Promise<InputError> => {
  const fields = header.split(separator).length;
  const line = quoteName(header);
  const counted = `length(${line}) - length(replace(${line}, ${quoteText(separator)}, '')) + 1 as fields`;
  const lines = `select row_number() over () - 1 as row, ${line} as line, ${counted} from ${source}`;
  const [uneven] = await database.ask(`select * from (${lines}) where fields <> ${fields} limit 1`, name);
  const got = uneven
    ? `${uneven.fields} at row ${uneven.row} (counted from 0): "${uneven.line}"`
    : 'quotes that do not end';
  return new InputError(`${name}: expected ${fields} fields in each line, as in "${header}", got ${got}`);
};
