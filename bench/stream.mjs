/**
 * Cost of an audit that streams, by rows and latents, and what it says of sizes that nobody has at hand.
 *
 *   node bench/stream.mjs FOLDER [--n 10000,100000,1000000,10000000] [--latents 8,32,64,128,512] [--values 7e8]
 *                                [--threads 2] [--rounds 1] [--write]
 *
 * FOLDER holds one file of codes at a time, at most 4 · `values` bytes; sizes above are left out and said so. For each
 * size: a warm `cat FILE > /dev/null`, mean and variance alone, and the whole summary that one shard writes (moments,
 * covariance, quantiles, radius, Fourier sums, sample), wall clock and processor time of all threads. Then the time to
 * join two summaries, and a fit t = a + N (b D + c D²) of the summary's time, by least squares of relative errors.
 *
 * --write keeps the result in bench/results/stream.json.
 */
import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Matrix, solve } from 'ml-matrix';
import { momentsOfCodes, summarizeCodes } from '../dist/lab/audit/streaming/index.js';
import { joinSummaries } from '../dist/latent/audit/streaming/index.js';
import { summary } from './statistics.mjs';
import { writeCodes } from './stream_codes.mjs';

const text = (value) => ({ type: 'string', default: value });
const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    n: text('10000,100000,1000000,10000000'),
    latents: text('8,32,64,128,512'),
    values: text('7e8'),
    threads: text('2'),
    rounds: text('1'),
    write: { type: 'boolean', default: false },
  },
});
const [folder] = positionals;
if (folder === undefined) throw new Error('stream: expected a folder for codes, got none');
const sizes = options.n.split(',').map(Number);
const widths = options.latents.split(',').map(Number);
const [most, threads, rounds] = [options.values, options.threads, options.rounds].map(Number);
const say = (line) => process.stdout.write(`${line}\n`);

const cpuSeconds = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

/** Median seconds of what `work` takes, by the clock and of all processors together. */
const timed = async (work) => {
  const [wall, cpu] = [[], []];
  let result;
  for (let round = 0; round < rounds; round++) {
    const [start, before] = [performance.now(), cpuSeconds()];
    result = await work();
    wall.push((performance.now() - start) / 1e3);
    cpu.push(cpuSeconds() - before);
  }
  return { wall: summary(wall).median, cpu: summary(cpu).median, result };
};

const cat = (file) => {
  const nowhere = openSync('/dev/null', 'w');
  const { status } = spawnSync('cat', [file], { stdio: ['ignore', nowhere, 'inherit'] });
  closeSync(nowhere);
  if (status !== 0) throw new Error(`cat ${file}: exit ${status}`);
};

const measure = async (n, latents) => {
  const file = writeCodes(folder, { n, latents });
  try {
    const settings = { seed: 1, latents, posteriors: false, part: 'train' };
    const job = { cwd: folder, request: { options: { z: file } }, settings, range: [0, n], threads };
    cat(file);
    const copy = await timed(() => cat(file));
    const moments = await timed(() => momentsOfCodes(job));
    const whole = await timed(() => summarizeCodes(job));
    const join = await timed(() => joinSummaries(settings, [whole.result]));
    const seconds = ({ wall, cpu }) => ({ wall: Number(wall.toPrecision(4)), cpu: Number(cpu.toPrecision(4)) });
    const row = { n, latents, cat: copy.wall, moments: seconds(moments), summary: seconds(whole), join: join.wall };
    const figures = [row.cat, row.moments.wall, row.moments.cpu, row.summary.wall, row.summary.cpu, row.join];
    say(
      [String(n).padStart(10), String(latents).padStart(6), ...figures.map((x) => x.toFixed(2).padStart(9))].join(''),
    );
    return row;
  } finally {
    rmSync(file);
  }
};

/** t = a + N (b D + c D²), by least squares of relative errors; a term that would be negative is left out. */
const fitted = (rows, timeOf) => {
  let terms = [() => 1, ({ n, latents }) => n * latents, ({ n, latents }) => n * latents ** 2];
  for (;;) {
    const design = new Matrix(rows.map((row) => terms.map((term) => term(row) / timeOf(row))));
    const found = solve(design, Matrix.columnVector(rows.map(() => 1)), true).to1DArray();
    const negative = found.findIndex((value) => value < 0);
    if (negative < 0) return (row) => terms.reduce((sum, term, i) => sum + found[i] * term(row), 0);
    terms = terms.filter((_, i) => i !== negative);
  }
};

mkdirSync(folder, { recursive: true });
const load = os.loadavg()[0].toFixed(2);
say(
  `${os.cpus()[0].model.trim()}, ${os.cpus().length} cores, load ${load}, Node.js ${process.version}, ${threads} threads`,
);
say('seconds          cat, mean and variance (clock, processor), summary (clock, processor), join of one summary');
const rows = [];
for (const latents of widths) {
  for (const n of sizes) {
    if (n * latents > most)
      say(`${String(n).padStart(10)}${String(latents).padStart(6)}  left out: ${n * latents} values`);
    else rows.push(await measure(n, latents));
  }
}
const peakMiB = Math.round(process.resourceUsage().maxRSS / 1024);
say(`peak memory ${peakMiB} MiB`);

const predictions = [];
if (rows.length >= 4) {
  const [wall, cpu] = [fitted(rows, (row) => row.summary.wall), fitted(rows, (row) => row.summary.cpu)];
  const worst = Math.max(...rows.map((row) => Math.abs(cpu(row) / row.summary.cpu - 1)));
  say(`fit of processor time: largest relative error ${(100 * worst).toFixed(0)}%`);
  for (const latents of widths) {
    const shard = { n: 1e7, latents };
    const join = Math.max(...rows.filter((row) => row.latents === latents).map((row) => row.join), 0);
    const prediction = { latents, shardWall: wall(shard), shardCpu: cpu(shard), join: 100 * join };
    predictions.push(prediction);
    say(
      `10^9 codes, D ${latents}, 100 machines of this kind: ${prediction.shardWall.toFixed(0)} s for each shard ` +
        `(${prediction.shardCpu.toFixed(0)} s of processor time), ${prediction.join.toFixed(0)} s to join 100`,
    );
  }
}
if (options.write) {
  const result = {
    machine: { cpu: os.cpus()[0].model.trim(), cores: os.cpus().length, load },
    threads,
    rounds,
    peakMiB,
  };
  const file = fileURLToPath(new URL('results/stream.json', import.meta.url));
  writeFileSync(file, `${JSON.stringify({ ...result, rows, predictions }, null, 2)}\n`);
}
