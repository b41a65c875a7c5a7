/**
 * What a run folder costs: the time of a training that keeps one (checkpoints, metric log, frames) against the same
 * training without, in turns in one process. `node bench/checkpoints.mjs [--epochs 8] [--rounds 4] [--every 30]
 * [--threads 2]`, the preset `altosaar` on glyphs; `every` is the least seconds between checkpoints. Needs a build.
 */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { nodeRuntime } from '../dist/engine/runtime/node.js';
import { runEffects } from '../dist/lab/runs/runEffects.js';
import { runJob } from '../dist/lab/runs/runJob.js';
import { describeVersions } from '../dist/lab/studies/machine.js';
import { presets } from '../dist/vae/presets/index.js';
import { train } from '../dist/vae/training/index.js';
import { quantile, summary } from './statistics.mjs';

const { values } = parseArgs({
  options: {
    epochs: { type: 'string', default: '8' },
    rounds: { type: 'string', default: '4' },
    every: { type: 'string', default: '30' },
    threads: { type: 'string', default: '2' },
  },
});
const [epochs, rounds, every, threads] = ['epochs', 'rounds', 'every', 'threads'].map((name) => Number(values[name]));
const config = {
  ...{ ...presets.altosaar, preset: 'altosaar', regime: 'joint', kl: 'analytic', draws: 'fresh', seed: 1 },
  ...{ data: 'glyphs', epochs, threads },
};
const load = loadavg()[0];
const data = await runEffects.openData({ config });
const root = await mkdtemp(join(tmpdir(), 'zdist-bench-checkpoints-'));

/** Seconds of the training alone, and how many states were written. */
const without = async () => {
  const begun = performance.now();
  const { steps } = await train(config, data, nodeRuntime({ threads }));
  return { seconds: (performance.now() - begun) / 1000, steps, checkpoints: 0 };
};

/** The same by a run that keeps its folder; what it measures and draws after its training is left out. */
const persisted = async (round) => {
  let seconds;
  let checkpoints = 0;
  const effects = {
    ...runEffects,
    openData: () => Promise.resolve(data),
    train: async (...args) => {
      const begun = performance.now();
      const model = await runEffects.train(...args);
      seconds = (performance.now() - begun) / 1000;
      return model;
    },
    measureModel: () => Promise.resolve({}),
    measureControls: () => Promise.resolve({ images: [] }),
  };
  const ignore = () => undefined;
  const listener = { onProgress: ignore, onEvaluation: ignore, onNote: ignore, stopReason: ignore };
  const folder = join(root, String(round));
  const job = { name: 'run', folder, config, checkpointSeconds: every };
  const { result } = await runJob(job, effects, { ...listener, onCheckpoint: () => checkpoints++ });
  if (result.state !== 'done') throw new Error(`expected a run that is done, got ${result.state}: ${result.error}`);
  const frames = (await readdir(join(folder, 'samples'))).filter((name) => name.startsWith('step-')).length;
  return { seconds, steps: result.steps, checkpoints, frames };
};

const times = { without: [], persisted: [] };
let last;
try {
  for (let round = 0; round < rounds; round++) {
    for (const side of round % 2 === 0 ? ['without', 'persisted'] : ['persisted', 'without']) {
      const done = await (side === 'without' ? without() : persisted(round));
      times[side].push((1000 * done.seconds) / done.steps);
      if (side === 'persisted') last = done;
    }
  }
} finally {
  await rm(root, { recursive: true, force: true });
}
const ratios = times.persisted.map((ms, i) => ms / times.without[i]);
console.log(
  JSON.stringify(
    {
      ...{ unit: 'ms a step', epochs, rounds, every, threads, last },
      ...{ without: summary(times.without), persisted: summary(times.persisted) },
      ...{
        ratio: Number(quantile(ratios, 0.5).toPrecision(4)),
        ratios: ratios.map((ratio) => Number(ratio.toPrecision(4))),
      },
      ...{ versions: describeVersions(), cores: availableParallelism(), load },
    },
    null,
    2,
  ),
);
