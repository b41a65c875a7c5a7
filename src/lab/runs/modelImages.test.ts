import { describe, expect, it } from 'vitest';
import { tinyData } from '../../../test/support/tinyModel.js';
import { fedImages } from '../../vae/training/images.js';
import { modelImages } from './modelImages.js';

const { train, test } = tinyData();
const pixels = 20;
const grey = (index: number) =>
  Float32Array.from(test.pixels.subarray(index * pixels, (index + 1) * pixels), (v) => v / 255);

describe('the images of a model', () => {
  it('are zeros and ones by threshold, in the order asked for', () => {
    const x = modelImages(test, 'test', [5, 2], { binarisation: 'threshold', seed: 1 });
    const expected = [5, 2].flatMap((index) => [...grey(index)].map((value) => (value * 255 > 127 ? 1 : 0)));
    expect([...x]).toEqual(expected);
  });

  it('are grey where nothing is binarised', () => {
    const x = modelImages(test, 'test', [3], { binarisation: 'none', seed: 1 });
    expect(Math.max(...x.map((value, p) => Math.abs(value - grey(3)[p]!)))).toBeLessThan(1e-7);
  });

  it.each(['static', 'dynamic'] as const)('are those the model was evaluated on: %s', (binarisation) => {
    const fed = fedImages(test, binarisation, 7, 'test');
    const bytes = new Uint8Array(pixels);
    fed.copy(4, bytes, 0);
    expect([...modelImages(test, 'test', [4], { binarisation, seed: 7 })]).toEqual([...bytes]);
  });

  it.each(['static', 'dynamic'] as const)('are binary draws of training images: %s', (binarisation) => {
    const all = Uint32Array.from({ length: train.count }, (_, i) => i);
    const x = modelImages(train, 'train', all, { binarisation, seed: 7 });
    expect([...new Set(x)].sort()).toEqual([0, 1]);
    const variance = train.pixels.reduce((sum, v) => sum + (v / 255) * (1 - v / 255), 0);
    const excess = x.reduce((sum, value, p) => sum + value - train.pixels[p]! / 255, 0);
    expect(Math.abs(excess)).toBeLessThan(4 * Math.sqrt(variance));
    expect(modelImages(train, 'train', all, { binarisation, seed: 7 })).toEqual(x);
  });
});
