/** A laboratory without mathematics: training that takes no time, to test what is around it. */
import files from 'node:fs/promises';
import type { Effects, Laboratory } from '../../src/lab/commands/effects.js';
import type { RunConfig } from '../../src/lab/config/index.js';
import type { OpenedDataset } from '../../src/lab/data/index.js';
import type { Output } from '../../src/lab/progress/index.js';
import type { RunChild } from '../../src/lab/runs/child.js';
import type { FromChild, RunJob } from '../../src/lab/runs/job.js';
import { processesHere } from '../../src/lab/runs/lock/writers.js';
import type { Measures } from '../../src/lab/runs/measureModel.js';
import type { Origin } from '../../src/lab/runs/origin.js';
import { type RunEffects, runJob } from '../../src/lab/runs/runJob.js';
import type { Model, Train } from '../../src/lab/runs/trainer.js';
import type {
  Controls,
  CurvePoint,
  DataDescription,
  Estimate,
  ImageEstimates,
  RunResult,
  Study,
  StudyExtractor,
} from '../../src/lab/studies/study.js';
import { summarizeCodes } from '../../src/latent/codes/index.js';
import type { ImageSet } from '../../src/vae/data/index.js';

export const altosaar = {
  preset: 'altosaar',
  batch: 128,
  hidden: [256, 256],
  latents: 128,
  scale: 'softplus',
  binarisation: 'threshold',
  optimizer: { name: 'rmsprop', lr: 1e-3, alpha: 0.99, eps: 1e-8, centered: true },
} as const;

export const runConfig: RunConfig = {
  ...altosaar,
  regime: 'joint',
  kl: 'analytic',
  seed: 1,
  epochs: 2,
  data: 'glyphs',
  threads: 1,
};

export const estimate = (value: number, se = 0.1): Estimate => ({ value, se, n: 10_000, seed: 1 });

export const point = (step: number, rate = 19.4, score = -77.3): CurvePoint => ({
  step,
  epoch: step / 100,
  rate: estimate(rate),
  rateMc: estimate(rate),
  score: estimate(score),
  elbo: estimate(score - rate),
  momentKl: estimate(rate / 2),
  momentKlDraws: estimate(rate / 2 + 1),
});

export const { step: _step, epoch: _epoch, ...finalValues } = point(0);

export const runResult = (changes: Partial<RunResult> = {}): RunResult => ({
  name: 'joint-analytic-seed1',
  regime: 'joint',
  kl: 'analytic',
  seed: 1,
  preset: 'altosaar',
  latents: 128,
  trained: ['encoder', 'decoder'],
  state: 'done',
  epochs: 2,
  batch: 128,
  steps: 200,
  parameters: 1000,
  seconds: 12,
  msPerStep: 4.6,
  folder: 'runs/joint-analytic-seed1',
  final: finalValues,
  curve: [point(0), point(200)],
  images: [],
  ...changes,
});

const imageSet = (count: number): ImageSet => ({ pixels: new Uint8Array(count * 784), count, height: 28, width: 28 });
export const dataset: OpenedDataset = {
  name: 'glyphs',
  train: imageSet(120),
  test: imageSet(20),
  sha256: '00'.repeat(32),
  source: 'drawn',
};

export const description: DataDescription = {
  name: 'glyphs',
  train: 120,
  test: 20,
  width: 28,
  height: 28,
  binarisation: 'threshold',
  sha256: '00',
  source: 'drawn',
};

/** Codes of two images after so many steps. */
const probe = (step: number) => ({
  mu: new Float32Array(2 * 128).fill(step),
  sigma: new Float32Array(2 * 128).fill(0.5),
});

export const fakeModel = (state: Model['state'], steps: number, curve: CurvePoint[]): Model => ({
  state,
  steps,
  curve,
  final: finalValues,
  probes: { images: 2, points: curve.map(({ step, epoch }) => ({ step, epoch, ...probe(step) })) },
  msPerStep: 4.6,
  trained: ['encoder', 'decoder'],
  momentBatch: 500,
  parameters: { weight: new Float32Array(10), bias: new Float32Array(2) },
  encoderOnnx: () => new Uint8Array([1]),
  decoderOnnx: () => new Uint8Array([2]),
  encode: (x) => Promise.resolve({ mu: new Float32Array((x.length / 784) * 128), sigma: new Float32Array(8192) }),
  decode: (z) => Promise.resolve(new Float32Array((z.length / 128) * 784)),
  decodeLogits: (z) => Promise.resolve(new Float32Array((z.length / 128) * 784)),
});

/** Codes that say nothing, and samples that are all alike. */
export const measures: Required<Measures> = {
  codes: summarizeCodes(new Float32Array(20 * 128), new Float32Array(20 * 128).fill(1), 128, 1),
  nearest: { samples: 120, prior: estimate(210), encoder: estimate(200), fitted: estimate(205) },
};

export const extractor: StudyExtractor = {
  file: 'extractor.onnx',
  name: 'classifier 784-256-64-10, its last hidden layer',
  distance: 'classifier Fréchet distance',
  hash: '0123456789abcdef',
};

const images = (frechet: number): ImageEstimates => ({
  frechet: estimate(frechet, 0.5),
  kernelDistance: estimate(frechet / 10, 0.05),
  precision: estimate(0.9, 0.01),
  recall: estimate(0.8, 0.01),
  density: estimate(1, 0.02),
  coverage: estimate(0.85, 0.01),
});

/** A hole that a mixture fills. */
export const controls: Controls = {
  fittedTo: 120,
  draws: 20,
  posterior: { images: images(3) },
  prior: { images: images(26), holeMass: estimate(0.2, 0.01) },
  fitted: {
    name: 'mixture of 10 full Gaussians',
    family: 'mixture-10',
    images: images(9),
    holeMass: estimate(0.04, 0.005),
    heldOutLogQ: estimate(-181, 0.1),
    gain: estimate(0.7, 0.04),
  },
  why: 'Of 6 samplers, mixture of 10 full Gaussians describes held-out codes best.',
  nearer: { posterior: estimate(23, 1), fitted: estimate(17, 1.2) },
  shares: { decoder: estimate(0.07, 0.02), hole: estimate(0.7, 0.03), fit: estimate(0.23, 0.03) },
};

/** Four chunks of 50 steps, an evaluation after each; `interfere` may throw or wait before a chunk. */
export const fakeTrain =
  (interfere: (config: RunConfig, chunk: number) => void | Promise<void> = () => undefined): Train =>
  async (config, _data, hooks) => {
    const curve: CurvePoint[] = [];
    const weights = new Float32Array(1);
    for (let chunk = 0; chunk < 4; chunk++) {
      if (hooks.shouldStop()) return fakeModel('interrupted', 50 * chunk, curve);
      await interfere(config, chunk);
      const step = 50 * (chunk + 1);
      const progress = { step, steps: 200, epoch: step / 100, phase: 'joint', loss: 98, rate: 19, score: -79 };
      hooks.onProgress({ ...progress, msPerStep: 4.6 });
      curve.push(point(step));
      await hooks.onEvaluation(point(step), probe(step), { encoder: weights, decoder: weights });
      await new Promise((resolve) => setImmediate(resolve));
    }
    return fakeModel('done', 200, curve);
  };

export const origin: Origin = {
  versions: { zdist: '0.1.0' },
  machine: { cpu: 'a CPU', cores: 2, memoryGiB: 4, platform: 'linux x64' },
  git: null,
};

export const runEffects = (changes: Partial<RunEffects> = {}): RunEffects => ({
  files,
  now: () => Date.now(),
  processes: processesHere(),
  describeOrigin: () => Promise.resolve(origin),
  repeat: () => () => undefined,
  train: fakeTrain(),
  openData: () => Promise.resolve(dataset),
  encodeCodes: () => Promise.resolve(new Uint8Array([3])),
  measureModel: () => Promise.resolve(measures),
  measureControls: () => Promise.resolve({ controls, images: [] }),
  viewFrames: () =>
    Promise.resolve({
      png: (decoder) => Promise.resolve(new Uint8Array(decoder.slice().buffer)),
      release: () => Promise.resolve(),
    }),
  drawSamples: () => Promise.resolve([{ z: 'prior', file: 'samples/prior.png', rows: 8, columns: 8, seed: 1 }]),
  ...changes,
});

/** A child that is no process: it runs its job here, with messages that arrive later, as they do between processes. */
export const childHere =
  (effects: RunEffects, jobs: RunJob[] = []) =>
  (): RunChild => {
    let stopReason: string | undefined;
    let listen: (message: FromChild) => void = () => undefined;
    let end: (reason: string) => void = () => undefined;
    const tell = (message: FromChild) => setImmediate(() => listen(message));
    return {
      pid: undefined,
      onMessage: (listener) => {
        listen = listener;
      },
      onEnd: (listener) => {
        end = listener;
      },
      send: (message) => {
        if (message.type === 'stop') {
          stopReason = message.reason;
          return;
        }
        jobs.push(message.job);
        void runJob(message.job, effects, {
          onProgress: (progress) => tell({ type: 'progress', progress }),
          onEvaluation: (evaluation) => tell({ type: 'evaluation', point: evaluation }),
          onNote: (text) => tell({ type: 'note', text }),
          onCheckpoint: () => tell({ type: 'checkpoint' }),
          stopReason: () => stopReason,
        }).then((outcome) => {
          tell({ type: 'outcome', outcome });
          setImmediate(() => end('done'));
        });
      },
    };
  };

/** An output that remembers. */
export class Memory implements Output {
  text = '';
  constructor(
    readonly isTTY = false,
    readonly columns = 120,
  ) {}
  write(text: string): void {
    this.text += text;
  }
}

export const laboratory = (changes: Partial<Laboratory> = {}): Laboratory => ({
  presets: { altosaar, lyeoni: { ...altosaar, latents: 2, scale: 'log_var' } },
  identifyData: () => Promise.resolve(description),
  makeExtractor: () => Promise.resolve(extractor),
  noiseFloor: (latents, batch) => ({ latents, batch, momentKlDraws: estimate(8) }),
  renderReport: (study: Study) =>
    Promise.resolve({ html: study.verdict, figures: [{ name: 'kl', svg: '<svg/>', csv: 'a\n1\n' }] }),
  spawn: childHere(runEffects()),
  ...changes,
});

export const effects = (cwd: string, changes: Partial<Effects> = {}): Effects & { stdout: Memory; stderr: Memory } => ({
  env: {},
  cwd,
  cores: 2,
  availableMemory: () => 16 * 2 ** 30,
  files,
  now: () => Date.now(),
  interrupt: () => new AbortController().signal,
  laboratory: () => Promise.resolve(laboratory()),
  ...changes,
  stdout: new Memory(),
  stderr: new Memory(),
});

/** What a full disk answers. */
export const noSpace = (): Error =>
  Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
