/** How long 2,000 runs take to list, without and with the index, and to query. Needs a build. */

/** How long 2,000 runs take to list, without and with the index, and to query. Needs a build. */
import files, { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { processesHere } from '../dist/lab/runs/lock/writers.js';
import { listRuns } from '../dist/lab/runs/reading/listRuns.js';
import { query } from '../dist/lab/runs/sql/query.js';
import { quantile } from './statistics.mjs';

const RUNS = 2000;
const ROUNDS = 5;

/** A run of this machine as the pattern: `node bench/runs.mjs RUN`. */
const pattern = process.argv[2] ?? fileURLToPath(new URL('../test/fixtures/runs/schema1-done', import.meta.url));
const root = await mkdtemp(join(tmpdir(), 'zdist-bench-runs-'));
const record = JSON.parse(await readFile(join(pattern, 'run.json'), 'utf8'));
for (let i = 0; i < RUNS; i++) {
  const folder = join(root, 'runs', `run-${String(i).padStart(4, '0')}`);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'run.json'), JSON.stringify({ ...record, name: `run-${i}` }, null, 2));
  for (const name of ['config.yaml', 'metrics.bin', 'curve.csv'])
    await cp(join(pattern, name), join(folder, name)).catch(() => {});
}

const effects = { files, now: Date.now, processes: processesHere(), cacheDir: join(root, 'cache') };
const runsIn = join(root, 'runs');
const timed = async (work) => {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
};
const cold = [];
const warm = [];
for (let i = 0; i < ROUNDS; i++) {
  await rm(effects.cacheDir, { recursive: true, force: true });
  cold.push(await timed(() => listRuns(runsIn, effects)));
  warm.push(await timed(() => listRuns(runsIn, effects)));
}
const { runs } = await listRuns(runsIn, effects);
const sql = [];
for (let i = 0; i < ROUNDS; i++) {
  sql.push(await timed(() => query({ root: runsIn, runs, files }, 'select regime, avg(elbo) from runs group by 1')));
}
await rm(root, { recursive: true, force: true });
const round = (values) => Math.round(quantile(values, 0.5));
console.log(
  JSON.stringify({
    runs: runs.length,
    node: process.version,
    withoutIndex: round(cold),
    withIndex: round(warm),
    sql: round(sql),
    unit: 'ms, median of 5',
  }),
);
