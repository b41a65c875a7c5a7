// Time of 10,000 images from a generator.onnx that is loaded already:
//
//   node bench/generator.mjs --generator repair/generator.onnx [--n 10000] [--rounds 15] [--write]
//                                            --write keeps the result in bench/results/generator.json
//
// Sides are blocks of 500, 1000, 2000 and n images, on 1 and 2 threads, interleaved: each round runs every side once. The
// noise is drawn before; a run ends when all images are in the program's memory. A sum over them is taken afterwards, so
// that none is left out. Processor time, of all threads together, is disturbed less by other programs.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import { parseArgs } from 'node:util';
import { portsOf } from '../dist/engine/onnx/index.js';
import { float32 } from '../dist/engine/runtime/index.js';
import { nodeRuntime } from '../dist/engine/runtime/node.js';
import { keyedStream, VERSION } from '../dist/index.js';
import { timeRounds } from './rounds.mjs';
import { summary } from './statistics.mjs';

const require = createRequire(import.meta.url);
const { values: options } = parseArgs({
  options: {
    generator: { type: 'string' },
    n: { type: 'string', default: '10000' },
    rounds: { type: 'string', default: '15' },
    write: { type: 'boolean', default: false },
  },
});
if (!options.generator) throw new Error('--generator: expected a generator.onnx, got none');
const n = Number(options.n);

const bytes = readFileSync(options.generator);
const { inputs, metadata } = portsOf(bytes, options.generator);
const width = inputs[0].dims[1];
const noise = new Float32Array(n * width);
keyedStream(1, 'bench/noise', 0).fillNormal(noise);

async function sideOf(threads, block) {
  // Threads of two sessions that wait by spinning would take the cores from the side that runs.
  const session = await nodeRuntime({ threads, spin: false }).load(bytes);
  const cpu = [];
  const run = async () => {
    const [started, used] = [performance.now(), process.cpuUsage()];
    const blocks = [];
    for (let from = 0; from < n; from += block) {
      const to = Math.min(n, from + block);
      const { image } = await session.run({
        noise: float32(noise.subarray(from * width, to * width), [to - from, width]),
      });
      blocks.push(image.data);
    }
    const ms = performance.now() - started;
    const { user, system } = process.cpuUsage(used);
    cpu.push((user + system) / 1e3);
    const sum = blocks.reduce((total, data) => total + data[0] + data[data.length - 1], 0);
    if (!Number.isFinite(sum)) throw new Error(`expected finite images, got ${sum}`);
    return ms;
  };
  return { name: `${threads} thread${threads === 1 ? '' : 's'}, blocks of ${block}`, run, cpu };
}

const load = os.loadavg()[0];
if (load > 0.5) console.log(`warning: the load is ${load.toFixed(2)}; figures of a busy machine are too long`);
const sides = [];
for (const threads of [1, 2]) for (const block of [500, 1000, 2000, n]) sides.push(await sideOf(threads, block));
const times = await timeRounds(sides, Number(options.rounds));
const result = {
  n,
  sampler: metadata['zdist.samplerName'],
  pixels: Number(metadata['zdist.width']) * Number(metadata['zdist.height']),
  rounds: Number(options.rounds),
  load,
  cpu: os.cpus()[0].model,
  cores: os.cpus().length,
  versions: {
    zdist: VERSION,
    node: process.versions.node,
    'onnxruntime-node': require('onnxruntime-node/package.json').version,
  },
  ms: Object.fromEntries([...times].map(([name, values]) => [name, summary(values)])),
  // The first run of each side is the untimed one.
  cpuMs: Object.fromEntries(sides.map(({ name, cpu }) => [name, summary(cpu.slice(1))])),
};
console.log(`${n} images of ${result.pixels} pixels, ${result.sampler}, load ${load.toFixed(2)}`);
console.log(
  Object.entries(result.versions)
    .map((pair) => pair.join(' '))
    .join(', '),
);
for (const [name, { median, q1, q3 }] of Object.entries(result.ms)) {
  console.log(
    `  ${name.padEnd(28)} median ${median} ms, quartiles ${q1} .. ${q3}; processor ${result.cpuMs[name].median} ms`,
  );
}
if (options.write) {
  const folder = new URL('results/', import.meta.url);
  mkdirSync(folder, { recursive: true });
  writeFileSync(new URL('generator.json', folder), `${JSON.stringify(result, null, 2)}\n`);
}
