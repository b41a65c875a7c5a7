import { expect, test } from 'vitest';
import { type ColourName, cssVariables, palette, resolveColours } from './palette.js';

type Rgb = readonly number[];

const linear = (hex: string): Rgb =>
  [1, 3, 5].map((at) => {
    const c = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });

/** Relative luminance and contrast ratio: WCAG 2.1. */
const luminance = ([r, g, b]: Rgb): number => 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
const contrast = (a: string, b: string): number => {
  const [low, high] = [luminance(linear(a)), luminance(linear(b))].sort((x, y) => x - y);
  return (high! + 0.05) / (low! + 0.05);
};

const times = (matrix: readonly Rgb[], v: Rgb): Rgb =>
  matrix.map((row) => row.reduce((sum, m, i) => sum + m * v[i]!, 0));

/** Machado, Oliveira & Fernandes 2009, severity 1, on linear RGB. */
const blindness: Readonly<Record<string, readonly Rgb[]>> = {
  none: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

/** Distance in OKLab (Ottosson 2020), times 100. */
const oklab = (rgb: Rgb): Rgb => {
  const lms = times(
    [
      [0.4122214708, 0.5363325363, 0.0514459929],
      [0.2119034982, 0.6806995451, 0.1073969566],
      [0.0883024619, 0.2817188376, 0.6299787005],
    ],
    rgb.map((c) => Math.max(0, c)),
  ).map(Math.cbrt);
  return times(
    [
      [0.2104542553, 0.793617785, -0.0040720468],
      [1.9779984951, -2.428592205, 0.4505937099],
      [0.0259040371, 0.7827717662, -0.808675766],
    ],
    lms,
  );
};
const distance = (a: Rgb, b: Rgb): number => 100 * Math.hypot(...oklab(a).map((x, i) => x - oklab(b)[i]!));

const figures: readonly (readonly ColourName[])[] = [
  ['joint', 'encoder-mc', 'encoder-analytic', 'normal'],
  ['joint', 'separate', 'tandem', 'random-z'],
];

for (const theme of ['light', 'dark'] as const) {
  const colours = palette[theme];

  test(`${theme}: text and runs reach AA contrast`, () => {
    const names = (Object.keys(colours) as ColourName[]).filter(
      (name) => !['ground', 'surface', 'line'].includes(name),
    );
    for (const name of names) {
      expect(contrast(colours[name], colours.ground), name).toBeGreaterThanOrEqual(4.5);
      expect(contrast(colours[name], colours.surface), `${name} on surface`).toBeGreaterThanOrEqual(4.5);
    }
  });

  test(`${theme}: runs of one figure stay apart under colour blindness`, () => {
    for (const [kind, matrix] of Object.entries(blindness)) {
      for (const names of figures) {
        names.forEach((a, i) => {
          for (const b of names.slice(i + 1)) {
            const apart = distance(times(matrix, linear(colours[a])), times(matrix, linear(colours[b])));
            expect(apart, `${a} and ${b}, ${kind}`).toBeGreaterThan(9);
          }
        });
      }
    }
  });
}

test('resolveColours replaces what the palette knows', () => {
  expect(resolveColours('<g stroke="var(--joint)" fill="currentColor" x="var(--unknown)">', 'light')).toBe(
    '<g stroke="#1873bc" fill="#16191d" x="var(--unknown)">',
  );
  expect(cssVariables('dark')).toContain('--ground: #14171b;');
});
