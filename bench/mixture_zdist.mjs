/** The zdist side of `mixture.mjs`: see there for arguments and protocol. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { nodeRuntime } from '../dist/engine/runtime/node.js';
import { fitGaussianMixture } from '../dist/latent/samplers/index.js';

const require = createRequire(import.meta.url);
const [folder, ...numbers] = process.argv.slice(2);
const [latents, components, starts, threads] = numbers.map(Number);

function draws(name) {
  const bytes = readFileSync(path.join(folder, name));
  const z = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  return { z, n: z.length / latents, latents };
}

const answer = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);
const [train, test] = [draws('train.f32'), draws('test.f32')];
const runtime = nodeRuntime({ threads });
const found = { heldOut: [], iterations: [] };
answer({
  ready: true,
  versions: {
    zdist: require('../package.json').version,
    'onnxruntime-node': require('onnxruntime-node/package.json').version,
  },
});

for await (const line of createInterface({ input: process.stdin })) {
  const message = JSON.parse(line);
  if (message === 'profile') {
    answer(found);
    continue;
  }
  const begun = performance.now();
  const mixture = await fitGaussianMixture(train, {
    components,
    covariance: 'full',
    starts,
    seed: message.run,
    runtime,
  });
  const ms = performance.now() - begun;
  const values = await mixture.logProb(test.z);
  const heldOut = values.reduce((sum, value) => sum + value, 0) / values.length;
  found.heldOut.push(heldOut);
  found.iterations.push(mixture.iterations);
  answer({ ms, loss: -heldOut });
}
