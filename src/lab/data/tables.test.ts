import { readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { damagedFile } from '../../../test/support/damagedFile.js';
import { readRows, saved, withFolder } from '../../../test/support/rows.js';
import { writeTable } from '../../../test/support/tableFile.js';
import { InputError } from '../../engine/errors/index.js';
import { openDatabase, type TableDatabase } from './tableDatabase.js';
import { openQuery, openTableFile, type Table } from './tables.js';

const withDatabase = <T>(use: (folder: string, database: TableDatabase) => Promise<T>): Promise<T> =>
  withFolder(async (folder) => {
    const database = await openDatabase([folder]);
    try {
      return await use(folder, database);
    } finally {
      await database.close();
    }
  });
const readAll = async (table: Table): Promise<number[]> =>
  readRows(await table.rows(table.columns.map(({ name }) => name)));

/** What refuses to read all of a table. */
const refusal = async (table: () => Promise<Table>): Promise<string> => {
  const error: unknown = await table()
    .then(readAll)
    .catch((cause: unknown) => cause);
  expect(error).toBeInstanceOf(InputError);
  return (error as Error).message;
};

describe('a CSV file', () => {
  it.each<[string, string, Uint8Array | string, number[]]>([
    ['with a header', 'a.csv', 'mu_1,mu_2\n1,2\n3,4.5\n', [1, 2, 3, 4.5]],
    ['without one', 'a.csv', '1,2\n3,4\n', [1, 2, 3, 4]],
    ['of one column', 'a.csv', 'z\n1\n2\n', [1, 2]],
    ['with tabs', 'a.tsv', 'a\tb\n1\t2\n', [1, 2]],
    ['with semicolons', 'a.csv', 'a;b\n1;2\n', [1, 2]],
    ['with quotes further down', 'a.csv', `a,b\n${'1,2\n'.repeat(3)}"3",4\n`, [1, 2, 1, 2, 1, 2, 3, 4]],
    ['with comments', 'a.csv', '# of a run\na,b\n1,2\n', [1, 2]],
    ['packed', 'a.csv.gz', gzipSync('a,b\n1,2\n'), [1, 2]],
    ['with a name that looks like a pattern', "it's [1]*.csv", 'a,b\n1,2\n', [1, 2]],
  ])('is read: %s', (_, name, content, values) =>
    withDatabase(async (folder, database) => {
      expect(await readAll(await openTableFile(database, await saved(folder, name, content), name))).toEqual(values);
    }),
  );

  it('gives the columns that are asked for, in any range', () =>
    withDatabase(async (folder, database) => {
      const lines = Array.from({ length: 5000 }, (_, i) => `${i},${-i},x`);
      const path = await saved(folder, 'a.csv', `a,b,name\n${lines.join('\n')}\n`);
      const table = await openTableFile(database, path, 'a.csv');
      expect(table.columns.map(({ name }) => name)).toEqual(['a', 'b', 'name']);
      const rows = await table.rows(['b', 'a']);
      expect(rows).toMatchObject({ name: 'a.csv', n: 5000, width: 2, columns: ['b', 'a'] });
      expect(await readRows(rows, { from: 2046, to: 2050, atOnce: 3 })).toEqual([
        ...[-2046, 2046, -2047, 2047, -2048, 2048, -2049, 2049],
      ]);
      const two = [rows.blocks({ atOnce: 4096 }), rows.blocks({ atOnce: 4096 })].map(async (blocks) => {
        let sum = 0;
        for await (const block of blocks) for (const value of block) sum += Math.abs(value);
        return sum;
      });
      expect(await Promise.all(two)).toEqual([5000 * 4999, 5000 * 4999]);
    }));

  it('may turn from whole numbers to others far down', () =>
    withDatabase(async (folder, database) => {
      const path = await saved(folder, 'a.csv', `a,b\n${'1,2\n'.repeat(30_000)}0.5,2\n`);
      const rows = await (await openTableFile(database, path, 'a.csv')).rows(['a']);
      expect(await readRows(rows, { from: 29_999, atOnce: 10 })).toEqual([1, 0.5]);
    }));

  it.each([
    ['an empty file', '', 'expected at least one row, got none'],
    ['a header alone', 'a,b\n', 'expected at least one row, got none'],
    ['an empty field', 'a,b\n1,2\n,3\n', 'expected a finite number, got NULL at row 1 (counted from 0), column a'],
    ['NaN', 'a,b\n1,nan\n2,3\n', 'expected a finite number, got NaN at row 0 (counted from 0), column b'],
    [
      'what float32 cannot hold',
      'a\n1e300\n',
      'expected a finite number, got 1e+300 at row 0 (counted from 0), column a',
    ],
    ['text', 'a,b\n1,2\n3,x\n', 'expected numbers in column b, got "x" at row 1 (counted from 0)'],
    ['dates', 'a,b\n2020-01-01,2\n', 'expected numbers in column a, got "2020-01-01" at row 0 (counted from 0)'],
    [
      'a short line',
      'a,b\n1,2\n3\n',
      'expected 2 fields in each line, as in "a,b", got 1 at row 1 (counted from 0): "3"',
    ],
    ['a long line', 'a,b\n1,2\n3,4,5\n', 'as in "a,b", got 3 at row 1 (counted from 0): "3,4,5"'],
    ['text far down', `a,b\n${'1,2\n'.repeat(30_000)}3,x\n`, 'CSV Error on Line: 30002; Original Line: 3,x'],
    ['a short line far down', `a,b\n${'1,2\n'.repeat(30_000)}3\n`, 'Expected Number of Columns: 2 Found: 1'],
  ])('is refused: %s', (_, content, text) =>
    withDatabase(async (folder, database) => {
      const path = await saved(folder, 'a.csv', content);
      const message = await refusal(() => openTableFile(database, path, 'codes/a.csv'));
      expect(message).toContain(text);
      expect(message).toMatch(/^codes\/a\.csv: expected /);
    }),
  );
});

describe('a Parquet file', () => {
  it('gives any range, whatever its columns are called', () =>
    withDatabase(async (folder, database) => {
      for (const name of ['a', 'file_row_number']) {
        const path = await writeTable(folder, 'a.parquet', `select 7 * i as ${name} from range(300000) t(i)`);
        const rows = await (await openTableFile(database, path, 'a.parquet')).rows([name]);
        const values = await readRows(rows, { from: 200_000, to: 200_005, atOnce: 2 });
        expect(values).toEqual([0, 7, 14, 21, 28].map((more) => 1_400_000 + more));
      }
    }));

  it('is read with its names', () =>
    withDatabase(async (folder, database) => {
      const path = await writeTable(folder, 'a.parquet', 'select 1::tinyint as a, 0.5::decimal(3, 1) as b, true as c');
      const table = await openTableFile(database, path, 'a.parquet');
      expect(table.columns).toEqual([
        { name: 'a', type: 'TINYINT' },
        { name: 'b', type: 'DECIMAL(3,1)' },
        { name: 'c', type: 'BOOLEAN' },
      ]);
      expect(await readAll(table)).toEqual([1, 0.5, 1]);
    }));

  it.each([
    [
      'nulls',
      'select if(i = 7000, null, i) as a from range(9000) t(i)',
      'got NULL at row 7000 (counted from 0), column a',
    ],
    ['NaN', "select if(i = 3, 'nan'::float, i) as a from range(9) t(i)", 'got NaN at row 3 (counted from 0), column a'],
    ['lists', 'select [1, 2] as a', 'expected numbers in column a, got values of type INTEGER[]'],
    ['records', "select {'x': 1} as a", 'expected numbers in column a, got values of type STRUCT(x INTEGER)'],
    ['no row', 'select 1 as a where false', 'expected at least one row, got none'],
  ])('is refused: %s', (_, sql, text) =>
    withDatabase(async (folder, database) => {
      const path = await writeTable(folder, 'a.parquet', sql);
      expect(await refusal(() => openTableFile(database, path, 'a.parquet'))).toContain(text);
    }),
  );

  it('never does more than be refused by its name', () =>
    withDatabase(async (folder, database) => {
      const path = await writeTable(folder, 'whole.parquet', 'select i as a, i / 2 as b from range(50) t(i)');
      await fc.assert(
        fc.asyncProperty(damagedFile([await readFile(path)]), async (bytes) => {
          const damaged = await saved(folder, 'a.parquet', bytes);
          const outcome = await openTableFile(database, damaged, 'a.parquet')
            .then(readAll)
            .catch((error: unknown) => error);
          if (!(outcome instanceof Error)) return;
          expect(outcome).toBeInstanceOf(InputError);
          expect(outcome.message).toMatch(/^a\.parquet: /);
        }),
        { seed: 6, numRuns: 200 },
      );
    }));
});

describe('a query', () => {
  const ask = (database: TableDatabase, sql: string): Promise<Table> => openQuery(database, sql, '--sql');

  it('is answered once, whatever it rests on', () =>
    withDatabase(async (_, database) => {
      const table = await ask(database, 'select random() as a from range(3000);');
      expect(table.n).toBe(3000);
      expect(await readAll(table)).toEqual(await readAll(table));
    }));

  it('reads files below the folders it was given, by patterns too', () =>
    withDatabase(async (folder, database) => {
      for (const i of [1, 2]) await saved(folder, `part${i}.csv`, `a,label\n${i},3\n9,4\n`);
      const sql = `select a from '${folder}/part*.csv' where label = 3 order by a -- by value`;
      expect(await readAll(await ask(database, sql))).toEqual([1, 2]);
    }));

  it.each([
    ['nothing', '', 'Parser Error: Expected a single SELECT statement'],
    ['no SQL', 'selec', 'Parser Error: syntax error at or near "selec"'],
    ['two statements', 'select 1; drop table answer', 'Expected a single SELECT statement'],
    ['to write', "copy (select 1) to 'x.csv'", 'Expected a single SELECT statement'],
    ['to open its own shutters', 'set enable_external_access = true', 'Expected a single SELECT statement'],
    [
      'a file elsewhere',
      "select * from read_text('/etc/passwd')",
      '"/etc/passwd" - only what lies below the working directory and',
    ],
    ['the network', "select * from 'https://example.com/a.parquet'", 'Permission Error: Cannot access file "https://'],
    ['no row', 'select 1 as a where false', 'expected at least one row, got none'],
    ['text', "select 'x' as a", 'expected numbers in column a, got "x" at row 0 (counted from 0)'],
  ])('is refused: %s', (_, sql, text) =>
    withDatabase(async (__, database) => {
      const message = await refusal(() => ask(database, sql));
      expect(message).toContain(text);
      expect(message).toMatch(/^--sql: expected /);
    }),
  );

  it('does not find the way out by a link or by dots', () =>
    withDatabase(async (folder, database) => {
      await symlink('/etc/hostname', join(folder, 'link.txt'));
      for (const path of ['link.txt', '../../etc/hostname']) {
        const message = await refusal(() => ask(database, `select * from read_text('${folder}/${path}')`));
        expect(message).toContain('Permission Error: Cannot access file');
      }
    }));
});
