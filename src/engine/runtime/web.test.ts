import { expect, test } from 'vitest';
import { expectClose } from '../../../test/support/close.js';
import { onnxValues, runModel } from '../../../test/support/onnxValues.js';
import { smallTraining } from '../../../test/support/smallTraining.js';
import * as G from '../graph/index.js';
import { evaluate } from '../interpreter/index.js';
import { nextName, toLoopModel } from '../onnx/index.js';
import { float32, int64 } from './index.js';
import { webRuntime } from './web.js';

const { outputs, feeds } = smallTraining();
const tensors = Object.fromEntries(
  [...G.inputsOf(Object.values(outputs))].map(([name, x]) => [name, float32(feeds[name]!, x.shape)]),
);

test('WebAssembly runs a training step to the interpreter’s numbers', async () => {
  const actual = await onnxValues(outputs, tensors, { runtime: webRuntime() });
  const expected = evaluate(Object.values(outputs), feeds);
  Object.keys(outputs).forEach((name, i) => {
    expectClose(actual[name]!, expected[i]!, { absolute: 2e-6 }, name);
  });
});

test('WebAssembly runs a loop of steps to the interpreter’s numbers', async () => {
  const { loss, next } = outputs as { loss: G.Tensor; next: G.Tensor };
  const model = toLoopModel({ next: { parameters: next }, perStep: [], reports: { loss } }, { version: '0' });
  const steps = 3;
  let parameters: ArrayLike<number> = feeds.parameters!;
  let last = Number.NaN;
  for (let k = 0; k < steps; k++) {
    const [value, following] = evaluate([loss, next], { ...feeds, parameters }) as [Float64Array, Float64Array];
    [last, parameters] = [value[0]!, following];
  }
  const actual = await runModel(model, { ...tensors, steps: int64([steps], []) }, webRuntime());
  expectClose(actual[nextName('parameters')]!, parameters, { absolute: 5e-6 });
  expectClose(actual.loss!, [0, 0, last], { absolute: 5e-6 });
});

test('a runtime says what it is', () => {
  expect(webRuntime()).toMatchObject({
    description: expect.stringMatching(/^onnxruntime-web [\d.]+, wasm, 1 thread$/),
    loops: true,
  });
});
