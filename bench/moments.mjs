/**
 * Mean and variance of a .npy file beside `cat FILE > /dev/null`, in turns, both warm.
 *
 *   node bench/moments.mjs FILE [--rounds 11] [--threads 2] [--write]
 *
 * FILE: codes [N, D], as `node bench/stream_codes.mjs FOLDER` writes them. Other work on the machine slows both sides, so
 * the ratio of each round counts, and the best round is nearest to a quiet machine.
 *
 * --write keeps the result in bench/results/moments.json.
 */
import { spawnSync } from 'node:child_process';
import { closeSync, openSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { momentsOfCodes } from '../dist/lab/audit/streaming/index.js';
import { opener } from '../dist/lab/data/byteFile.js';
import { openNpyRows } from '../dist/vae/data/arrays/index.js';
import { timeRounds } from './rounds.mjs';
import { summary } from './statistics.mjs';

const text = (value) => ({ type: 'string', default: value });
const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: text('11'), threads: text('2'), write: { type: 'boolean', default: false } },
});
const [file] = positionals;
if (file === undefined) throw new Error('moments: expected a .npy file, got none');
const [rounds, threads] = [options.rounds, options.threads].map(Number);
const { n, width: latents } = await openNpyRows(opener(file, file), file);

const nowhere = openSync('/dev/null', 'w');
const cat = () => {
  const start = performance.now();
  const { status } = spawnSync('cat', [file], { stdio: ['ignore', nowhere, 'inherit'] });
  if (status !== 0) throw new Error(`cat ${file}: exit ${status}`);
  return performance.now() - start;
};
const cpu = [];
const moments = async () => {
  const [start, before] = [performance.now(), process.cpuUsage()];
  const settings = { seed: 1, latents, posteriors: false, part: 'train' };
  const request = { options: { z: path.resolve(file) } };
  const { centres } = await momentsOfCodes({ cwd: '/', request, settings, range: [0, n], threads });
  if (centres.n !== n) throw new Error(`moments: expected ${n} rows, got ${centres.n}`);
  const { user, system } = process.cpuUsage(before);
  cpu.push((user + system) / 1e3);
  return performance.now() - start;
};

const load = os.loadavg()[0].toFixed(2);
const sides = [
  { name: 'cat', run: cat },
  { name: 'moments', run: moments },
];
const times = await timeRounds(sides, rounds);
closeSync(nowhere);
const ratios = times.get('cat').map((ms, i) => ms / times.get('moments')[i]);
const result = {
  machine: { cpu: os.cpus()[0].model.trim(), cores: os.cpus().length, load, node: process.version },
  ...{ n, latents, threads, rounds },
  cat: summary(times.get('cat')),
  moments: summary(times.get('moments')),
  momentsCpu: summary(cpu),
  fastest: { cat: Math.min(...times.get('cat')), moments: Math.min(...times.get('moments')) },
  speedOfCat: { ...summary(ratios), best: Math.max(...ratios) },
};
process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
if (options.write) {
  writeFileSync(
    fileURLToPath(new URL('results/moments.json', import.meta.url)),
    `${JSON.stringify(result, null, 2)}\n`,
  );
}
