import { expect, it } from 'vitest';
import { drawCodes } from './drawCodes.js';

const q = { mu: Float32Array.of(-5, 0, 5, 1), sigma: Float32Array.of(1, 2, 0.5, 0.1), n: 2, latents: 2 };

it('draws each code as often as the others, with the density of the one it drew', () => {
  const draws = 20_000;
  const { z, logPosterior } = drawCodes(q, draws, 1);
  let second = 0;
  const error = [0, 0];
  for (let s = 0; s < draws; s++) {
    const code = z[2 * s]! > 1 ? 1 : 0;
    second += code;
    let expected = -Math.log(2 * Math.PI);
    for (let d = 0; d < 2; d++) {
      const scale = q.sigma[2 * code + d]!;
      const t = (z[2 * s + d]! - q.mu[2 * code + d]!) / scale;
      expected -= 0.5 * t * t + Math.log(scale);
      error[d]! += (t * t - 1) / draws;
    }
    expect(Math.abs(logPosterior[s]! - expected)).toBeLessThan(1e-9);
  }
  expect(Math.abs(second / draws - 0.5)).toBeLessThan(4 * Math.sqrt(0.25 / draws));
  for (const e of error) expect(Math.abs(e)).toBeLessThan(4 * Math.sqrt(2 / draws));
});

it('is the same from the same seed', () => {
  expect(drawCodes(q, 10, 3)).toEqual(drawCodes(q, 10, 3));
  expect(drawCodes(q, 10, 3)).not.toEqual(drawCodes(q, 10, 4));
});
