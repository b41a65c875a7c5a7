import { describe, expect, it } from 'vitest';
import { parameterCount, views } from '../../engine/program/index.js';
import { altosaar } from '../presets/altosaar.js';
import { decoderShapes, encoderShapes, initialParameters } from './index.js';

const model = { ...altosaar, pixels: 784 };
const encoder = encoderShapes(model);
/** The share of equal values. */
const agreement = (a: Float32Array, b: Float32Array): number =>
  a.length === b.length ? a.filter((v, i) => v === b[i]).length / a.length : 0;
const byName = views(initialParameters(encoder, 1), encoder);

describe('initial parameters', () => {
  it('are U(−1/√n, 1/√n) with n the inputs of the layer, weights and biases', () => {
    const inputs = { 'encoder.0': 784, 'encoder.1': 256, 'encoder.head': 256 };
    for (const [layer, n] of Object.entries(inputs)) {
      const bound = 1 / Math.sqrt(n);
      for (const kind of ['weight', 'bias']) {
        const values = byName[`${layer}.${kind}`]!;
        const mean = values.reduce((total, v) => total + v, 0) / values.length;
        const variance = values.reduce((total, v) => total + v * v, 0) / values.length;
        expect(values.every((v) => Math.abs(v) <= Math.fround(bound))).toBe(true);
        expect(values.reduce((most, v) => Math.max(most, Math.abs(v)), 0)).toBeGreaterThan(0.98 * bound);
        // Of a uniform on (−b, b): variance b²/3, and the variance of v² is 4b⁴/45.
        expect(Math.abs(mean)).toBeLessThanOrEqual((4 * bound) / Math.sqrt(3 * values.length));
        expect(Math.abs(variance - bound ** 2 / 3)).toBeLessThanOrEqual(
          (4 * bound ** 2 * Math.sqrt(4 / 45)) / Math.sqrt(values.length),
        );
      }
    }
  });

  it('are the same for a seed and others for another seed', () => {
    const decoder = decoderShapes(model);
    const values = initialParameters(decoder, 1);
    expect(values.length).toBe(parameterCount(decoder));
    expect(agreement(initialParameters(decoder, 1), values)).toBe(1);
    expect(agreement(initialParameters(decoder, 2), values)).toBeLessThan(0.001);
  });

  it('have a stream for each parameter: they do not depend on what lies beside it', () => {
    const alone = { 'encoder.1.weight': encoder['encoder.1.weight']! };
    expect(agreement(initialParameters(alone, 1), byName['encoder.1.weight']!)).toBe(1);
  });
});
