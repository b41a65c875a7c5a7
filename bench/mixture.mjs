/**
 * Times the fit of a Gaussian mixture with full covariances in zdist and scikit-learn, interleaved, on this machine, and
 * compares their log-likelihood on held-out codes.
 *
 *   /usr/bin/python3 bench/mixture_codes.py MNIST_FOLDER CODES_FOLDER 16
 *   node bench/mixture.mjs --codes CODES_FOLDER [--components 40] [--starts 3] [--rounds 3] [--python PATH]... [--write]
 *                                                       --python names one that imports sklearn, once for each version
 *                                                       --write keeps the result in bench/results/mixture.json
 *
 * CODES_FOLDER holds train.f32 and test.f32: draws z ~ q(z), rows of little-endian float32, and codes.json: {"latents",
 * "source"}. All sides get the same number of starts, their own default tolerance (1e-3) and at most 100 iterations; round
 * r fits with seed r. The ratio is to the fastest scikit-learn: on one thread or two, of all versions.
 *
 * Each side is a process of its own: `mixture_zdist.mjs` and `mixture_sklearn.py`, with the arguments FOLDER LATENTS
 * COMPONENTS STARTS THREADS. It reads one JSON value a line from stdin and answers each with one JSON object a line on stdout:
 *
 *   on start, when ready   {"ready": true, "versions": {"scikit-learn": "1.2.1", ...}}
 *   {"run": seed}       -> {"ms": x, "loss": y}     the wall-clock milliseconds of one whole fit; y is minus the mean
 *                                                   log-likelihood of the held-out codes, in nats
 *   "profile"           -> {"heldOut": [..], "iterations": [..]}       of all fits so far
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { findPython, moduleVersion } from './python.mjs';
import { startSide } from './side.mjs';
import { summary } from './statistics.mjs';

const ZDIST = 'zdist, 2 threads';
const SETTLE_MS = 200;
const BUSY_LOAD = 0.5;

const here = (file) => fileURLToPath(new URL(file, import.meta.url));
const say = (text) => process.stdout.write(`${text}\n`);

const { values: options } = parseArgs({
  options: {
    codes: { type: 'string' },
    components: { type: 'string', default: '40' },
    starts: { type: 'string', default: '3' },
    rounds: { type: 'string', default: '3' },
    python: { type: 'string', multiple: true },
    write: { type: 'boolean', default: false },
  },
});

function wholeOption(name) {
  const value = Number(options[name]);
  if (Number.isInteger(value) && value >= 1) return value;
  throw new Error(`--${name}: expected a whole number above 0, got ${options[name]}`);
}

function plannedSides(codes, latents, components, starts) {
  const args = [codes, latents, components, starts].map(String);
  const zdist = {
    name: ZDIST,
    missing: existsSync(here('../dist/index.js')) ? undefined : 'run npm run build first',
    command: process.execPath,
    args: [here('mixture_zdist.mjs'), ...args, '2'],
  };
  const sklearn = (options.python ?? [findPython('sklearn')]).flatMap((python) => {
    const version = python && moduleVersion(python, 'sklearn');
    return [1, 2].map((threads) => ({
      name: `scikit-learn ${version}, ${threads} thread${threads === 1 ? '' : 's'}`,
      missing: version ? undefined : `${python ?? 'no python3'}: expected one that imports sklearn`,
      command: python,
      args: [here('mixture_sklearn.py'), ...args, String(threads)],
    }));
  });
  return [zdist, ...sklearn];
}

if (!options.codes) throw new Error('--codes: expected a folder of codes, got none');
const [components, starts, rounds] = [wholeOption('components'), wholeOption('starts'), wholeOption('rounds')];
const codes = path.resolve(options.codes);
const { latents, source } = JSON.parse(readFileSync(path.join(codes, 'codes.json'), 'utf8'));
const load = Number(os.loadavg()[0].toFixed(2));
const machine = { cpu: os.cpus()[0].model.trim(), cores: os.cpus().length, loadBefore: load };
say(`${machine.cpu}, ${machine.cores} cores, load ${load}`);
if (load > BUSY_LOAD) say(`warning: the load was ${load} before the start; other programs may be in these figures`);

const sides = [];
for (const plan of plannedSides(codes, latents, components, starts)) {
  if (plan.missing) throw new Error(`${plan.name}: ${plan.missing}`);
  sides.push(await startSide(plan));
}
const times = Object.fromEntries(sides.map(({ name }) => [name, []]));
for (let round = 1; round <= rounds; round++) {
  for (let i = 0; i < sides.length; i++) {
    const side = sides[(round + i) % sides.length];
    await sleep(SETTLE_MS);
    times[side.name].push((await side.run(round)) / 1e3);
  }
}
const found = {};
for (const side of sides) found[side.name] = await side.profile();
for (const side of sides) side.stop();

const seconds = Object.fromEntries(Object.entries(times).map(([name, row]) => [name, summary(row)]));
const [best] = sides
  .map(({ name }) => name)
  .filter((name) => name !== ZDIST)
  .sort((a, b) => seconds[a].median - seconds[b].median);
const result = {
  machine,
  versions: { node: process.version, ...Object.fromEntries(sides.map(({ name, versions }) => [name, versions])) },
  codes: source,
  latents,
  components,
  starts,
  rounds,
  seconds,
  ratio: { [`${ZDIST} / ${best}`]: summary(times[ZDIST].map((own, round) => own / times[best][round])) },
  heldOutGain: summary(found[ZDIST].heldOut.map((value, round) => value - found[best].heldOut[round])),
  found,
};
say(JSON.stringify(result, null, 2));
if (options.write) {
  mkdirSync(here('results'), { recursive: true });
  writeFileSync(here('results/mixture.json'), `${JSON.stringify(result, null, 2)}\n`);
}
