/** A made-up study with plausible numbers, and the files that it names. Deterministic: no training, no noise source. */
import { imageGrid } from '../../src/lab/report/index.js';
import type { CurvePoint, Estimate, Part, RunResult, Study } from '../../src/lab/studies/study.js';
import type { Binarisation, KlEstimator, RegimeName } from '../../src/vae/training/index.js';

export interface FixtureOptions {
  readonly seeds?: readonly number[];
  readonly binarisation?: Binarisation;
}

interface Shape {
  readonly regime: RegimeName;
  readonly kl: KlEstimator;
  readonly trained: readonly Part[];
  /** Where the quantities end. */
  readonly rate: number;
  readonly score: number;
  readonly momentKl: number;
}

const both: readonly Part[] = ['encoder', 'decoder'];
const untrainedRate = 14.6;
const untrainedScore = -543.4;
const floor = 4.31;

const shapes: readonly Shape[] = [
  { regime: 'joint', kl: 'analytic', trained: both, rate: 19.42, score: -77.3, momentKl: 5.2 },
  { regime: 'joint', kl: 'mc', trained: both, rate: 20.6, score: -79.3, momentKl: 6.1 },
  {
    regime: 'encoder-only',
    kl: 'analytic',
    trained: ['encoder'],
    rate: 0.0021,
    score: untrainedScore,
    momentKl: 0.0011,
  },
  { regime: 'encoder-only', kl: 'mc', trained: ['encoder'], rate: 0.72, score: untrainedScore, momentKl: 0.38 },
  { regime: 'separate', kl: 'analytic', trained: both, rate: 0.0034, score: -211.7, momentKl: 0.0016 },
  { regime: 'separate', kl: 'mc', trained: both, rate: 0.95, score: -208.4, momentKl: 0.46 },
  { regime: 'tandem', kl: 'analytic', trained: both, rate: 0.0021, score: -222.1, momentKl: 0.0011 },
  { regime: 'tandem', kl: 'mc', trained: both, rate: 0.72, score: -219.6, momentKl: 0.38 },
  { regime: 'random-z', kl: 'analytic', trained: ['decoder'], rate: untrainedRate, score: -206.5, momentKl: 12.9 },
];

const epochs = 20;
const stepsPerEpoch = 469;
const evaluated = [0, 12, 47, 94, 188, 328, ...Array.from({ length: epochs }, (_, i) => (i + 1) * stepsPerEpoch)];

/** Reproducible disturbance in [-1, 1]. */
const wobble = (a: number, b: number): number => {
  const x = Math.sin(a * 12.9898 + b * 78.233) * 43758.5453;
  return 2 * (x - Math.floor(x)) - 1;
};

const estimate = (value: number, se: number, n = 10_000): Estimate => ({ value, se, n, seed: 1 });

const pointOf = (shape: Shape, seed: number, step: number): CurvePoint => {
  const epoch = step / stepsPerEpoch;
  const key = shapes.indexOf(shape) + 1;
  const jitter = wobble(seed * 7 + key, step + 1);
  const learns = (part: Part) => shape.trained.includes(part);
  const falls = (from: number, to: number, time: number) => to * (from / to) ** Math.exp(-epoch / time);
  const settled = (1 + 0.02 * wobble(seed, key)) * (1 + 0.01 * jitter);
  const alone = shape.regime !== 'joint';
  const rate = learns('encoder') ? falls(untrainedRate, shape.rate, alone ? 2.2 : 0.6) * settled : untrainedRate;
  const start = shape.regime === 'separate' ? epochs / 2 : 0;
  const learned = learns('decoder') ? 1 - Math.exp(-Math.max(0, epoch - start) / 0.12) : 0;
  const slow = 60 * Math.exp(-Math.max(0, epoch - start) / 4) * (shape.regime === 'joint' ? 1 : 0.1) * learned;
  const score = untrainedScore + (shape.score - untrainedScore) * learned - slow + 0.8 * jitter * learned;
  const momentKl = learns('encoder') ? falls(12.9, shape.momentKl, alone ? 2 : 0.6) * settled : 12.9;
  return {
    step,
    epoch,
    rate: estimate(rate, rate * 0.003),
    rateMc: estimate(rate + 0.03 * jitter * Math.sqrt(rate), 0.012 * Math.sqrt(rate)),
    score: estimate(score, 0.22),
    elbo: estimate(score - rate, 0.24),
    momentKl: estimate(momentKl, momentKl * 0.004, 10),
    momentKlDraws: estimate(floor + momentKl * 0.98 + 0.01 * jitter, 0.02 + momentKl * 0.004, 10),
  };
};

const runOf = (shape: Shape, seed: number, preset: string): RunResult => {
  const name = `${shape.regime}-${shape.kl}-seed${seed}`;
  const curve = evaluated.map((step) => pointOf(shape, seed, step));
  const { step, epoch: _, ...final } = curve.at(-1)!;
  return {
    name,
    regime: shape.regime,
    kl: shape.kl,
    seed,
    preset,
    latents: 128,
    trained: shape.trained,
    state: 'done',
    epochs,
    batch: 128,
    steps: step,
    parameters: 633_360,
    seconds: 31 + wobble(seed, step),
    msPerStep: 2.81,
    folder: `runs/${name}`,
    final,
    curve,
    images: (['prior', 'encoder'] as const).map((z) => ({
      z,
      file: `runs/${name}/${z}.png`,
      rows: 8,
      columns: 8,
      seed: 1,
    })),
  };
};

export const studyFixture = ({ seeds = [1], binarisation = 'threshold' }: FixtureOptions = {}): Study => ({
  schema: 1,
  kind: 'article',
  state: 'done',
  preset: 'altosaar',
  epochs,
  draws: 'fresh',
  seeds,
  data: {
    name: 'mnist',
    train: 60_000,
    test: 10_000,
    width: 28,
    height: 28,
    binarisation,
    sha256: '5f1c3ba2b4b2c1b8a7d9e6f0c2a49d3b7e58106f9ab34cd12e07f6a5b8c9d0e1',
    source: 'four IDX files from the data folder',
  },
  floor: { latents: 128, batch: 1000, momentKlDraws: { value: floor, se: 0.004, n: 200, seed: 1 } },
  claims: [],
  runs: seeds.flatMap((seed) => shapes.map((shape) => runOf(shape, seed, 'altosaar'))),
  verdict:
    'An encoder trained on the KL alone comes within 0.002 nats of N(0, I), and its codes say nothing: ' +
    'the decoder scores −212 nats where joint training reaches −77.',
  command: 'zdist study article --data mnist --epochs 20 --seeds 1 --out studies/mnist-20',
  started: '2025-03-04T09:12:44.120Z',
  seconds: 291,
  machine: { cpu: 'AMD EPYC 9B14', cores: 2, memoryGiB: 7.7, platform: 'linux x64' },
  versions: { zdist: '0.1.0', node: '20.20.2', 'onnxruntime-node': '1.30.0' },
});

/** The same study after a fault: one run failed on the way, one was interrupted before its first evaluation. */
export const brokenStudyFixture = (): Study => {
  const study = studyFixture();
  const runs = study.runs.map((run): RunResult => {
    if (run.name === 'joint-mc-seed1') {
      const curve = run.curve.slice(0, 12);
      const { step, epoch: _, ...final } = curve.at(-1)!;
      const error = 'loss: expected a finite number, got NaN <step 2814>';
      return { ...run, state: 'failed', error, steps: step, final, curve };
    }
    if (run.name === 'tandem-analytic-seed1') {
      const { final: _, ...rest } = run;
      return { ...rest, state: 'interrupted', steps: 0, curve: [], images: [] };
    }
    return run;
  });
  return { ...study, state: 'interrupted', runs };
};

/** Strokes of varied slant and bend as images: enough to see the grids. */
const drawn = (count: number, key: number, blur: number): Float32Array => {
  const pixels = new Float32Array(count * 784);
  for (let image = 0; image < count; image++) {
    const bend = 5 * wobble(image, key);
    const slant = 0.5 * wobble(image + 1, key * 3);
    for (let y = 4; y < 24; y++) {
      for (let x = 0; x < 28; x++) {
        const centre = 14 + slant * (y - 14) + bend * Math.sin((y / 24) * Math.PI * (1 + (image % 3)));
        pixels[image * 784 + y * 28 + x] = Math.exp(-(((x - centre) / blur) ** 2));
      }
    }
  }
  return pixels;
};

/** Reads the image grids that `study` names; every other file is missing. */
export const fixtureFiles = (study: Study): { read(relative: string): Promise<Uint8Array> } => ({
  read: async (relative) => {
    const run = study.runs.find((candidate) => candidate.images.some((image) => image.file === relative));
    if (!run) throw new Error(`${relative}: no such file`);
    const layout = { rows: 8, columns: 8, width: 28, height: 28 };
    if (!run.trained.includes('decoder')) return imageGrid(new Float32Array(64 * 784).fill(0.5), layout);
    const prior = relative.endsWith('prior.png');
    return imageGrid(drawn(64, prior ? 5 : 2, run.regime === 'joint' ? (prior ? 2.6 : 1.7) : 5), layout);
  },
});
