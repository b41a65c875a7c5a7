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

/** A model with the seconds that its training took: by the clock, and of the processor, which others do not slow. */
const timed = async (training) => {
  const [begun, before] = [performance.now(), process.cpuUsage()];
  const model = await training();
  const { user, system } = process.cpuUsage(before);
  return { model, times: { seconds: (performance.now() - begun) / 1000, processor: (user + system) / 1e6 } };
};

const without = async () => {
  const { model, times } = await timed(() => train(config, data, nodeRuntime({ threads })));
  return { ...times, steps: model.steps };
};

/** The same by a run that keeps its folder; what it measures and draws after its training is left out. */
const persisted = async (round) => {
  let taken;
  let checkpoints = 0;
  const effects = {
    ...runEffects,
    openData: () => Promise.resolve(data),
    train: async (...args) => {
      const { model, times } = await timed(() => runEffects.train(...args));
      taken = times;
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
  return { ...taken, steps: result.steps, checkpoints, frames };
};

const done = { without: [], persisted: [] };
try {
  for (let round = 0; round < rounds; round++) {
    for (const side of round % 2 === 0 ? ['without', 'persisted'] : ['persisted', 'without']) {
      done[side].push(await (side === 'without' ? without() : persisted(round)));
    }
  }
} finally {
  await rm(root, { recursive: true, force: true });
}
/** Milliseconds a step of both sides, and the median of the ratios within a round. */
const compared = (what) => {
  const of = (side) => done[side].map((each) => (1000 * each[what]) / each.steps);
  const ratio = quantile(
    of('persisted').map((ms, i) => ms / of('without')[i]),
    0.5,
  );
  return { without: summary(of('without')), persisted: summary(of('persisted')), ratio: Number(ratio.toPrecision(4)) };
};
const { checkpoints, frames } = done.persisted.at(-1);
console.log(
  JSON.stringify(
    {
      ...{ unit: 'ms a step', epochs, rounds, every, threads, checkpoints, frames },
      ...{ clock: compared('seconds'), processor: compared('processor') },
      ...{ versions: describeVersions(), cores: availableParallelism(), load },
    },
    null,
    2,
  ),
);
