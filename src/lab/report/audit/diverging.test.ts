import { expect, test } from 'vitest';
import { palette } from '../palette.js';
import { divergingColours, oklabOf, resolveDiverging, STEPS, stepColour, stepOf } from './diverging.js';

const apart = (a: string, b: string): number => {
  const [p, q] = [oklabOf(a), oklabOf(b)];
  return Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]);
};

/** Machado, Oliveira & Fernandes 2009, severity 1, on linear RGB. */
const blindness = {
  protanopia: [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
  deuteranopia: [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
  tritanopia: [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039],
} as const;

const seen = (hex: string, m: readonly number[]): string => {
  const linear = [1, 3, 5].map((at) => (Number.parseInt(hex.slice(at, at + 2), 16) / 255) ** 2.2);
  const mixed = [0, 3, 6].map((row) => linear.reduce((sum, value, k) => sum + m[row + k]! * value, 0));
  return `#${mixed
    .map((value) =>
      Math.round(255 * Math.min(1, Math.max(0, value)) ** (1 / 2.2))
        .toString(16)
        .padStart(2, '0'),
    )
    .join('')}`;
};

for (const theme of ['light', 'dark'] as const) {
  const colours = divergingColours(theme);
  const side = (name: 'low' | 'high'): string[] => [
    palette[theme].ground,
    ...[...colours].filter(([key]) => key.startsWith(name)).map(([, hex]) => hex),
  ];

  test(`${theme}: steps are even to the eye, and both sides alike`, () => {
    const steps = [side('low'), side('high')].flatMap((hexes) => hexes.slice(1).map((hex, i) => apart(hexes[i]!, hex)));
    expect(steps).toHaveLength(2 * STEPS);
    const mean = steps.reduce((sum, step) => sum + step, 0) / steps.length;
    for (const step of steps) expect(Math.abs(step / mean - 1)).toBeLessThan(0.15);
  });

  test(`${theme}: the sides stay apart under colour blindness`, () => {
    const [low, high] = [side('low').at(-1)!, side('high').at(-1)!];
    for (const matrix of Object.values(blindness))
      expect(apart(seen(low, matrix), seen(high, matrix))).toBeGreaterThan(0.12);
  });
}

test('values find their step and colour', () => {
  expect([-9, -1, 0, 0.05, 1, 9].map((value) => stepOf(value, 1))).toEqual([-8, -8, 0, 0, 8, 8]);
  expect([stepColour(-8), stepColour(0), stepColour(1)]).toEqual(['var(--low-h)', 'var(--ground)', 'var(--high-a)']);
  expect(resolveDiverging('<g fill="var(--low-h)" stroke="var(--ink)">', 'light')).toMatch(
    /^<g fill="#[0-9a-f]{6}" stroke="#16191d">$/,
  );
});
