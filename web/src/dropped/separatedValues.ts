/** Small tables of numbers as text: a line of names, then fields with commas, semicolons or tabs between them. */
import { InputError } from '../../../src/engine/errors/index.js';
import {
  ALL,
  matchColumns,
  type NumberContent,
  type RowSource,
  requireRange,
} from '../../../src/vae/data/arrays/index.js';

const SEPARATORS = ['\t', ';', ','];
const isNumber = (field: string): boolean => field !== '' && Number.isFinite(Number(field));

interface Parsed {
  readonly names: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

const parse = (text: string, name: string): Parsed => {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  const [first] = lines;
  if (first === undefined) throw new InputError(`${name}: expected lines of numbers, got an empty file`);
  const separator = SEPARATORS.find((each) => first.includes(each)) ?? ',';
  const fieldsOf = (line: string): string[] =>
    line.split(separator).map((field) => field.trim().replace(/^"(.*)"$/, '$1'));
  const head = fieldsOf(first);
  const named = !head.every(isNumber);
  const rows = lines.slice(named ? 1 : 0).map(fieldsOf);
  const uneven = rows.findIndex((row) => row.length !== head.length);
  if (uneven >= 0) {
    const got = `${rows[uneven]!.length} at row ${uneven} (counted from 0)`;
    throw new InputError(`${name}: expected ${head.length} fields in each line, as in "${first}", got ${got}`);
  }
  if (rows.length === 0)
    throw new InputError(`${name}: expected at least one row and one column, got shape [0, ${head.length}]`);
  return { names: named ? head : head.map((_, column) => `column${column}`), rows };
};

/** Throws: InputError where a field is no number, with row and column. */
const columnRows = ({ names, rows }: Parsed, columns: readonly string[], name: string): RowSource => {
  const at = columns.map((column) => names.indexOf(column));
  const width = columns.length;
  const values = new Float32Array(rows.length * width);
  rows.forEach((row, i) => {
    at.forEach((column, k) => {
      const field = row[column]!;
      if (!isNumber(field)) {
        const place = `row ${i}, column ${names[column]} (counted from 0)`;
        throw new InputError(`${name}: expected numbers, got "${field}" at ${place}`);
      }
      values[i * width + k] = Number(field);
    });
  });
  return {
    name,
    n: rows.length,
    width,
    columns,
    async *blocks(range) {
      const { from, to, atOnce } = requireRange(range, rows.length);
      for (let row = from; row < to; row += atOnce) {
        yield values.slice(row * width, Math.min(to, row + atOnce) * width);
      }
    },
    close: () => Promise.resolve(),
  };
};

/** Throws: InputError for lines that differ in their number of fields, or an empty file. */
export const openSeparated = (text: string, name: string): NumberContent => {
  const parsed = parse(text, name);
  return {
    name,
    kind: 'columns',
    names: parsed.names,
    choose: async (pattern = ALL) => {
      const { columns, keys } = matchColumns(parsed.names, pattern, name);
      const rows = columnRows(parsed, columns, name);
      return { rows, shape: [rows.n, rows.width], keys };
    },
  };
};
