/**
 * Times log q(z) under the mixture of all posteriors in zdist and PyTorch, interleaved, on this machine, and then one
 * whole decomposition of the rate in zdist.
 *
 *   node bench/audit.mjs [--rounds 7] [--n 60000] [--latents 32] [--draws 10000] [--write]
 *
 * --write keeps the result in bench/results/audit.json.
 *
 * The codes are those of a VAE with half of its latents in use: σ from 0.1 to 0.9 and Var(μ) = 1 − σ² there, N(0, 1)
 * elsewhere, all a little off. Every side reads the same float32 values from a folder made for the run.
 *
 * Each side is a process of its own that lives through the whole bench: `zdist_audit.mjs FOLDER THREADS` and
 * `audit_torch.py FOLDER THREADS ROWS COMPONENTS`, and talks as those of train.mjs do:
 *
 *   on start, when ready   {"ready": true, "versions": {"torch": "1.13.0", ...}}
 *   {"run": n}          -> {"ms": x, "loss": y}   evaluates n times; x milliseconds each, y the mean of ln q(z) in nats
 *   "profile"           -> {"cpuMs": c, "mixturePeakMiB": m}   processor time of an evaluation, all threads together, and
 *                                                 the largest resident memory so far; zdist adds `error` (largest
 *                                                 difference to float64 term by term over 20 rows, nats),
 *                                                 `decompositionMs`, `peakMiB` with the decomposition, and its `terms`
 *   end of stdin        -> the process exits
 */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { findPython } from './python.mjs';
import { SETTLE_MS, timeRounds } from './rounds.mjs';
import { startSide } from './side.mjs';
import { summary } from './statistics.mjs';

const BUSY_LOAD = 0.5;

const here = (file) => fileURLToPath(new URL(file, import.meta.url));
const say = (text) => process.stdout.write(`${text}\n`);

const text = (value) => ({ type: 'string', default: value });
const { values: options } = parseArgs({
  options: {
    rounds: text('7'),
    n: text('60000'),
    latents: text('32'),
    draws: text('10000'),
    write: { type: 'boolean', default: false },
  },
});
const whole = (name) => {
  const value = Number(options[name]);
  if (Number.isInteger(value) && value >= 1) return value;
  throw new Error(`--${name}: expected a whole number, got ${options[name]}`);
};
const [rounds, n, latents, draws] = ['rounds', 'n', 'latents', 'draws'].map(whole);

/** mu, sigma [n, latents] and z [draws, latents], z drawn from the codes. */
async function writeCodes(folder) {
  const { keyedStream } = await import('../dist/index.js');
  const normals = (name, count) => {
    const out = new Float32Array(count);
    keyedStream(1, `bench/${name}`, 0).fillNormal(out);
    return out;
  };
  const active = Math.ceil(latents / 2);
  const scale = (d) => (d < active ? 0.1 + (0.8 * (d + 0.5)) / active : 1);
  const sigma = normals('sigma', n * latents).map((e, i) => scale(i % latents) * Math.exp(0.1 * e));
  const mu = normals('mu', n * latents).map((e, i) => e * Math.sqrt(1.0004 - scale(i % latents) ** 2));
  const images = keyedStream(1, 'bench/images', 0);
  const z = normals('z', draws * latents);
  for (let s = 0; s < draws; s++) {
    const code = images.below(n) * latents;
    for (let d = 0; d < latents; d++) z[s * latents + d] = mu[code + d] + sigma[code + d] * z[s * latents + d];
  }
  for (const [name, values] of Object.entries({ mu, sigma, z })) {
    writeFileSync(path.join(folder, `${name}.f32`), new Uint8Array(values.buffer));
  }
  writeFileSync(path.join(folder, 'shape.json'), JSON.stringify({ n, latents, draws }));
}

function plannedSides(folder) {
  const python = findPython('torch');
  const zdist = [1, 2].map((threads) => ({
    name: threads === 1 ? 'zdist, 1 thread' : `zdist, ${threads} threads`,
    command: process.execPath,
    args: [here('zdist_audit.mjs'), folder, String(threads)],
    steps: 1,
  }));
  // Blocks that fit a cache serve PyTorch best; blocks of whole rows are what one writes first.
  const torch = [
    { name: 'torch, 1 thread, 200 x 2000', args: [1, 200, 2000] },
    { name: 'torch, 2 threads, 200 x 2000', args: [2, 200, 2000] },
    { name: 'torch, 2 threads, 1000 x N', args: [2, 1000, 0] },
  ].map(({ name, args }) => ({
    name,
    missing: python ? undefined : 'no python3 that imports torch',
    command: python,
    args: [here('audit_torch.py'), folder, ...args.map(String)],
    steps: 1,
  }));
  return [...zdist, ...torch];
}

async function startSides(folder) {
  const sides = [];
  for (const plan of plannedSides(folder)) {
    if (plan.missing) say(`left out: ${plan.name}: ${plan.missing}`);
    else sides.push(await startSide(plan));
  }
  return sides;
}

/** Ratios pair the two sides within a round, so that a slow spell of the machine falls on both. */
function ratiosToTorch(times) {
  const ours = times.get('zdist, 2 threads');
  const torch = [...times].filter(([name]) => name.startsWith('torch'));
  return Object.fromEntries(
    torch.map(([name, theirs]) => [`zdist, 2 threads / ${name}`, summary(ours.map((ms, round) => ms / theirs[round]))]),
  );
}

function printResult({ logProb, ratio, profiles }) {
  const number = (x) => x.toPrecision(4).padStart(9);
  say(`\n${`ms for ln q(z), N ${n}, D ${latents}, S ${draws}`.padEnd(48)}   median  quartiles`);
  for (const [name, row] of Object.entries({ ...logProb, ...ratio })) {
    say(`${name.padEnd(48)}${number(row.median)} ${number(row.q1)} ..${number(row.q3)}`);
  }
  for (const [name, { cpuMs, mixturePeakMiB, error, decompositionMs, peakMiB }] of Object.entries(profiles)) {
    const more =
      error === undefined
        ? ''
        : `; off by ${error.toExponential(1)} nats at most; whole decomposition ${(decompositionMs / 1e3).toFixed(1)} s, ` +
          `${peakMiB.toFixed(0)} MiB`;
    say(`${name}: ${cpuMs.toFixed(0)} ms of processor time, ${mixturePeakMiB.toFixed(0)} MiB at most${more}`);
  }
}

if (!existsSync(here('../dist/index.js'))) throw new Error('dist: expected a build, got none: run npm run build first');
const load = Number(os.loadavg()[0].toFixed(2));
const machine = { cpu: os.cpus()[0].model.trim(), cores: os.cpus().length, loadBefore: load };
say(`${machine.cpu}, ${machine.cores} cores, load ${load}`);
if (load > BUSY_LOAD) say(`warning: the load was ${load} before the start; other programs may be in these figures`);

const folder = mkdtempSync(path.join(os.tmpdir(), 'zdist-bench-'));
try {
  await writeCodes(folder);
  const sides = await startSides(folder);
  const versions = Object.assign({ node: process.version }, ...sides.map((side) => side.versions));
  say(
    Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(', '),
  );
  const times = await timeRounds(sides, rounds);
  const profiles = {};
  for (const side of sides) {
    await sleep(SETTLE_MS);
    profiles[side.name] = await side.profile();
    side.stop();
  }
  const logProb = Object.fromEntries([...times].map(([name, row]) => [name, summary(row)]));
  const result = { machine, versions, rounds, n, latents, draws, logProb, ratio: ratiosToTorch(times), profiles };
  printResult(result);
  if (options.write) {
    mkdirSync(here('results'), { recursive: true });
    writeFileSync(here('results/audit.json'), `${JSON.stringify(result, null, 2)}\n`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
