// What a queue costs: `node bench/sweep.mjs [--rounds 3]`, with redis-server on this machine and results in a temporary
// folder. 1,000 jobs that do nothing, by one worker, with the queue and without it; then 100 jobs that wait 100 ms each,
// by two workers, against the 5 s that they would take without any cost.
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { attemptJob } from '../dist/lab/sweep/jobs/attemptJob.js';
import { jobId, storeJob } from '../dist/lab/sweep/jobs/job.js';
import { queueAddressOf } from '../dist/lab/sweep/queue/address.js';
import { inspectRedis } from '../dist/lab/sweep/queue/redis.js';
import { submitJobs } from '../dist/lab/sweep/queue/submitJobs.js';
import { openRoot } from '../dist/lab/sweep/store/openStore.js';
import { summary } from './statistics.mjs';
import { pause } from './sweep_pause.mjs';

const WORKER = fileURLToPath(new URL('sweep_worker.mjs', import.meta.url));
const { values: options } = parseArgs({ options: { rounds: { type: 'string', default: '3' } } });
const folder = await mkdtemp(path.join(os.tmpdir(), 'zdist-bench-sweep-'));
const never = new AbortController().signal;

const freePort = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
const startProcess = (command, args, ready) =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
    child.stdout.on('data', (data) => String(data).includes(ready) && resolve(child));
    child.on('error', reject);
  });

const port = await freePort();
const redisArgs = ['--port', port, '--bind', '127.0.0.1', '--save', '', '--maxmemory-policy', 'noeviction'];
const redis = await startProcess('redis-server', redisArgs.map(String), 'Ready to accept connections');
const address = queueAddressOf(`redis://127.0.0.1:${port}`);
const root = await openRoot(folder, '/', {});

const lay = async (sweep, count, milliseconds) => {
  const jobs = Array.from({ length: count }, (_, i) => {
    const spec = { kind: 'pause', milliseconds, i };
    return { id: jobId(spec), name: `job ${i}`, spec, varied: { i }, weight: 1 };
  });
  for (const job of jobs) await storeJob(root.sweep(sweep), job);
  return jobs;
};
const timed = async (work) => {
  const started = performance.now();
  await work();
  return performance.now() - started;
};
/** Milliseconds of `count` jobs on the queue, from the first submission to the last result. */
const queued = async (sweep, jobs) => {
  const nothing = () => {};
  const follow = { started: nothing, progress: nothing, ended: async () => {}, log: console.error };
  return timed(async () => {
    const outcomes = await submitJobs(jobs, {
      address,
      store: root.sweep(sweep),
      sweep,
      retries: 0,
      interrupt: never,
      ...follow,
    });
    if ([...outcomes.values()].some(({ state }) => state !== 'committed')) throw new Error('a job has no result');
  });
};
const alone = (sweep, jobs) =>
  timed(async () => {
    const effects = { store: root.sweep(sweep), kinds: { pause }, worker: 'bench', now: Date.now, signal: never };
    for (const job of jobs) await attemptJob(job, effects);
  });

const startWorker = () => startProcess(process.execPath, [WORKER, address.url, folder], 'ready');
const workers = [await startWorker()];
await queued('warm', await lay('warm', 20, 0));
const [withQueue, without, ratios] = [[], [], []];
for (let round = 1; round <= Number(options.rounds); round++) {
  withQueue.push((await queued(`q${round}`, await lay(`q${round}`, 1000, 0))) / 1000);
  without.push((await alone(`a${round}`, await lay(`a${round}`, 1000, 0))) / 1000);
}
workers.push(await startWorker());
for (let round = 1; round <= Number(options.rounds); round++) {
  ratios.push((await queued(`r${round}`, await lay(`r${round}`, 100, 100))) / 5000);
}

const told = ({ median, q1, q3 }) => `median ${median}, quartiles ${q1} .. ${q3}`;
const { version } = await inspectRedis(address);
console.log(
  `Redis ${version}, node ${process.versions.node}, ${os.cpus().length} cores, load ${os.loadavg()[0].toFixed(2)}`,
);
console.log(`1,000 jobs, ms a job, store and queue: ${told(summary(withQueue))}`);
console.log(`1,000 jobs, ms a job, store alone:     ${told(summary(without))}`);
console.log(`queue alone, ms a job:                 ${told(summary(withQueue.map((ms, i) => ms - without[i])))}`);
console.log(`2 workers, time over the ideal:        ${told(summary(ratios))}`);
for (const child of [...workers, redis]) child.kill('SIGTERM');
await rm(folder, { recursive: true, force: true });
