import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { expectClose } from '../../../test/support/close.js';
import { runModel } from '../../../test/support/onnxValues.js';
import * as G from '../graph/index.js';
import { evaluate } from '../interpreter/index.js';
import { nextName, toLoopModel } from '../onnx/index.js';
import { simplify } from '../passes/index.js';
import { float32, type HostTensor, int64 } from '../runtime/index.js';
import { createOptimizer, type Optimizer, type OptimizerConfig } from './index.js';

interface Reference {
  readonly torch: string;
  readonly start: readonly number[];
  /** Ten gradients, one a step. */
  readonly gradients: readonly (readonly number[])[];
  readonly cases: readonly {
    readonly config: OptimizerConfig;
    readonly after1: readonly number[];
    readonly after10: readonly number[];
    readonly after10Float32: readonly number[];
  }[];
}

const reference = JSON.parse(
  readFileSync(new URL('../../../test/reference/optimizers.json', import.meta.url), 'utf8'),
) as Reference;
const { start, gradients } = reference;
const shape = [start.length];

const describeConfig = (config: OptimizerConfig): string =>
  Object.entries(config)
    .map(([key, value]) => (key === 'name' ? value : `${key} ${value}`))
    .join(', ');
const cases = reference.cases.map((one) => [describeConfig(one.config), one] as const);

/** The nodes of one step: every state under its name, and what follows it. */
const stepOf = (optimizer: Optimizer): Record<string, G.Tensor> => {
  const moments = optimizer.moments.map((name) => G.input(name, shape));
  const update = optimizer.update(G.input('parameters', shape), G.input('gradient', shape), moments);
  return {
    parameters: update.parameter,
    ...Object.fromEntries(optimizer.moments.map((name, i) => [name, update.moments[i]!])),
  };
};

/** Parameters after each of the ten steps, in float64. */
const inFloat64 = (optimizer: Optimizer): Float64Array[] => {
  const step = stepOf(optimizer);
  const names = Object.keys(step);
  let state: Record<string, ArrayLike<number>> = Object.fromEntries(names.map((name) => [name, start.map(() => 0)]));
  state.parameters = start;
  return gradients.map((gradient, k) => {
    const scalars = Object.entries(optimizer.schedule(k + 1)).map(([name, value]) => [name, [value]] as const);
    const values = evaluate(Object.values(step), { ...state, gradient, ...Object.fromEntries(scalars) });
    state = Object.fromEntries(names.map((name, i) => [name, values[i]!]));
    return values[0]!;
  });
};

/** Parameters after the ten steps, in one loop of the runtime. */
const inLoop = async (optimizer: Optimizer): Promise<number[]> => {
  const step = stepOf(optimizer);
  const names = Object.keys(step);
  const next = Object.fromEntries(simplify(Object.values(step)).map((x, i) => [names[i]!, x]));
  const model = toLoopModel({ next, perStep: ['gradient', ...optimizer.scheduled], reports: {} }, { version: '0' });
  const steps = gradients.length;
  const perStep = (values: readonly number[], ...dims: number[]): HostTensor =>
    float32(Float32Array.from(values), [steps, ...dims]);
  const result = await runModel(model, {
    steps: int64([steps], []),
    gradient: perStep(gradients.flat(), start.length),
    parameters: float32(Float32Array.from(start), shape),
    ...Object.fromEntries(optimizer.moments.map((name) => [name, float32(new Float32Array(start.length), shape)])),
    ...Object.fromEntries(
      optimizer.scheduled.map((name) => [name, perStep(gradients.map((_, k) => optimizer.schedule(k + 1)[name]!))]),
    ),
  });
  return result[nextName('parameters')]!;
};

describe('against PyTorch', () => {
  test('the reference has every optimizer', () => {
    const names = new Set(reference.cases.map(({ config }) => config.name));
    expect([...names].toSorted()).toEqual(['adam', 'adamw', 'momentum', 'rmsprop', 'sgd']);
    const centred = reference.cases.map(({ config }) => (config.name === 'rmsprop' ? config.centered : undefined));
    expect(centred).toEqual(expect.arrayContaining([true, false]));
  });

  test.each(cases)('%s: the interpreter is right after 1 and 10 steps', (_, { config, after1, after10 }) => {
    const parameters = inFloat64(createOptimizer(config));
    expectClose(parameters[0]!, after1, { relative: 1e-10, absolute: 1e-12 }, 'after 1 step');
    expectClose(parameters[9]!, after10, { relative: 1e-10, absolute: 1e-12 }, 'after 10 steps');
  });

  test.each(cases)('%s: a loop in ONNX Runtime is right to float32', async (_, { config, after10, after10Float32 }) => {
    const parameters = await inLoop(createOptimizer(config));
    expectClose(parameters, after10Float32, { relative: 1e-6, absolute: 1e-6 }, 'as PyTorch in float32');
    expectClose(parameters, after10, { relative: 1e-6, absolute: 1e-6 }, 'as PyTorch in float64');
  });
});

test('what is carried has a name of its own, and the schedule gives every scheduled scalar', () => {
  for (const { config } of reference.cases) {
    const optimizer = createOptimizer(config);
    expect(new Set(optimizer.moments).size).toBe(optimizer.moments.length);
    expect(Object.keys(optimizer.schedule(1)).toSorted()).toEqual(optimizer.scheduled.toSorted());
    const read = [...G.inputsOf(Object.values(stepOf(optimizer))).keys()].toSorted();
    expect(read).toEqual(['parameters', 'gradient', ...optimizer.moments, ...optimizer.scheduled].toSorted());
  }
});

test('Adam’s schedule counts steps from 1 and settles', () => {
  const { schedule } = createOptimizer({ name: 'adam', lr: 0.1, beta1: 0.9, beta2: 0.999, eps: 1e-8 });
  expect(schedule(1)['adam.rate']).toBeCloseTo(0.1, 12);
  expect(schedule(1)['adam.eps']).toBeCloseTo(1e-8, 20);
  expect(schedule(1e6)['adam.rate']).toBeCloseTo((0.1 * 0.1) / Math.sqrt(0.001), 12);
});

test('a gradient of zero moves nothing but what weight decay moves', () => {
  for (const { config } of reference.cases) {
    const optimizer = createOptimizer(config);
    const step = stepOf(optimizer);
    const zero = start.map(() => 0);
    const feeds = {
      parameters: start,
      gradient: zero,
      ...Object.fromEntries(optimizer.moments.map((name) => [name, zero])),
      ...Object.fromEntries(Object.entries(optimizer.schedule(1)).map(([name, value]) => [name, [value]])),
    };
    const kept = config.name === 'adamw' ? 1 - config.lr * config.weightDecay : 1;
    const [parameters] = evaluate([step.parameters!], feeds);
    expectClose(
      parameters!,
      start.map((p) => p * kept),
      { relative: 1e-15 },
      describeConfig(config),
    );
  }
});
