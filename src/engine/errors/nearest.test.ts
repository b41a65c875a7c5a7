import { describe, expect, test } from 'vitest';
import { didYouMean, nearestName } from './index.js';

const presets = ['altosaar', 'lyeoni', 'glyphs', 'mnist'];

describe('nearestName', () => {
  test.each([
    ['altosar', 'altosaar'],
    ['lyoeni', 'lyeoni'],
    ['MNIST', 'mnist'],
    ['glyphs', 'glyphs'],
    ['altxxaar', 'altosaar'],
  ])('finds what %s was meant to be', (name, meant) => {
    expect(nearestName(name, presets)).toBe(meant);
  });

  test('gives nothing when no name is near', () => {
    expect(nearestName('cifar', presets)).toBeUndefined();
    expect(nearestName('', presets)).toBeUndefined();
    expect(nearestName('mnist', [])).toBeUndefined();
  });

  test('counts a swap of neighbours as one slip', () => {
    expect(nearestName('ab', ['ba', 'xy'])).toBe('ba');
  });

  test('takes the first of names that are equally near', () => {
    expect(nearestName('bata', ['beta', 'data'])).toBe('beta');
  });
});

test('didYouMean is the end of a message, or nothing', () => {
  expect(didYouMean('glyph', presets)).toBe(' (did you mean "glyphs"?)');
  expect(didYouMean('imagenet', presets)).toBe('');
});
