import { describe, expect, test } from 'vitest';
import { expectClose } from '../../../test/support/close.js';
import { spread } from '../../../test/support/feeds.js';
import { runModel } from '../../../test/support/onnxValues.js';
import { grad } from '../autodiff/index.js';
import { GraphError } from '../errors/index.js';
import * as G from '../graph/index.js';
import { createOptimizer } from '../optim/index.js';
import { simplify } from '../passes/index.js';
import { float32, type HostTensor, int64 } from '../runtime/index.js';
import { decodeModel, nextName, type TrainingStep, toLoopModel, toStepModel } from './index.js';

const info = { version: '0' };
const STEPS = 6;
const optimizer = createOptimizer({ name: 'adam', lr: 0.05, beta1: 0.9, beta2: 0.999, eps: 1e-8 });

/** Adam on a linear layer with a softplus, whose parameters are one flat vector [8] = [3, 2] weights and [2] biases. */
const trainingStep = (): TrainingStep => {
  const parameters = G.input('parameters', [8]);
  const [w, b] = G.split(parameters, 0, [6, 2]) as [G.Tensor, G.Tensor];
  const y = G.softplus(G.add(G.matmul(G.input('x', [4, 3]), G.reshape(w, [3, 2])), b));
  const loss = G.mean(G.square(G.sub(y, G.mul(G.input('target', [2]), G.input('scale', [])))));
  const moments = optimizer.moments.map((name) => G.input(name, [8]));
  const update = optimizer.update(parameters, grad(loss, [parameters])[0]!, moments);
  const [next, means, squares, simple, size] = simplify([
    update.parameter,
    ...update.moments,
    loss,
    G.sum(G.square(parameters)),
  ]) as [G.Tensor, G.Tensor, G.Tensor, G.Tensor, G.Tensor];
  return {
    next: { parameters: next, means, squares },
    perStep: ['x', ...optimizer.scheduled],
    reports: { loss: simple, size },
  };
};

const state: Readonly<Record<string, HostTensor>> = {
  parameters: float32(Float32Array.from(spread([8], -1, 1).values), [8]),
  means: float32(new Float32Array(8), [8]),
  squares: float32(new Float32Array(8), [8]),
};
const fixed = { target: float32(Float32Array.of(1, 2), [2]), scale: float32(Float32Array.of(0.7), []) };
const data = Array.from({ length: STEPS }, (_, k) => spread([4, 3], -1, 1, k).values);
const schedules = Array.from({ length: STEPS }, (_, k) => optimizer.schedule(k + 1));

const stepFeeds = (k: number): Record<string, HostTensor> => ({
  x: float32(Float32Array.from(data[k]!), [4, 3]),
  ...Object.fromEntries(
    Object.entries(schedules[k]!).map(([name, value]) => [name, float32(Float32Array.of(value), [])]),
  ),
});
const loopFeeds = (steps: number): Record<string, HostTensor> => ({
  steps: int64([steps], []),
  ...state,
  ...fixed,
  x: float32(Float32Array.from(data.slice(0, steps).flat()), [steps, 4, 3]),
  ...Object.fromEntries(
    optimizer.scheduled.map((name) => [
      name,
      float32(
        Float32Array.from(schedules.slice(0, steps), (values) => values[name]!),
        [steps],
      ),
    ]),
  ),
});

/** State after each step and reports of each step, one run a step. */
const runSteps = async (): Promise<Record<string, number[]>[]> => {
  const model = toStepModel(trainingStep(), info);
  let now: Record<string, HostTensor> = { ...state };
  const results: Record<string, number[]>[] = [];
  for (let k = 0; k < STEPS; k++) {
    const result = await runModel(model, { ...now, ...fixed, ...stepFeeds(k) });
    results.push(result);
    now = Object.fromEntries(
      Object.keys(state).map((name) => [name, float32(Float32Array.from(result[nextName(name)]!), [8])]),
    );
  }
  return results;
};

describe('a loop of training steps', () => {
  test.each(['last', 'each'] as const)('with report %s gives what as many single steps give', async (report) => {
    const steps = await runSteps();
    const looped = await runModel(toLoopModel(trainingStep(), info, { report }), loopFeeds(STEPS));
    for (const name of Object.keys(state)) {
      expectClose(looped[nextName(name)]!, steps.at(-1)![nextName(name)]!, { relative: 1e-6, absolute: 1e-7 }, name);
    }
    for (const name of ['loss', 'size']) {
      const each = steps.map((result) => result[name]![0]!);
      const expected = report === 'each' ? each : each.map((value, k) => (k === STEPS - 1 ? value : 0));
      expectClose(looped[name]!, expected, { relative: 1e-6 }, name);
    }
    expect(steps.at(-1)!.loss![0]).toBeLessThan(steps[0]!.loss![0]!);
  });

  test('takes any number of steps, none among them', async () => {
    const model = toLoopModel(trainingStep(), info);
    const two = await runModel(model, loopFeeds(2));
    const steps = await runSteps();
    expectClose(two[nextName('parameters')]!, steps[1]![nextName('parameters')]!, { relative: 1e-6, absolute: 1e-7 });
    expect(two.loss).toHaveLength(2);
    const none = await runModel(model, loopFeeds(0));
    expect(none[nextName('parameters')]).toEqual(Array.from(state.parameters!.data, Number));
    expect(none.loss).toEqual([]);
  });

  test('gives the same with and without fusing', async () => {
    const [fused, plain] = await Promise.all(
      [true, false].map((fuse) => runModel(toLoopModel(trainingStep(), info, { fuse }), loopFeeds(STEPS))),
    );
    for (const name of Object.keys(fused!)) {
      expectClose(fused![name]!, plain![name]!, { relative: 1e-5, absolute: 1e-6 }, name);
    }
  });

  test('names its inputs and outputs', () => {
    const { graph } = decodeModel(toLoopModel(trainingStep(), info));
    expect(graph!.input.map((x) => x.name).toSorted()).toEqual(
      ['steps', ...Object.keys(state), 'x', 'target', 'scale', ...optimizer.scheduled].toSorted(),
    );
    expect(graph!.output.map((x) => x.name)).toEqual(['parameters.next', 'means.next', 'squares.next', 'loss', 'size']);
    const single = decodeModel(toStepModel(trainingStep(), info)).graph!;
    expect(single.output.map((x) => x.name)).toEqual(graph!.output.map((x) => x.name));
  });

  test('without reports, and with states that stand still or trade places, is a model too', async () => {
    const [a, b, c] = ['a', 'b', 'c'].map((name) => G.input(name, [])) as [G.Tensor, G.Tensor, G.Tensor];
    const step = { next: { a: b, b: a, c: G.add(c, a) }, perStep: [], reports: {} };
    const one = (value: number): HostTensor => float32(Float32Array.of(value), []);
    const feeds = { steps: int64([3], []), a: one(1), b: one(10), c: one(0) };
    expect(await runModel(toLoopModel(step, info), feeds)).toEqual({ 'a.next': [10], 'b.next': [1], 'c.next': [12] });
  });
});

describe('a step that does not read', () => {
  const x = G.input('x', []);
  test('a state is refused', () => {
    const step = { next: { x: G.exp(x), lost: G.square(x) }, perStep: [], reports: {} };
    expect(() => toLoopModel(step, info)).toThrow(
      new GraphError('toLoopModel: expected the step to read lost, got a step that does not'),
    );
  });
  test('a per-step input is refused', () => {
    expect(() => toLoopModel({ next: { x: G.exp(x) }, perStep: ['noise'], reports: {} }, info)).toThrow(
      new GraphError('toLoopModel: expected the step to read noise, got a step that does not'),
    );
  });
});
