// The zdist side of the training bench: `node zdist_step.mjs THREADS`. Protocol: see train.mjs.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {
  createTrainer,
  float32,
  input,
  keyedStream,
  matmul,
  mlpOf,
  phaseStep,
  presets,
  regimes,
  toModel,
  uint8,
  VERSION,
} from '../dist/index.js';
import { nodeRuntime } from '../dist/node.js';
import { answer } from './answer.mjs';

const threads = Number(process.argv[2] ?? 1);
const CHUNK = 50;
const PIXELS = 784;
const LATENTS = 128;
const BATCH = 128;
const config = { preset: 'altosaar', ...presets.altosaar, regime: 'joint', kl: 'analytic', seed: 1, epochs: 1 };
const model = mlpOf(config, PIXELS);
const info = { version: VERSION };

/** One step is traced, differentiated and compiled as `zdist train` does it. */
const startTrainer = async (runtime) => {
  const { step, optimizer } = phaseStep(config, model, regimes.joint.phases[0]);
  const count = step.next.parameters.shape[0];
  const learned = new Float32Array(count);
  keyedStream(1, 'bench/init', 0).fillUniform(learned, -0.05, 0.05);
  return createTrainer({ step, optimizer, runtime, info, learned, frozen: new Float32Array(0) });
};

/** Images and noise of the next steps: bytes copied and normals drawn anew, as in training. */
const images = new Uint8Array(1000 * PIXELS);
keyedStream(1, 'bench/images', 0)
  .permutation(images.length)
  .forEach((at, i) => {
    images[at] = i < 0.2 * images.length ? 1 : 0;
  });
const feedsOf = (from, count) => {
  const x = new Uint8Array(count * BATCH * PIXELS);
  const noise = new Float32Array(count * BATCH * LATENTS);
  for (let k = 0; k < count; k++) {
    for (let i = 0; i < BATCH; i++) {
      const at = ((((from + k) * BATCH + i) * 7) % 1000) * PIXELS;
      x.set(images.subarray(at, at + PIXELS), (k * BATCH + i) * PIXELS);
    }
    keyedStream(1, 'noise', from + k).fillNormal(noise.subarray(k * BATCH * LATENTS, (k + 1) * BATCH * LATENTS));
  }
  return { x: uint8(x, [count, BATCH, PIXELS]), noise: float32(noise, [count, BATCH, LATENTS]) };
};

const trainer = await startTrainer(nodeRuntime({ threads }));
const run = async (n) => {
  const start = performance.now();
  let loss = 0;
  for (let done = 0; done < n; done += CHUNK) {
    const count = Math.min(CHUNK, n - done);
    ({ loss } = await trainer.run(count, feedsOf(trainer.taken, count)));
  }
  return { ms: (performance.now() - start) / n, loss };
};

/** Floating-point operations of the products of one step: forward, weight gradients, input gradients. */
const productFlops = () => {
  const layers = [PIXELS, 256, 256, 2 * LATENTS].slice(1).map((out, i) => [[PIXELS, 256, 256][i], out]);
  layers.push([LATENTS, 256], [256, 256], [256, PIXELS]);
  const products = layers.length * 3 - 1; // the pixels need no gradient
  const once = layers.reduce((sum, [a, b]) => sum + 2 * BATCH * a * b, 0);
  return { products, flops: 3 * once - 2 * BATCH * PIXELS * 256 };
};

const peakGflops = async () => {
  const n = 1024;
  const a = input('a', [n, n]);
  const session = await nodeRuntime({ threads }).load(toModel({ y: matmul(a, input('b', [n, n])) }, info));
  const values = new Float32Array(n * n).fill(0.5);
  const feeds = { a: float32(values, [n, n]), b: float32(values, [n, n]) };
  const times = [];
  for (let i = 0; i < 12; i++) {
    const start = performance.now();
    await session.run(feeds);
    times.push(performance.now() - start);
  }
  await session.release();
  return (2 * n ** 3) / (Math.min(...times) * 1e6);
};

/** Operator times from the runtime's own profile; control flow is left out, since it contains the others. */
const profile = async () => {
  const steps = 200;
  const folder = mkdtempSync(path.join(os.tmpdir(), 'zdist-profile-'));
  try {
    const profiled = await startTrainer(nodeRuntime({ threads, profile: path.join(folder, 'run') }));
    for (let done = 0; done < steps; done += CHUNK) await profiled.run(CHUNK, feedsOf(done, CHUNK));
    await profiled.release();
    const events = JSON.parse(readFileSync(path.join(folder, readdirSync(folder)[0]), 'utf8'));
    const times = new Map();
    for (const { cat, dur, args } of events) {
      if (cat !== 'Node' || !args?.op_name || ['Loop', 'If'].includes(args.op_name)) continue;
      times.set(args.op_name, (times.get(args.op_name) ?? 0) + dur / 1000 / steps);
    }
    const total = [...times.values()].reduce((a, b) => a + b, 0);
    const gemmMs = ['Gemm', 'MatMul', 'FusedGemm', 'FusedMatMul'].reduce((sum, op) => sum + (times.get(op) ?? 0), 0);
    const operators = Object.fromEntries(
      [...times].sort((a, b) => b[1] - a[1]).map(([op, ms]) => [op, Number(ms.toFixed(4))]),
    );
    return {
      gemmShare: gemmMs / total,
      gemmMs,
      gemmGflops: productFlops().flops / (gemmMs * 1e6),
      peakGflops: await peakGflops(),
      operators,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

await answer({ run, profile });
await trainer.release();
