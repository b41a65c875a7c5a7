import { describe, expect, it } from 'vitest';
import { InputError } from '../../engine/errors/index.js';
import { cast, constant, input, mean, mul, named, reshape, sum, type Tensor } from '../../engine/graph/index.js';
import { toBatchModel, toModel } from '../../engine/onnx/index.js';
import { nodeRuntime } from '../../engine/runtime/node.js';
import { onnxExtractor } from './index.js';
import { resized } from './resize.js';

const runtime = nodeRuntime();
const options = { name: 'net.onnx', width: 3, height: 2, runtime };
/** Two images of 3 × 2. */
const images = Float32Array.of(0, 0.2, 0.4, 0.6, 0.8, 1, 1, 1, 0, 0, 0, 0);
const info = { version: '0' };

/** Sums over all axes but the first and `kept`. */
const model = (axes: readonly number[], over: readonly number[], dtype: 'float32' | 'uint8' = 'float32'): Uint8Array =>
  toBatchModel((n) => {
    const x = input('images', [n, ...axes], dtype);
    return {
      embedding: over
        .toReversed()
        .reduce<Tensor>((t, axis) => sum(t, axis), dtype === 'uint8' ? cast(x, 'float32') : x),
    };
  }, info);

const featuresFrom = async (bytes: Uint8Array, more: object = {}): Promise<number[]> => {
  const extractor = await onnxExtractor(bytes, { ...options, ...more });
  const { values, n } = await extractor.extract(images);
  expect(n).toBe(2);
  return Array.from(values, (value) => Number(value.toFixed(4)));
};

describe('the extractor of a user', () => {
  it.each([
    ['[n, P]', [6], []],
    ['[n, H, W]', [2, 3], []],
    ['[n, 1, H, W]', [1, 2, 3], []],
    ['[n, H, W, 1]', [2, 3, 1], []],
  ] as const)('takes %s', async (_, axes, over) => {
    expect(await featuresFrom(model(axes, over))).toEqual(Array.from(images, (value) => Number(value.toFixed(4))));
  });

  it('gives grey to three channels alike, wherever they stand', async () => {
    const sums = [0.0, 0.2, 0.4, 0.6, 0.8, 1, 1, 1, 0, 0, 0, 0].map((value) => Number((3 * value).toFixed(4)));
    expect(await featuresFrom(model([3, 2, 3], [1]))).toEqual(sums);
    expect(await featuresFrom(model([2, 3, 3], [3]))).toEqual(sums);
    expect(await featuresFrom(model([18], []))).toHaveLength(36);
  });

  it('scales pixels as told, and as bytes where it takes bytes', async () => {
    expect(await featuresFrom(model([6], [1]))).toEqual([3, 2]);
    expect(await featuresFrom(model([6], [1]), { range: '-1..1' })).toEqual([0, -2]);
    expect(await featuresFrom(model([6], [1]), { range: '0..255' })).toEqual([765, 510]);
    expect(await featuresFrom(model([6], [1], 'uint8'))).toEqual([765, 510]);
  });

  it('fills up a fixed number of images', async () => {
    const fixed = toModel({ out: sum(input('x', [5, 1, 2, 3]), 3) }, info);
    const { name, width, hash, distance, kind } = await onnxExtractor(fixed, options);
    expect({ name, width, distance, kind }).toEqual({
      name: 'net.onnx, its output out (pixels as 0..1)',
      width: 2,
      distance: 'Fréchet distance over net.onnx',
      kind: 'user',
    });
    expect(hash).toMatch(/^[0-9a-f]{16}$/);
    expect(await featuresFrom(fixed)).toEqual([0.6, 2.4, 2, 0]);
  });

  it('scales images to the size that the network takes, and says so', async () => {
    const large = toBatchModel((n) => ({ out: reshape(mean(input('x', [n, 1, 4, 6]), [2, 3]), [n, 1]) }), info);
    const { name } = await onnxExtractor(large, options);
    expect(name).toContain('images scaled to 6 × 4');
    expect(await featuresFrom(large)).toEqual([0.5, 0.3333]);
  });

  it('takes the output that is called features, or the one that it is told', async () => {
    const two = toBatchModel((n) => {
      const x = input('x', [n, 6]);
      return { logits: mul(x, 2), features: sum(x, 1) };
    }, info);
    expect(await featuresFrom(two)).toEqual([3, 2]);
    expect(await featuresFrom(two, { output: 'logits' })).toHaveLength(12);
  });

  it.each([
    [
      'a size of another image',
      model([5], []),
      {},
      /of 6 pixels \(3 × 2\), or of three times as many, got input images \[/,
    ],
    ['two channels', model([2, 2, 4], []), {}, /with C 1 or 3, got input images \[/],
    ['an output that is not there', model([6], []), { output: 'pool' }, /expected an output pool, got embedding/],
    [
      'outputs without a name that tells',
      toBatchModel((n) => ({ a: named('a', mul(input('x', [n, 6]), 2)), b: mul(input('x', [n, 6]), 3) }), info),
      {},
      /expected one output, or --extractor-output with one of them, got a \[/,
    ],
    [
      'features that are not finite',
      toBatchModel((n) => ({ y: mul(input('x', [n, 6]), constant([3e38], [])) }), info),
      { range: '0..255' } as const,
      /expected finite features/,
    ],
    ['no model', Uint8Array.of(1, 2, 3), {}, /net\.onnx: expected an ONNX model, got none/],
  ])('refuses %s', async (_, bytes, more, message) => {
    const asked = onnxExtractor(bytes, { ...options, ...more }).then(({ extract }) => extract(images));
    await expect(asked).rejects.toThrow(InputError);
    await expect(asked).rejects.toThrow(message);
  });
});

describe('resized', () => {
  it('interpolates between the centres of pixels, and keeps edges', () => {
    const size = { width: 2, height: 1 };
    expect(Array.from(resized(Float32Array.of(0, 1), size, { width: 4, height: 1 }))).toEqual([0, 0.25, 0.75, 1]);
    expect(Array.from(resized(Float32Array.of(0, 1, 2, 3), { width: 2, height: 2 }, { width: 1, height: 1 }))).toEqual([
      1.5,
    ]);
    expect(Array.from(resized(Float32Array.of(0, 1, 5, 7), size, size))).toEqual([0, 1, 5, 7]);
  });
});
