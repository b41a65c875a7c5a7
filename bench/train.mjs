/**
 * Times one training step of the `altosaar` preset in zdist, PyTorch and TensorFlow.js, interleaved, on this machine.
 *
 *   node bench/train.mjs [--rounds 15] [--write]        --write keeps the result in bench/results/train.json
 *
 * The step: batch 128 of binary 784-pixel images, encoder 784-256-256, 128 latents, softplus scale, noise drawn, decoder
 * 128-256-256-784 with Bernoulli logits, analytic KL, gradients, centred RMSprop (lr 1e-3, decay 0.99, eps 1e-8).
 *
 * Each side is a process of its own that lives through the whole bench: `zdist_step.mjs THREADS`,
 * `torch_step.py THREADS BLAS_THREADS` and `tfjs_step.mjs`. It reads one JSON value a line from stdin and answers each
 * with one JSON object a line on stdout (stdout carries nothing else; stderr is free):
 *
 *   on start, when ready   {"ready": true, "versions": {"torch": "1.13.0", ...}}
 *   {"run": n}          -> {"ms": x, "loss": y}   trains n more steps; x is the mean wall-clock milliseconds of a step by
 *                                                 the side's own clock; y (optional) is the last loss and must be finite
 *   "profile"           -> {"gemmShare": s, "gemmMs": m, "gemmGflops": g, "peakGflops": p}       (the zdist sides only)
 *                          s   share of a step's operator time spent in Gemm and MatMul, 0..1
 *                          m   milliseconds a step spent there
 *                          g   10⁹ floating-point operations a second reached there: 2·M·N·K of every product, over m
 *                          p   the same for one large square product, with the same runtime and threads
 *                          It comes after all timed rounds, so it may build another session with profiling on.
 *   end of stdin        -> the process exits
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { findPython } from './python.mjs';
import { timeRounds } from './rounds.mjs';
import { startSide } from './side.mjs';
import { summary } from './statistics.mjs';

const BUSY_LOAD = 0.5;

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const say = (text) => process.stdout.write(`${text}\n`);

const { values: options } = parseArgs({
  options: { rounds: { type: 'string', default: '15' }, write: { type: 'boolean', default: false } },
});

function plannedSides() {
  const python = findPython('torch');
  const zdist = [1, 2].map((n) => ({
    name: n === 1 ? 'zdist, 1 thread' : `zdist, ${n} threads`,
    missing: existsSync(here('../dist/index.js')) ? undefined : 'run npm run build first',
    command: process.execPath,
    args: [here('zdist_step.mjs'), String(n)],
    steps: 100,
  }));
  const torch = [
    { name: 'torch, 1 thread', threads: [1, 1] },
    { name: 'torch, 2 threads in products', threads: [1, 2] },
    { name: 'torch, 2 threads', threads: [2, 2] },
  ].map(({ name, threads }) => ({
    name,
    missing: python ? undefined : 'no python3 that imports torch',
    command: python,
    args: [here('torch_step.py'), ...threads.map(String)],
    steps: 50,
  }));
  const tfjs = {
    name: 'tfjs wasm',
    missing: existsSync(here('.tfjs/node_modules')) ? undefined : 'run node bench/install_tfjs.mjs first',
    command: process.execPath,
    args: [here('tfjs_step.mjs')],
    steps: 5,
  };
  return [...zdist, ...torch, tfjs];
}

async function startSides() {
  const sides = [];
  for (const plan of plannedSides()) {
    try {
      if (plan.missing) throw new Error(`${plan.name}: ${plan.missing}`);
      sides.push(await startSide(plan));
    } catch (error) {
      say(`left out: ${error.message}`);
    }
  }
  return sides;
}

/** Ratios pair the two sides within a round, so that a slow spell of the machine falls on both. */
function ratios(times) {
  const ours = times.get('zdist, 2 threads');
  const torch = [...times.keys()].filter((name) => name.startsWith('torch'));
  const best = torch.sort((a, b) => summary(times.get(a)).median - summary(times.get(b)).median)[0];
  const rows = {};
  for (const other of [best, 'tfjs wasm']) {
    const theirs = times.get(other);
    if (ours && theirs) rows[`zdist, 2 threads / ${other}`] = summary(ours.map((ms, round) => ms / theirs[round]));
  }
  return rows;
}

async function profiles(sides) {
  const rows = {};
  for (const side of sides.filter(({ name }) => name.startsWith('zdist'))) rows[side.name] = await side.profile();
  return rows;
}

function printResult({ steps, ratio, gemm }) {
  const number = (x) => x.toPrecision(4).padStart(9);
  say(`\n${'ms a step'.padEnd(48)}   median  quartiles`);
  for (const [name, row] of Object.entries({ ...steps, ...ratio })) {
    say(`${name.padEnd(48)}${number(row.median)} ${number(row.q1)} ..${number(row.q3)}`);
  }
  for (const [name, { gemmShare, gemmMs, gemmGflops, peakGflops }] of Object.entries(gemm)) {
    const share = `${(100 * gemmShare).toFixed(0)}% of the step (${gemmMs.toFixed(2)} ms)`;
    const reached = `${gemmGflops.toFixed(0)} of ${peakGflops.toFixed(0)} GFLOP/s`;
    say(`${name}: Gemm ${share}, ${reached} (${((100 * gemmGflops) / peakGflops).toFixed(0)}% of the peak)`);
  }
}

const rounds = Number(options.rounds);
if (!Number.isInteger(rounds) || rounds < 1)
  throw new Error(`--rounds: expected a whole number, got ${options.rounds}`);
const load = Number(os.loadavg()[0].toFixed(2));
const machine = { cpu: os.cpus()[0].model.trim(), cores: os.cpus().length, loadBefore: load };
say(`${machine.cpu}, ${machine.cores} cores, load ${load}`);
if (load > BUSY_LOAD) say(`warning: the load was ${load} before the start; other programs may be in these figures`);

const sides = await startSides();
const versions = Object.assign({ node: process.version }, ...sides.map((side) => side.versions));
say(
  Object.entries(versions)
    .map(([name, version]) => `${name} ${version}`)
    .join(', '),
);

const times = await timeRounds(sides, rounds, (side) => side.run(2 * side.steps));
const steps = Object.fromEntries([...times].map(([name, row]) => [name, summary(row)]));
const result = { machine, versions, rounds, steps, ratio: ratios(times), gemm: await profiles(sides) };
for (const side of sides) side.stop();
printResult(result);
if (options.write) {
  mkdirSync(here('results'), { recursive: true });
  writeFileSync(here('results/train.json'), `${JSON.stringify(result, null, 2)}\n`);
}
