import { describe, expect, it } from 'vitest';
import { InputError } from '../../engine/errors/index.js';
import { keyedStream } from '../../engine/random/index.js';
import { type CheckedInput, checkCodes } from './checkCodes.js';
import type { Draws, Posteriors } from './codes.js';

const normals = (length: number, seed = 1): Float32Array => {
  const out = new Float32Array(length);
  keyedStream(seed, 'check', 0).fillNormal(out);
  return out;
};
const draws = (n: number, latents: number, seed = 1): Draws => ({ z: normals(n * latents, seed), n, latents });
const posteriors = (n: number, latents: number, seed = 1): Posteriors => ({
  mu: normals(n * latents, seed),
  sigma: new Float32Array(n * latents).fill(0.5),
  n,
  latents,
});
const changed = <T extends Float32Array>(values: T, at: number, value: number): T => {
  values[at] = value;
  return values;
};
const problems = (input: CheckedInput): string[] => {
  try {
    checkCodes(input);
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    return (error as Error).message.split('\n');
  }
  return [];
};

describe('codes that cannot be audited', () => {
  it('names the row and the column of what is not finite, and counts the rest', () => {
    const z = draws(60, 3);
    changed(changed(z.z, 17 * 3 + 1, Number.NaN), 20, Number.POSITIVE_INFINITY);
    expect(problems({ train: z })).toEqual([
      'z: expected finite numbers, got Infinity at row 6, column 2 (counted from 0) and at 1 other place',
    ]);
  });

  it('says everything at once', () => {
    const train = posteriors(60, 3);
    changed(train.mu, 4, Number.NaN);
    changed(train.sigma, 5, 0);
    changed(train.sigma, 8, -1);
    const test = posteriors(60, 2);
    changed(test.mu, 0, Number.NEGATIVE_INFINITY);
    expect(problems({ train, test, labels: [1, 2], names: { 'test mu': 'held/mu.npy' } })).toEqual([
      'mu: expected finite numbers, got NaN at row 1, column 1 (counted from 0)',
      'sigma: expected standard deviations above 0, got 0 at row 1, column 2 (counted from 0) and at 1 other place',
      'held/mu.npy: expected finite numbers, got -Infinity at row 0, column 0 (counted from 0)',
      'test codes: expected 3 dimensions as the codes have, got 2',
      'labels: expected one for each of 60 codes, got 2',
    ]);
  });

  it.each<[string, CheckedInput, string]>([
    [
      'no dimension',
      { train: { z: new Float32Array(0), n: 60, latents: 0 } },
      'codes: expected at least 1 dimension, got 0',
    ],
    ['hardly a row', { train: draws(9, 2) }, 'codes: expected at least 10 rows, got 9'],
    ['no row', { train: draws(20, 2), test: draws(0, 2) }, 'test codes: expected at least 10 rows, got 0'],
    [
      'shapes that differ',
      { train: { ...posteriors(20, 2), mu: normals(38) } },
      'mu: expected 20 rows of 2, got 38 values',
    ],
    [
      'kinds that differ',
      { train: posteriors(20, 2), test: draws(20, 2) },
      'test codes: expected mu and sigma as for the codes, got z alone',
    ],
  ])('are refused: %s', (_, input, text) => {
    expect(problems(input)).toEqual([text]);
  });
});

describe('what the reader must know', () => {
  it('is nothing where all is well', () => {
    expect(checkCodes({ train: draws(60, 3), test: draws(60, 3, 2) })).toEqual([]);
  });

  it('is which dimensions are constant', () => {
    const z = draws(60, 3);
    for (let i = 0; i < 60; i++) z.z[3 * i + 2] = 0.25;
    expect(checkCodes({ train: z })).toEqual([
      'z is constant in 1 dimension of 3 (2): such a dimension has no density, and no prior draw falls there.',
    ]);
    const collapsed = { ...posteriors(60, 2), mu: new Float32Array(120) };
    expect(checkCodes({ train: collapsed })[0]).toBe(
      'mu is constant in 2 dimensions of 2 (0, 1): such a dimension carries nothing about x.',
    );
  });

  it('is how many rows repeat, here and among held-out codes', () => {
    const train = draws(60, 3);
    train.z.copyWithin(3 * 59, 0, 3);
    train.z.copyWithin(3 * 58, 0, 3);
    const test = draws(60, 3, 2);
    test.z.set(train.z.subarray(30, 60));
    const notes = checkCodes({ train, test });
    expect(notes[0]).toBe('2 rows of 60 repeat an earlier row.');
    expect(notes[1]).toMatch(/^10 rows of 60 held-out codes are rows of the training codes too/);
  });

  it('is what cannot be estimated from few codes', () => {
    expect(checkCodes({ train: draws(49, 2) })).toEqual([
      "49 codes are few: below 50, hole mass, held-out bound, classifier and Mardia's statistics are not estimated.",
    ]);
  });
});
