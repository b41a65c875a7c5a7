import { decode } from 'fast-png';
import { expect, test } from 'vitest';
import { ground, imageGrid } from './grid.js';

test('pixels decode back at their place, with ground between images and in empty cells', () => {
  const images = Uint8Array.of(10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120);
  const png = decode(imageGrid(images, { rows: 2, columns: 2, width: 2, height: 2, gap: 1 }));
  const g = ground;
  expect([png.width, png.height, png.channels, png.depth]).toEqual([7, 7, 1, 8]);
  expect([...png.data]).toEqual([
    ...[g, g, g, g, g, g, g],
    ...[g, 10, 20, g, 50, 60, g],
    ...[g, 30, 40, g, 70, 80, g],
    ...[g, g, g, g, g, g, g],
    ...[g, 90, 100, g, g, g, g],
    ...[g, 110, 120, g, g, g, g],
    ...[g, g, g, g, g, g, g],
  ]);
});

test('means in [0, 1] become bytes, clamped; a whole scale repeats pixels', () => {
  const png = decode(
    imageGrid(Float32Array.of(0, 0.5, 1.5), { rows: 1, columns: 1, width: 3, height: 1, gap: 0, scale: 2 }),
  );
  expect([png.width, png.height]).toEqual([6, 2]);
  expect([...png.data]).toEqual([0, 0, 128, 128, 255, 255, 0, 0, 128, 128, 255, 255]);
});

test('what does not fit is refused', () => {
  const layout = { rows: 1, columns: 1, width: 2, height: 2 };
  expect(() => imageGrid(new Uint8Array(8), layout)).toThrow(
    'imageGrid: expected at most 1 images of 4 pixels, got 8 pixels',
  );
  expect(() => imageGrid(new Uint8Array(3), layout)).toThrow('got 3 pixels');
  expect(() => imageGrid(Float32Array.of(0, 0, 0, Number.NaN), layout)).toThrow('got NaN');
  expect(() => imageGrid(new Uint8Array(4), { ...layout, scale: 1.5 })).toThrow(
    'expected a whole number from 1 on, got 1.5',
  );
});
