// Time and memory of the whole study: `node bench/study.mjs [ARGUMENTS OF zdist study article]`; MNIST, 20 epochs by default.
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const zdist = fileURLToPath(new URL('../dist/lab/commands/zdist.js', import.meta.url));
const given = process.argv.slice(2);
const out = mkdtempSync(path.join(os.tmpdir(), 'zdist-bench-study-'));
const options = given.length > 0 ? given : ['--data', 'mnist', '--epochs', '20'];

/** Every process below one, from the parents that Linux tells. */
const family = (root) => {
  const parents = new Map();
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    try {
      const stat = readFileSync(`/proc/${entry}/stat`, 'utf8');
      parents.set(Number(entry), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
    } catch {
      // gone between the listing and the reading
    }
  }
  const inFamily = (pid) => pid === root || (parents.has(pid) && parents.get(pid) > 1 && inFamily(parents.get(pid)));
  return [...parents.keys()].filter(inFamily);
};

/** Proportional set size: a page that processes share is counted once among them. */
const memoryMiB = (pids) =>
  pids.reduce((sum, pid) => {
    try {
      const kib = Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0);
      return sum + kib / 1024;
    } catch {
      return sum;
    }
  }, 0);

const start = performance.now();
const child = spawn(
  process.execPath,
  [zdist, 'study', 'article', ...options, '--quiet', '--out', path.join(out, 'study')],
  {
    stdio: ['ignore', 'inherit', 'inherit'],
  },
);
let peak = 0;
const watch = setInterval(() => {
  peak = Math.max(peak, memoryMiB(family(child.pid)));
}, 500);
child.on('exit', (code) => {
  clearInterval(watch);
  const seconds = (performance.now() - start) / 1000;
  console.log(
    `exit ${code}, ${seconds.toFixed(0)} s, peak memory of all processes ${peak.toFixed(0)} MiB (sampled twice a second)`,
  );
  rmSync(out, { recursive: true, force: true });
});
