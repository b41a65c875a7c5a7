/** A made-up study with plausible numbers, and the files that it names. Deterministic: no training, no noise source. */

import { imageGrid } from '../../src/lab/report/index.js';
import type {
  Controls,
  CurvePoint,
  Estimate,
  ImageEstimates,
  Part,
  RunResult,
  Study,
} from '../../src/lab/studies/study.js';
import { summarizeCodes } from '../../src/latent/codes/index.js';
import { writeNpy } from '../../src/vae/data/arrays/index.js';
import type { Binarisation, KlEstimator, RegimeName } from '../../src/vae/training/index.js';
import { extractor } from './study.js';

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

const latents = 128;
const coded = 200;
const probed = 8;

/** Of the latent dimensions of a regime, the first carry its rate: mu spreads over images and sigma is small there. */
const codeOf = (shape: Shape, image: number, dimension: number, share: number): { mu: number; sigma: number } => {
  const informs = shape.rate > 10 && dimension < 10;
  const spread = informs ? 0.95 * share : 1e-3;
  return { mu: 1.7 * spread * wobble(image, dimension + 3), sigma: informs ? 1 - 0.85 * share : 1 };
};

const codesOf = (shape: Shape, seed: number) => {
  const mu = new Float32Array(coded * latents);
  const sigma = new Float32Array(coded * latents);
  for (let i = 0; i < mu.length; i++) {
    const code = codeOf(shape, Math.floor(i / latents) + seed, i % latents, 1);
    mu[i] = code.mu;
    sigma[i] = code.sigma;
  }
  return summarizeCodes(mu, sigma, latents, seed);
};

const nearestOf = (shape: Shape, seed: number) => {
  const near = (value: number) => estimate(value + 0.4 * wobble(seed, value), 1.4, 1000);
  const joint = shape.regime === 'joint';
  const prior = near(joint ? 138 : 196);
  if (!shape.trained.includes('encoder')) return { samples: 1000, prior };
  return { samples: 1000, prior, encoder: near(joint ? 130 : 196.2), fitted: near(joint ? 134 : 196.1) };
};

const imagesOf = (frechet: number, seed: number): ImageEstimates => {
  const share = (value: number) => estimate(value + 0.01 * wobble(seed, value), 0.006, 2500);
  return {
    frechet: estimate(frechet * (1 + 0.05 * wobble(seed, frechet)), 0.06 * frechet, 2500),
    kernelDistance: estimate(0.4 * frechet * (1 + 0.05 * wobble(seed, 3)), 0.03 * frechet, 2500),
    precision: share(0.93),
    recall: share(0.91),
    density: estimate(1.05, 0.012, 2500),
    coverage: share(0.84),
  };
};

/** A hole under joint training, which a mixture fills; nothing to fit elsewhere. */
const controlsOf = (shape: Shape, seed: number): Controls => {
  const common = { fittedTo: 10_000, draws: 2500 };
  const hole = (value: number) => ({ holeMass: estimate(value * (1 + 0.1 * wobble(seed, value)), 0.006, 2500) });
  if (!shape.trained.includes('decoder')) {
    return {
      ...common,
      posterior: {},
      prior: hole(0.02),
      why: `Nothing can be gained: z says next to nothing about x.`,
    };
  }
  if (shape.regime !== 'joint') {
    const [posterior, prior] = [imagesOf(250, seed), imagesOf(251, seed)];
    return {
      ...common,
      posterior: { images: posterior },
      prior: { images: prior, ...hole(0.012) },
      why: 'Nothing can be gained: z says next to nothing about x.',
      nearer: { posterior: estimate(0.4 + 0.2 * wobble(seed, shape.rate), 0.4, 2500) },
    };
  }
  const moved = 0.004 * wobble(seed, 5);
  const near = (value: number) => estimate(value + 0.3 * wobble(seed, value), 1.2, 2500);
  return {
    ...common,
    posterior: { images: imagesOf(2.9, seed) },
    prior: { images: imagesOf(25.8, seed), ...hole(0.2) },
    fitted: {
      name: 'mixture of 10 full Gaussians of 42 active units, 86 others apart',
      family: 'active-mixture-10',
      images: imagesOf(8.6, seed),
      ...hole(0.03),
      heldOutLogQ: estimate(-181.8, 0.2, 2500),
      gain: estimate(0.67 + 0.02 * wobble(seed, shape.rate), 0.04, 2500),
    },
    why: 'Of 6 samplers, this one describes held-out codes best.',
    nearer: { posterior: near(22.9), fitted: near(17.2) },
    shares: { decoder: estimate(0.07, 0.02), hole: estimate(0.7 + moved, 0.03), fit: estimate(0.23 - moved, 0.03) },
  };
};

/** Codes of probe images that go from the untrained encoder's to the trained one's: [points, 2, images, latents]. */
const probesOf = (shape: Shape): Uint8Array => {
  const values = new Float32Array(evaluated.length * 2 * probed * latents);
  evaluated.forEach((step, t) => {
    const share = 1 - Math.exp(-step / stepsPerEpoch / 2);
    for (let i = 0; i < probed * latents; i++) {
      const { mu, sigma } = codeOf(shape, Math.floor(i / latents), i % latents, share);
      values[2 * t * probed * latents + i] = mu;
      values[(2 * t + 1) * probed * latents + i] = sigma;
    }
  });
  return writeNpy(values, [evaluated.length, 2, probed, latents]);
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
    images: (shape.regime === 'joint' ? GRIDS : GRIDS.filter((z) => z !== 'fitted')).map((z) => ({
      z,
      file: `runs/${name}/${z}.png`,
      rows: 8,
      columns: 8,
      seed: 1,
    })),
    codes: codesOf(shape, seed),
    controls: controlsOf(shape, seed),
    ...(shape.trained.includes('decoder') && { nearest: nearestOf(shape, seed) }),
    ...(shape.trained.includes('encoder') && { probes: { file: `runs/${name}/codes/probes.npy`, images: probed } }),
  };
};

const GRIDS = ['prior', 'fitted', 'encoder'] as const;

const shapeOf = (run: RunResult): Shape => shapes.find(({ regime, kl }) => regime === run.regime && kl === run.kl)!;

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
  extractor,
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
      const { codes: _codes, nearest: _nearest, controls: _controls, ...left } = run;
      return { ...left, state: 'failed', error, steps: step, final, curve };
    }
    if (run.name === 'tandem-analytic-seed1') {
      const { final: _, ...rest } = run;
      const { codes: _codes, nearest: _nearest, controls: _controls, probes: _probes, ...left } = rest;
      return { ...left, state: 'interrupted', steps: 0, curve: [], images: [] };
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

/** Reads the image grids and probes that `study` names; every other file is missing. */
export const fixtureFiles = (study: Study): { read(relative: string): Promise<Uint8Array> } => ({
  read: async (relative) => {
    const probing = study.runs.find(({ probes }) => probes?.file === relative);
    if (probing) return probesOf(shapeOf(probing));
    const run = study.runs.find((candidate) => candidate.images.some((image) => image.file === relative));
    if (!run) throw new Error(`${relative}: no such file`);
    const layout = { rows: 8, columns: 8, width: 28, height: 28 };
    if (!run.trained.includes('decoder')) return imageGrid(new Float32Array(64 * 784).fill(0.5), layout);
    const prior = relative.endsWith('prior.png');
    return imageGrid(drawn(64, prior ? 5 : 2, run.regime === 'joint' ? (prior ? 2.6 : 1.7) : 5), layout);
  },
});
