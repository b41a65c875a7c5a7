import { describe, expect, it } from 'vitest';
import { expectClose } from '../../../test/support/close.js';
import { input, type Tensor } from '../../engine/graph/index.js';
import { evaluate } from '../../engine/interpreter/index.js';
import { type ParameterShapes, parameterCount, views } from '../../engine/program/index.js';
import { decode, decoderShapes, encode, encoderShapes, initialParameters, type MlpConfig } from './index.js';

const model: MlpConfig = { pixels: 6, hidden: [5, 4], latents: 3, scale: 'softplus' };
const inputsOf = (shapes: ParameterShapes): Record<string, Tensor> =>
  Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, input(name, shape)]));
const valuesOf = (shapes: ParameterShapes): Record<string, Float32Array> => views(initialParameters(shapes, 3), shapes);

/** x W + b by hand, W [in, out]. */
const linear = (x: readonly number[], weight: Float32Array, bias: Float32Array): number[] =>
  Array.from(bias, (b, j) => x.reduce((total, v, i) => total + v * weight[i * bias.length + j]!, b));
const relu = (x: readonly number[]): number[] => x.map((v) => Math.max(v, 0));

describe('parameters of the MLP', () => {
  it('are named by network and layer, weights [in, out]', () => {
    expect(encoderShapes(model)).toEqual({
      'encoder.0.weight': [6, 5],
      'encoder.0.bias': [5],
      'encoder.1.weight': [5, 4],
      'encoder.1.bias': [4],
      'encoder.head.weight': [4, 6],
      'encoder.head.bias': [6],
    });
    expect(decoderShapes(model)).toEqual({
      'decoder.0.weight': [3, 4],
      'decoder.0.bias': [4],
      'decoder.1.weight': [4, 5],
      'decoder.1.bias': [5],
      'decoder.head.weight': [5, 6],
      'decoder.head.bias': [6],
    });
  });

  it('may be of a head alone', () => {
    expect(encoderShapes({ ...model, hidden: [] })).toEqual({
      'encoder.head.weight': [6, 6],
      'encoder.head.bias': [6],
    });
  });

  it('number 332,544 and 300,304 for 784-256-256 with 128 latents', () => {
    const large = { ...model, pixels: 784, hidden: [256, 256], latents: 128 };
    expect(parameterCount(encoderShapes(large))).toBe(332_544);
    expect(parameterCount(decoderShapes(large))).toBe(300_304);
  });
});

describe('encode and decode', () => {
  const image = [1, 0, 1, 1, 0, 1];

  it.each(['softplus', 'log_var'] as const)('give mu and sigma by %s from the two halves of the head', (scale) => {
    const shapes = encoderShapes(model);
    const q = encode({ ...model, scale }, inputsOf(shapes), input('x', [1, 6]));
    expect([q.mu.shape, q.sigma.shape]).toEqual([
      [1, 3],
      [1, 3],
    ]);
    const w = valuesOf(shapes);
    const hidden = relu(linear(image, w['encoder.0.weight']!, w['encoder.0.bias']!));
    const deep = relu(linear(hidden, w['encoder.1.weight']!, w['encoder.1.bias']!));
    const head = linear(deep, w['encoder.head.weight']!, w['encoder.head.bias']!);
    const sigma = head.slice(3).map((s) => (scale === 'softplus' ? Math.log1p(Math.exp(s)) : Math.sqrt(Math.exp(s))));
    const actual = evaluate([q.mu, q.sigma], { ...w, x: image });
    expectClose(actual[0]!, head.slice(0, 3), { relative: 1e-12, absolute: 1e-14 });
    expectClose(actual[1]!, sigma, { relative: 1e-12 });
  });

  it('give logits of the pixels from z, through the widths in reverse', () => {
    const shapes = decoderShapes(model);
    const { logits } = decode(model, inputsOf(shapes), input('z', [1, 3]));
    expect(logits.shape).toEqual([1, 6]);
    const w = valuesOf(shapes);
    const hidden = relu(linear([0.3, -2, 1], w['decoder.0.weight']!, w['decoder.0.bias']!));
    const deep = relu(linear(hidden, w['decoder.1.weight']!, w['decoder.1.bias']!));
    const expected = linear(deep, w['decoder.head.weight']!, w['decoder.head.bias']!);
    expectClose(evaluate([logits], { ...w, z: [0.3, -2, 1] })[0]!, expected, { relative: 1e-12, absolute: 1e-14 });
  });
});
