import { describe, expect, it } from 'vitest';
import { NonFiniteError } from '../errors/index.js';
import { add, input, log, matmul, mean, mul, named, relu, square, sub, sum } from '../graph/index.js';
import { createOptimizer, type OptimizerConfig } from '../optim/index.js';
import { float32, type Runtime } from '../runtime/index.js';
import { nodeRuntime } from '../runtime/node.js';
import { createTrainer, traceStep } from './index.js';

const adam: OptimizerConfig = { name: 'adam', lr: 1e-3, beta1: 0.9, beta2: 0.999, eps: 1e-8 };

/** A regression with one hidden layer, x [2, 2] anew each step. */
const regression = async (config: OptimizerConfig = adam, runtime: Runtime = nodeRuntime(), firstStep = 0) => {
  const optimizer = createOptimizer(config);
  const step = traceStep({
    learned: { w: [2, 3], v: [3, 1] },
    frozen: {},
    optimizer,
    perStep: ['x'],
    trace: ({ w, v }) => {
      const x = input('x', [2, 2]);
      const hidden = named('hidden', relu(add(matmul(x, w!), 1)));
      const loss = named('loss', mean(square(sub(matmul(hidden, v!), sum(x, 1, { keepDims: true })))));
      return { lessons: [{ loss, learns: ['w', 'v'] }], reports: { loss } };
    },
  });
  const learned = Float32Array.of(0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9);
  return createTrainer({
    step,
    optimizer,
    runtime,
    info: { version: '0' },
    learned,
    frozen: new Float32Array(0),
    firstStep,
  });
};
const feeds = (...scales: number[]) => ({
  x: float32(Float32Array.from(scales.flatMap((s) => [s, 0.5 * s, -s, 0.1 * s])), [scales.length, 2, 2]),
});
const faultOf = async (attempt: Promise<unknown>): Promise<NonFiniteError> => {
  const error = await attempt.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(NonFiniteError);
  return error as NonFiniteError;
};

describe.each([
  ['in one Loop', nodeRuntime()],
  ['step by step', { ...nodeRuntime(), loops: false }],
] as const)('a value that is not finite, %s', (_, runtime) => {
  it('is found in its step and by the name of what it is part of; the state before the call is kept', async () => {
    const trainer = await regression(adam, runtime, 100);
    await trainer.run(2, feeds(1, 2));
    const before = trainer.parameters.slice();
    const fault = await faultOf(trainer.run(4, feeds(1, 1, 1e30, 1)));
    expect([fault.step, fault.tensor]).toEqual([104, 'square [2, 1] in loss']);
    expect(fault.message).toBe('train: expected finite values, got Infinity in square [2, 1] in loss at step 104');
    expect([trainer.taken, trainer.parameters]).toEqual([2, before]);
    await trainer.run(1, feeds(1));
    expect(trainer.taken).toBe(3);
    await trainer.release();
  });

  it('is found in what was fed', async () => {
    const trainer = await regression(adam, runtime);
    const fault = await faultOf(trainer.run(3, feeds(1, Number.NaN, 1)));
    expect([fault.step, fault.tensor]).toEqual([1, 'x']);
    await trainer.release();
  });

  it('is found in a moment that overflows, though parameters and loss stay finite', async () => {
    const trainer = await regression(adam, runtime);
    const fault = await faultOf(trainer.run(2, feeds(1, 1e12)));
    expect([fault.step, fault.tensor]).toEqual([1, 'square [9] in parameters']);
    await trainer.release();
  });
});

describe('a report that is not finite', () => {
  it('is a fault where the parameters are sound', async () => {
    const optimizer = createOptimizer({ name: 'sgd', lr: 0 });
    const step = traceStep({
      learned: { w: [2] },
      frozen: {},
      optimizer,
      perStep: ['x'],
      trace: ({ w }) => {
        const x = input('x', [2]);
        const loss = named('loss', mean(mul(x, w!)));
        return { lessons: [{ loss, learns: ['w'] }], reports: { loss, other: named('other', mean(log(x))) } };
      },
    });
    const trainer = await createTrainer({
      step,
      optimizer,
      runtime: nodeRuntime(),
      info: { version: '0' },
      learned: Float32Array.of(1, 2),
      frozen: new Float32Array(0),
    });
    const fault = await faultOf(trainer.run(2, { x: float32(Float32Array.of(1, 1, 1, 0), [2, 2]) }));
    expect([fault.step, fault.tensor]).toEqual([1, 'log [2] in other']);
    await trainer.release();
  });
});
