/** A worker of bench/sweep.mjs: `node sweep_worker.mjs REDIS FOLDER`. */
import { queueAddressOf } from '../dist/lab/sweep/queue/address.js';
import { takeJobs } from '../dist/lab/sweep/queue/takeJobs.js';
import { openRoot } from '../dist/lab/sweep/store/openStore.js';
import { pause } from './sweep_pause.mjs';

const [url, folder] = process.argv.slice(2);
const interruption = new AbortController();
process.on('SIGTERM', () => interruption.abort('SIGTERM'));
process.stdout.write('ready\n');
await takeJobs({
  address: queueAddressOf(url),
  root: await openRoot(folder, '/', {}),
  kinds: { pause },
  atOnce: 1,
  lock: 30_000,
  worker: `bench:${process.pid}`,
  now: Date.now,
  interrupt: interruption.signal,
  drain: false,
  log: () => {},
});
