import { describe, expect, it } from 'vitest';
import { noiseFloor } from './noiseFloor.js';

describe('noiseFloor', () => {
  it('is the expected moment-matched KL of a Wishart covariance', () => {
    const [d, batch] = [4, 200];
    const { momentKlDraws } = noiseFloor(d, batch, 1);
    // E tr C = D (B − 1)/B, E m·m = D/B; E ln det C = Σ_j ψ((B − j)/2) + D ln(2/B), ψ(x) = ln x − 1/2x − 1/12x².
    const digamma = (x: number) => Math.log(x) - 1 / (2 * x) - 1 / (12 * x * x);
    let logDet = d * Math.log(2 / batch);
    for (let j = 1; j <= d; j++) logDet += digamma((batch - j) / 2);
    const expected = 0.5 * ((d * (batch - 1)) / batch + d / batch - d - logDet);
    expect(Math.abs(momentKlDraws.value - expected)).toBeLessThan(4 * momentKlDraws.se);
    expect(momentKlDraws).toMatchObject({ n: 20, seed: 1 });
  });

  it('is the same for the same seed', () => {
    expect(noiseFloor(3, 50, 7)).toEqual(noiseFloor(3, 50, 7));
    expect(noiseFloor(3, 50, 7)).not.toEqual(noiseFloor(3, 50, 8));
  });
});
