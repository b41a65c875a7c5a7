/**
 * The lab's server: first load of a page, the list of many runs, and 1,000 streams of events.
 * `npm run build && node bench/lab.mjs [runs]`; needs Linux (memory from /proc) and Chromium (CHROMIUM_PATH).
 */
import { spawn } from 'node:child_process';
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const RUNS = Number(process.argv[2] ?? 2000);
const LOADS = 9;
const STREAMS = 1000;

const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const timed = async (work) => {
  const start = performance.now();
  await work();
  return performance.now() - start;
};

const serve = async (folder, cache) => {
  const args = [here('../dist/lab/commands/zdist.js'), 'ui', folder, '--port', '0'];
  const child = spawn(process.execPath, args, { env: { ...process.env, ZDIST_CACHE_DIR: cache } });
  const url = await new Promise((resolve) => child.stdout.once('data', (text) => resolve(String(text).trim())));
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const memory = async () =>
    Number(/VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${child.pid}/status`, 'utf8'))[1]) / 1024;
  const end = async () => {
    child.kill('SIGINT');
    await ended;
  };
  return { url, memory, end };
};

/** Until the frame and the page in it are shown, in a browser that has nothing of it yet. */
const firstLoad = async (browser, url) => {
  const context = await browser.newContext();
  const page = await context.newPage();
  const time = await timed(async () => {
    await page.goto(url);
    await page.locator('main > :not(.waiting)').first().waitFor();
  });
  const scripts = await page.evaluate(() =>
    performance
      .getEntriesByType('resource')
      .filter(({ name }) => name.endsWith('.js'))
      .map(({ name, encodedBodySize }) => [name.split('/').pop(), encodedBodySize]),
  );
  await context.close();
  return { time, scripts };
};

const folder = await mkdtemp(join(tmpdir(), 'zdist-bench-lab-'));
const cache = join(folder, 'cache');
const runs = join(folder, 'runs');
const lines = [`${cpus()[0]?.model.trim()}, ${cpus().length} cores, Node.js ${process.versions.node}`];
try {
  const source = here('../test/fixtures/runs/schema1-done');
  for (let i = 0; i < RUNS; i++) await cp(source, join(runs, `run-${String(i).padStart(5, '0')}`), { recursive: true });

  const { url, memory, end } = await serve(runs, cache);
  const list = () => fetch(`${url}api/runs.json`).then((answer) => answer.arrayBuffer());
  const first = await timed(list);
  const later = [];
  for (let i = 0; i < LOADS; i++) later.push(await timed(list));
  lines.push(
    `${RUNS} runs as JSON: first ${first.toFixed(0)} ms, then ${median(later).toFixed(0)} ms (median of ${LOADS})`,
  );

  const before = await memory();
  const port = Number(new URL(url).port);
  let began = 0;
  const sockets = Array.from({ length: STREAMS }, () => {
    const socket = connect(port, '127.0.0.1', () =>
      socket.write('GET /api/events HTTP/1.1\r\nHost: localhost\r\n\r\n'),
    );
    socket.once('data', () => began++);
    return socket;
  });
  while (began < STREAMS) await wait(10);
  const during = await memory();
  const answered = await timed(list);
  lines.push(
    `${STREAMS} streams: ${before.toFixed(0)} MiB before, ${during.toFixed(0)} MiB with them; the list then ${answered.toFixed(0)} ms`,
  );
  for (const socket of sockets) socket.destroy();
  await end();

  const small = await serve(join(runs, 'run-00000'), cache);
  const executablePath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  const loads = [];
  for (let i = 0; i < LOADS; i++) loads.push(await firstLoad(browser, small.url));
  const times = loads.map(({ time }) => time);
  const scripts = loads[0].scripts.map(([name, bytes]) => `${name} ${(bytes / 1000).toFixed(1)} kB`);
  lines.push(
    `first load: ${median(times).toFixed(0)} ms, slowest ${Math.max(...times).toFixed(0)} ms (${LOADS} loads)`,
  );
  lines.push(`scripts as sent: ${scripts.join(', ')}`);
  await browser.close();
  await small.end();
  process.stdout.write(`${lines.join('\n')}\n`);
} finally {
  await rm(folder, { recursive: true, force: true });
}
