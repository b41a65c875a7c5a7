import { describe, expect, it } from 'vitest';
import { expectClose } from '../../../test/support/close.js';
import { onnxValues } from '../../../test/support/onnxValues.js';
import { readReference } from '../../../test/support/reference.js';
import { inputsOf, type Tensor, topologicalOrder } from '../../engine/graph/index.js';
import { evaluate } from '../../engine/interpreter/index.js';
import type { OptimizerConfig } from '../../engine/optim/index.js';
import { createTrainer, FROZEN, LEARNED, parameterCount, views } from '../../engine/program/index.js';
import { float32, type HostTensor, type Runtime, uint8 } from '../../engine/runtime/index.js';
import { nodeRuntime } from '../../engine/runtime/node.js';
import { presets } from '../presets/index.js';
import { regimes } from '../regimes/index.js';
import type { KlEstimator, TrainConfig } from './config.js';
import { learners, mlpOf, phaseStep, shapesOf } from './step.js';

type Nested = readonly (number | Nested)[];
interface Case {
  readonly regime: 'joint' | 'tandem';
  readonly kl: KlEstimator;
  readonly scale: 'softplus' | 'log_var';
  readonly loss: number;
  readonly rate: number[];
  readonly score: number[];
  readonly gradients: Record<string, Nested>;
  readonly trained: { readonly config: OptimizerConfig; readonly after3: Record<string, Nested> }[];
}
interface Reference {
  readonly inputs: number;
  readonly hidden: number[];
  readonly latents: number;
  readonly weights: Record<string, Nested>;
  readonly batches: { readonly x: Nested; readonly noise: Nested }[];
  readonly cases: Case[];
}

const reference = readReference<Reference>('vae');
const flat = (values: Nested): number[] => values.flatMap((v) => (typeof v === 'number' ? [v] : flat(v)));
const BATCH = 4;

const stepOf = ({ regime, kl, scale }: Case, optimizer: OptimizerConfig, beta?: number) => {
  const config: TrainConfig = {
    preset: 'tiny',
    regime,
    kl,
    seed: 1,
    epochs: 1,
    batch: BATCH,
    hidden: reference.hidden,
    latents: reference.latents,
    scale,
    binarisation: 'threshold',
    optimizer,
    ...(beta !== undefined && { beta }),
  };
  const model = mlpOf(config, reference.inputs);
  const { encoder, decoder } = shapesOf(model);
  return { shapes: { ...encoder, ...decoder }, ...phaseStep(config, model, regimes[regime].phases[0]!) };
};

const sgd: OptimizerConfig = { name: 'sgd', lr: 1 };
const named = (roots: readonly Tensor[], label: string): Tensor =>
  topologicalOrder(roots).find((x) => x.label === label)!;
const titled = reference.cases.map((one) => [`${one.regime}, ${one.kl}, ${one.scale}`, one] as const);

describe.each(titled)('a step of %s against PyTorch', (_, one) => {
  const { step, shapes } = stepOf(one, sgd);
  const roots = Object.values(step.plain);
  const weights = Object.keys(shapes).flatMap((name) => flat(reference.weights[name]!));
  const { x, noise } = reference.batches[0]!;
  const outputs: Record<string, Tensor> = {
    loss: step.plain.loss!,
    rate: named(roots, 'rate'),
    score: named(roots, 'score'),
    ...Object.fromEntries(Object.keys(shapes).map((name) => [name, named(roots, `gradient of ${name}`)])),
  };
  const expected: Record<string, number[]> = {
    loss: [one.loss],
    rate: one.rate,
    score: one.score,
    ...Object.fromEntries(Object.keys(shapes).map((name) => [name, flat(one.gradients[name]!)])),
  };

  it('has its loss, rate, score and gradients in float64', () => {
    const values = evaluate(Object.values(outputs), { [LEARNED]: weights, x: flat(x), noise: flat(noise) });
    Object.keys(outputs).forEach((name, i) => {
      expectClose(values[i]!, expected[name]!, { relative: 1e-9, absolute: 1e-12 }, name);
    });
  });

  it('has them in ONNX Runtime', async () => {
    const feeds: Record<string, HostTensor> = {
      [LEARNED]: float32(Float32Array.from(weights), [weights.length]),
      x: uint8(Uint8Array.from(flat(x)), [BATCH, reference.inputs]),
      noise: float32(Float32Array.from(flat(noise)), [BATCH, reference.latents]),
    };
    const actual = await onnxValues(outputs, feeds);
    for (const name of Object.keys(outputs)) {
      expectClose(actual[name]!, expected[name]!, { relative: 1e-5, absolute: 1e-6 }, name);
    }
  });

  const native = nodeRuntime();
  const runtimes: readonly [string, Runtime][] = [
    ['in one Loop', native],
    ['step by step', { ...native, loops: false }],
  ];
  it.each(
    runtimes.flatMap(([how, runtime]) =>
      one.trained.map((trained) => [trained.config.name, how, trained, runtime] as const),
    ),
  )('ends where three steps of %s end, %s', async (_name, _how, { config, after3 }, runtime) => {
    const trained = stepOf(one, config);
    const trainer = await createTrainer({
      ...trained,
      runtime,
      info: { version: '0' },
      learned: Float32Array.from(weights),
      frozen: new Float32Array(0),
    });
    const { batches } = reference;
    const reports = await trainer.run(3, {
      x: uint8(Uint8Array.from(batches.flatMap((b) => flat(b.x))), [3, BATCH, reference.inputs]),
      noise: float32(Float32Array.from(batches.flatMap((b) => flat(b.noise))), [3, BATCH, reference.latents]),
    });
    const ends = views(trainer.parameters, shapes);
    // A step moves a parameter by about 1e-3; a float32 weight below 1 is known to 6e-8.
    for (const name of Object.keys(shapes)) expectClose(ends[name]!, flat(after3[name]!), { absolute: 1e-6 }, name);
    expect(trainer.taken).toBe(3);
    expect(reports.loss).toBeCloseTo(reports.rate! - reports.score!, 4);
    await trainer.release();
  });
});

describe.each(Object.entries(presets))('the preset %s', (preset, values) => {
  it.each(Object.values(regimes).map((regime) => [regime.name, regime] as const))(
    'has a step for every phase of %s',
    (name, regime) => {
      for (const kl of ['analytic', 'mc'] as const) {
        const config: TrainConfig = { preset, ...values, regime: name, kl, seed: 1, epochs: 1 };
        const model = mlpOf(config, 784);
        for (const phase of regime.phases) {
          const { step } = phaseStep(config, model, phase);
          const learned = learners(phase).reduce((n, part) => n + parameterCount(shapesOf(model)[part]), 0);
          for (const next of Object.values(step.next)) expect(next.shape).toEqual([learned]);
        }
      }
    },
  );
});

describe('a step reads only what it needs', () => {
  const readBy = (regime: keyof typeof regimes, phase: number, kl: KlEstimator): string[] => {
    const one = { ...reference.cases[0]!, kl };
    const config = { ...one, preset: 'tiny', seed: 1, epochs: 1, batch: 4, hidden: [5, 4], latents: 3 } as const;
    const full: TrainConfig = { ...config, regime, binarisation: 'threshold', optimizer: sgd };
    const { step } = phaseStep(full, mlpOf(full, 6), regimes[regime].phases[phase]!);
    return [...inputsOf([...Object.values(step.next), ...Object.values(step.reports)]).keys()].sort();
  };

  it.each([
    ['joint', 0, 'analytic', ['noise', LEARNED, 'x']],
    ['encoder-only', 0, 'analytic', [LEARNED, 'x']],
    ['encoder-only', 0, 'mc', ['noise', LEARNED, 'x']],
    ['separate', 1, 'analytic', [FROZEN, 'noise', LEARNED, 'x']],
    ['random-z', 0, 'analytic', ['noise', LEARNED, 'x']],
    ['random-z', 0, 'mc', ['noise', LEARNED, 'x']],
  ] as const)('%s, phase %i, %s', (regime, phase, kl, names) => {
    expect(readBy(regime, phase, kl)).toEqual([...names].sort());
  });
});

describe('beta', () => {
  const one = reference.cases.find(({ regime, kl }) => regime === 'joint' && kl === 'analytic')!;
  const { x, noise } = reference.batches[0]!;
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

  it.each([0.5, 4])('weighs the rate in the loss by %s, and not in what is reported', (beta) => {
    const { step, shapes } = stepOf(one, sgd, beta);
    const weights = Object.keys(shapes).flatMap((name) => flat(reference.weights[name]!));
    const [loss, rate] = evaluate([step.plain.loss!, step.plain.rate!], {
      [LEARNED]: weights,
      x: flat(x),
      noise: flat(noise),
    });
    expectClose(loss!, [beta * mean(one.rate) - mean(one.score)], { relative: 1e-9, absolute: 1e-12 });
    expectClose(rate!, [mean(one.rate)], { relative: 1e-9, absolute: 1e-12 });
  });
});
