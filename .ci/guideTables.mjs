// The same cells as tables: cells.parquet, and two parts in the folder cells.
import { mkdirSync } from 'node:fs';
import { DuckDBInstance } from '@duckdb/node-api';

const [folder] = process.argv.slice(2);
mkdirSync(`${folder}/cells`);
const columns = Array.from({ length: 6 }, (_, d) => `sin(i * ${d + 1}.7) * 2 as mu_${d}, 0.2 as sd_${d}`).join(', ');
const connection = await (await DuckDBInstance.create()).connect();
for (const [file, from, to] of [
  ['cells.parquet', 0, 1500],
  ['cells/a.parquet', 0, 1200],
  ['cells/b.parquet', 1200, 2400],
]) {
  const rows = `select ${columns}, (i % 3 + 1)::int as batch from range(${from}, ${to}) t(i)`;
  await connection.run(`copy (${rows}) to '${folder}/${file}' (format parquet)`);
}
