/**
 * How long 2,000 runs take to list, without and with the index, and to query: of schema 1 and, where a run is given
 * (`node bench/runs.mjs RUN`), of that one's. Needs a build.
 */
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { disk } from '../dist/lab/runs/disk.js';
import { processesHere } from '../dist/lab/runs/lock/writers.js';
import { listRuns } from '../dist/lab/runs/reading/listRuns.js';
import { query } from '../dist/lab/runs/sql/query.js';
import { summary } from './statistics.mjs';

const RUNS = 2000;
const ROUNDS = 9;
const SQL = 'select regime, avg(elbo) from runs group by 1';
const load = loadavg()[0];

/** A folder of copies of one run. */
const copies = async (pattern) => {
  const root = await mkdtemp(join(tmpdir(), 'zdist-bench-runs-'));
  const record = JSON.parse(await readFile(join(pattern, 'run.json'), 'utf8'));
  for (let i = 0; i < RUNS; i++) {
    const folder = join(root, 'runs', `run-${String(i).padStart(4, '0')}`);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'run.json'), JSON.stringify({ ...record, name: `run-${i}` }, null, 2));
    for (const name of ['config.yaml', 'metrics.bin', 'curve.csv'])
      await cp(join(pattern, name), join(folder, name)).catch(() => {});
  }
  return { root, schema: record.schema };
};

const timed = async (work) => {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
};

const sides = [];
for (const pattern of [
  fileURLToPath(new URL('../test/fixtures/runs/schema1-done', import.meta.url)),
  ...process.argv.slice(2),
]) {
  sides.push({ ...(await copies(pattern)), withoutIndex: [], withIndex: [], sql: [] });
}
for (let round = 0; round < ROUNDS; round++) {
  for (const { root, withoutIndex, withIndex, sql } of sides) {
    const effects = { files: disk, now: Date.now, processes: processesHere(), cacheDir: join(root, 'cache') };
    const inside = join(root, 'runs');
    await rm(effects.cacheDir, { recursive: true, force: true });
    withoutIndex.push(await timed(() => listRuns(inside, effects)));
    withIndex.push(await timed(() => listRuns(inside, effects)));
    const { runs } = await listRuns(inside, effects);
    sql.push(await timed(() => query({ root: inside, runs, files: disk }, SQL)));
  }
}
for (const { root, schema, ...times } of sides) {
  await rm(root, { recursive: true, force: true });
  const figures = Object.entries(times).map(([name, ms]) => [
    name,
    { ...summary(ms), best: Math.round(Math.min(...ms)) },
  ]);
  console.log(JSON.stringify({ runs: RUNS, schema, unit: 'ms', rounds: ROUNDS, ...Object.fromEntries(figures) }));
}
console.log(JSON.stringify({ node: process.version, cores: availableParallelism(), load }));
