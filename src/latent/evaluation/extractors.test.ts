import { describe, expect, it } from 'vitest';
import { expectClose } from '../../../test/support/close.js';
import { InputError, ShapeError } from '../../engine/errors/index.js';
import { input, relu } from '../../engine/graph/index.js';
import { toBatchModel } from '../../engine/onnx/index.js';
import { keyedStream } from '../../engine/random/index.js';
import { nodeRuntime } from '../../engine/runtime/node.js';
import { glyphs, type ImageSet } from '../../vae/data/index.js';
import { contentHash } from './contentHash.js';
import { unitPixels } from './extractor.js';
import { classifierExtractor, frechetDistance, openExtractor, principalComponentsExtractor } from './index.js';

const runtime = nodeRuntime();

describe('classifier features', () => {
  const data = glyphs(1, { train: 2000, test: 500 });
  const options = { seed: 1, runtime, hidden: [64, 32], epochs: 10 };

  it('come from a classifier that has learnt its classes, and name it', async () => {
    const extractor = await classifierExtractor(data, options);
    expect(extractor.accuracy!.value).toBeGreaterThan(0.8);
    expect(extractor.accuracy).toMatchObject({ n: 500, seed: 1, unit: 'share' });
    expect(extractor).toMatchObject({
      name: 'classifier 784-64-32-10, its last hidden layer',
      kind: 'classifier',
      distance: 'classifier Fréchet distance',
      width: 32,
      hash: expect.stringMatching(/^[0-9a-f]{16}$/),
    });
    const features = await extractor.extract(unitPixels(data.test.pixels));
    expect([features.n, features.width, features.values.length]).toEqual([500, 32, 16_000]);
    expect(features.values.every((value) => value >= 0)).toBe(true);

    const opened = openExtractor(extractor.onnx!, 'extractor.onnx', runtime);
    const { extract: _extract, ...facts } = extractor;
    expect(opened).toMatchObject(facts);
    expect((await opened.extract(unitPixels(data.test.pixels))).values).toEqual(features.values);

    const again = await classifierExtractor(data, options);
    expect(again.hash).toBe(extractor.hash);

    // Real images are nearer to real images than noise is.
    const train = await extractor.extract(unitPixels(data.train.pixels));
    const noise = new Float32Array(500 * 784);
    keyedStream(1, 'test/noise', 0).fillUniform(noise);
    const far = frechetDistance(train, await extractor.extract(noise));
    expect(frechetDistance(train, features).value).toBeLessThan(0.05 * far.value);
    await expect(extractor.extract(new Float32Array(5))).rejects.toThrow(ShapeError);
  });

  it('need labels of more than one class', async () => {
    const { labels: _, ...unlabelled } = data.train;
    await expect(classifierExtractor({ ...data, train: unlabelled }, options)).rejects.toThrow(
      new InputError('classifier: expected a label for each training image, got 0 for 2000'),
    );
    const one = { ...data.train, labels: new Uint8Array(2000) };
    await expect(classifierExtractor({ ...data, train: one }, options)).rejects.toThrow(InputError);
  });
});

it('a model that is no extractor is refused by name', () => {
  const bytes = toBatchModel((n) => ({ y: relu(input('x', [n, 2])) }), { version: '0' });
  expect(() => openExtractor(bytes, 'other.onnx', runtime)).toThrow(
    new InputError('other.onnx: expected a feature extractor, got a model that says nothing of features'),
  );
});

describe('principal components', () => {
  /** Pixels that vary along two directions at right angles, 30 and 10 wide. */
  const images: ImageSet = (() => {
    const pixels = new Uint8Array(1500 * 4);
    const stream = keyedStream(2, 'test/images', 0);
    for (let i = 0; i < 1500; i++) {
      const [a, b] = [30 * stream.normal(), 10 * stream.normal()];
      pixels.set(
        [128 + a + b, 128 + a - b, 128 - a + b, 128 - a - b].map((value) =>
          Math.max(0, Math.min(255, Math.round(value))),
        ),
        4 * i,
      );
    }
    return { pixels, count: 1500, height: 2, width: 2 };
  })();

  it('are the directions of the largest variance, in order', async () => {
    const extractor = await principalComponentsExtractor(images, { runtime, width: 2 });
    expect(extractor).toMatchObject({ name: '2 principal components of the training images', width: 2 });
    const basis = await extractor.extract(Float32Array.of(0, 0, 0, 0, 1, 1, -1, -1, 1, -1, 1, -1));
    const along = Array.from({ length: 4 }, (_, i) => Math.abs(basis.values[2 + i]! - basis.values[i % 2]!));
    expectClose(along, [2, 0, 0, 2], { absolute: 0.05 });
    const features = await extractor.extract(unitPixels(images.pixels));
    const spread = [0, 1].map((k) =>
      Math.sqrt(features.values.reduce((sum, v, i) => sum + (i % 2 === k ? v * v : 0), 0) / 1500),
    );
    expectClose(spread, [60 / 255, 20 / 255], { relative: 0.08 });
  });

  it('are as many as pixels at most, and their hash follows the images', async () => {
    const extractor = await principalComponentsExtractor(images, { runtime });
    expect(extractor.width).toBe(4);
    const fewer = await principalComponentsExtractor(
      { ...images, pixels: images.pixels.subarray(0, 800), count: 200 },
      { runtime },
    );
    expect(fewer.hash).not.toBe(extractor.hash);
    await expect(principalComponentsExtractor({ ...images, count: 1 }, { runtime })).rejects.toThrow(InputError);
  });
});

describe('the hash of weights', () => {
  it.each([
    ['', 'cbf29ce484222325'],
    ['a', 'af63dc4c8601ec8c'],
    ['foobar', '85944171f73967e8'],
  ])('is FNV-1a: %j', (text, expected) => {
    expect(contentHash([Uint8Array.from(text, (c) => c.charCodeAt(0))])).toBe(expected);
  });
});
