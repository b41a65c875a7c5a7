import { resolve } from 'node:path';
import { csv } from '../report/csv.js';
import { listRuns } from '../runs/reading/listRuns.js';
import { query } from '../runs/sql/query.js';
import type { Effects, Given } from './effects.js';
import { EXIT } from './exitCodes.js';
import { isSet, text } from './options.js';
import { listEffects } from './runs.js';
import { columns as inColumns } from './table.js';

const cell = (value: unknown): string => {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
};

export const run = async (given: Given, effects: Effects): Promise<number> => {
  const { stdout, stderr, cwd, files } = effects;
  const root = resolve(cwd, text(given, 'runs') ?? 'runs');
  const { runs, problems } = await listRuns(root, listEffects(effects));
  for (const problem of problems) stderr.write(`zdist: ${problem}\n`);
  const out = text(given, 'out');
  const file = out === undefined ? undefined : resolve(cwd, out);
  const { columns, rows } = await query({ root, runs, files }, String(given.args[0]), file);
  if (file !== undefined) stdout.write(`${file}\n`);
  else if (isSet(given, 'json')) {
    const objects = rows.map((row) => Object.fromEntries(columns.map((name, i) => [name, row[i]])));
    stdout.write(`${JSON.stringify(objects, null, 2)}\n`);
  } else if (isSet(given, 'csv'))
    stdout.write(
      csv(
        columns,
        rows.map((row) => row.map(cell)),
      ),
    );
  else stdout.write(inColumns([columns, ...rows.map((row) => row.map(cell))]));
  return EXIT.done;
};
