import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Dataset, drawGlyph, epochOrder, glyphs } from '../index.js';

const SIZE = 784;
const set = glyphs(1, { train: 6000, test: 2000 });
const image = (index: number): Uint8Array => set.train.pixels.subarray(index * SIZE, (index + 1) * SIZE);

/** Test accuracy of softmax regression on raw pixels, by plain SGD one image at a time with a falling rate. */
const softmaxRegression = ({ train, test }: Dataset, epochs: number): number => {
  const weights = new Float32Array(10 * (SIZE + 1));
  const logits = new Float64Array(10);
  const score = (pixels: Uint8Array): void => {
    for (let digit = 0; digit < 10; digit++) logits[digit] = weights[digit * (SIZE + 1) + SIZE]!;
    pixels.forEach((value, pixel) => {
      if (value === 0) return;
      for (let digit = 0; digit < 10; digit++) logits[digit]! += (weights[digit * (SIZE + 1) + pixel]! * value) / 255;
    });
  };
  for (let epoch = 0; epoch < epochs; epoch++) {
    const rate = 0.02 * (1 - epoch / epochs);
    for (const index of epochOrder(1, epoch, train.count)) {
      const pixels = train.pixels.subarray(index * SIZE, (index + 1) * SIZE);
      score(pixels);
      const top = Math.max(...logits);
      const total = logits.reduce((sum, logit) => sum + Math.exp(logit - top), 0);
      const pull = logits.map((logit, digit) => {
        const probability = Math.exp(logit - top) / total;
        return rate * ((digit === train.labels![index] ? 1 : 0) - probability);
      });
      for (let digit = 0; digit < 10; digit++) weights[digit * (SIZE + 1) + SIZE]! += pull[digit]!;
      pixels.forEach((value, pixel) => {
        if (value === 0) return;
        for (let digit = 0; digit < 10; digit++) weights[digit * (SIZE + 1) + pixel]! += (pull[digit]! * value) / 255;
      });
    }
  }
  let right = 0;
  for (let index = 0; index < test.count; index++) {
    score(test.pixels.subarray(index * SIZE, (index + 1) * SIZE));
    if (logits.indexOf(Math.max(...logits)) === test.labels![index]) right++;
  }
  return right / test.count;
};

describe('glyphs', () => {
  it('have the shape of a data set', () => {
    expect(set.name).toBe('glyphs');
    for (const [part, count] of [
      [set.train, 6000],
      [set.test, 2000],
    ] as const) {
      expect(part).toMatchObject({ count, height: 28, width: 28 });
      expect(part.pixels.length).toBe(count * SIZE);
      expect(part.labels?.length).toBe(count);
    }
  });

  it('are the same whether drawn together, alone, or as part of a larger set', () => {
    const out = new Uint8Array(SIZE).fill(77);
    expect(drawGlyph(1, 'train', 4321, out)).toBe(set.train.labels![4321]);
    expect(out).toEqual(image(4321));
    expect(glyphs(1, { train: 10, test: 0 }).train.pixels).toEqual(set.train.pixels.subarray(0, 10 * SIZE));
  });

  it('differ by seed and by part', () => {
    const one = new Uint8Array(SIZE);
    const other = new Uint8Array(SIZE);
    drawGlyph(2, 'train', 0, one);
    drawGlyph(1, 'test', 0, other);
    expect(one).not.toEqual(image(0));
    expect(other).not.toEqual(image(0));
  });

  it('are the committed bytes', () => {
    const golden = JSON.parse(
      readFileSync(new URL('../../../../test/reference/glyphs.json', import.meta.url), 'utf8'),
    ) as { seed: number; part: 'train' | 'test'; index: number; digit: number; sha256: string }[];
    const drawn = golden.map(({ seed, part, index }) => {
      const out = new Uint8Array(SIZE);
      const digit = drawGlyph(seed, part, index, out);
      return { seed, part, index, digit, sha256: createHash('sha256').update(out).digest('hex') };
    });
    expect(drawn).toEqual(golden);
  });

  it('hold every digit equally often', () => {
    const counts = new Array<number>(10).fill(0);
    for (const label of set.train.labels!) counts[label]! += 1;
    for (const count of counts) expect(Math.abs(count - 600)).toBeLessThan(4 * Math.sqrt(6000 * 0.09));
  });

  it('are ink in the middle of an empty frame, centred by mass', () => {
    let border = 0;
    let grey = 0;
    for (let index = 0; index < set.train.count; index++) {
      let [mass, x, y, most] = [0, 0, 0, 0];
      image(index).forEach((value, pixel) => {
        const [column, row] = [pixel % 28, Math.floor(pixel / 28)];
        mass += value;
        x += value * column;
        y += value * row;
        most = Math.max(most, value);
        if (value > 0 && value < 255) grey++;
        if (value > 0 && (row % 27 === 0 || column % 27 === 0)) border++;
      });
      expect(most, `image ${index}`).toBeGreaterThan(200);
      expect(Math.abs(x / mass - 13.5), `image ${index}`).toBeLessThan(1.5);
      expect(Math.abs(y / mass - 13.5), `image ${index}`).toBeLessThan(1.5);
    }
    expect(border / set.train.count).toBeLessThan(0.1);
    expect(grey / (set.train.count * SIZE)).toBeGreaterThan(0.05);
  });

  it('cover as much of the frame as handwritten digits do', () => {
    const mean = set.train.pixels.reduce((a, b) => a + b, 0) / set.train.pixels.length / 255;
    expect(mean).toBeGreaterThan(0.1);
    expect(mean).toBeLessThan(0.17);
  });

  it('cannot be told apart by a linear classifier on pixels, nor are they noise', () => {
    const accuracy = softmaxRegression(set, 8);
    expect(accuracy).toBeGreaterThan(0.8);
    expect(accuracy).toBeLessThan(0.97);
  });

  it('report how far they are', () => {
    const seen: [number, number][] = [];
    glyphs(1, { train: 1500, test: 700 }, (drawn, total) => seen.push([drawn, total]));
    expect(seen).toEqual([
      [1000, 2200],
      [2000, 2200],
      [2200, 2200],
    ]);
  });

  it('say what they need', () => {
    expect(() => drawGlyph(1, 'train', 0, new Uint8Array(100))).toThrow(
      'drawGlyph: expected out of 784 bytes, got 100',
    );
    expect(() => glyphs(-1)).toThrow('expected seed to be a whole number');
  });
});
