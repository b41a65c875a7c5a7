import { afterAll, describe, expect, it } from 'vitest';
import { expectClose } from '../../../test/support/close.js';
import { tinyConfig, tinyData } from '../../../test/support/tinyModel.js';
import { parameterCount } from '../../engine/program/index.js';
import { nodeRuntime } from '../../engine/runtime/node.js';
import { initialParameters } from '../architectures/index.js';
import type { TrainConfig } from './config.js';
import { createEvaluator, type Evaluator } from './evaluator.js';
import { fedImages } from './images.js';
import { mlpOf, shapesOf } from './step.js';
import { usable } from './trained.js';

const made: Evaluator[] = [];
afterAll(() => Promise.all(made.map((evaluator) => evaluator.release())));

const evaluatorOf = async (
  changes: Partial<TrainConfig> = {},
  images = 300,
  posterior: 'encoder' | 'prior' = 'encoder',
) => {
  const config = tinyConfig(changes);
  const fed = fedImages(tinyData({ test: images }).test, config.binarisation, config.seed, 'test');
  const evaluator = await createEvaluator(config, mlpOf(config, fed.pixels), fed, nodeRuntime(), posterior);
  made.push(evaluator);
  return evaluator;
};
const shapes = shapesOf(mlpOf(tinyConfig(), 20));
const untrained = (seed: number) => ({
  encoder: initialParameters(shapes.encoder, seed),
  decoder: initialParameters(shapes.decoder, seed),
});
const zeros = {
  encoder: new Float32Array(parameterCount(shapes.encoder)),
  decoder: new Float32Array(parameterCount(shapes.decoder)),
};
const valuesOf = async (evaluator: Evaluator, encoder: Float32Array, decoder: Float32Array) =>
  (await evaluator.evaluate(encoder, decoder)).values;
/** G(σ) = ½ (σ² − 1) − ln σ */
const G = (sigma: number): number => 0.5 * (sigma ** 2 - 1) - Math.log(sigma);

describe('the evaluator', () => {
  it.each(['softplus', 'log_var'] as const)('agrees with itself: both rates, by %s', async (scale) => {
    const evaluator = await evaluatorOf({ scale }, 2000);
    const { encoder, decoder } = untrained(3);
    const { rate, rateMc } = await valuesOf(
      evaluator,
      encoder.map((v) => 2 * v),
      decoder,
    );
    expect(Math.abs(rateMc.value - rate.value)).toBeLessThanOrEqual(4 * rateMc.se);
    expect([rate.n, rateMc.n, rate.seed]).toEqual([2000, 2000, 1]);
    expect(rateMc.se).toBeGreaterThan(0);
  });

  it('gives -P ln 2 for logits of zero, and the ELBO as score minus rate', async () => {
    const evaluator = await evaluatorOf();
    const { encoder } = untrained(1);
    const { score, rate, elbo } = await valuesOf(evaluator, encoder, zeros.decoder);
    expect(score.value).toBeCloseTo(-20 * Math.LN2, 5);
    expect(score.se).toBeLessThan(1e-6);
    expect(elbo.value).toBeCloseTo(score.value - rate.value, 10);
  });

  it('gives the closed form where every code is one Gaussian', async () => {
    const evaluator = await evaluatorOf({}, 2000);
    const { rate, momentKl, momentKlDraws } = await valuesOf(evaluator, zeros.encoder, zeros.decoder);
    expect(rate.value).toBeCloseTo(3 * G(Math.LN2), 6);
    expect(rate.se).toBeLessThan(1e-7);
    expect(momentKl.value).toBeCloseTo(3 * G(Math.LN2), 4);
    // Moments of n draws, not of the distribution: about D (D + 3) / 4n more.
    expect(evaluator.batch).toBe(1000);
    expect(momentKlDraws.n).toBe(2);
    expect(momentKlDraws.se).toBeGreaterThan(0); // each batch has draws of its own
    expect(Math.abs(momentKlDraws.value - momentKl.value)).toBeLessThan(0.05);
  });

  it('bounds the rate from below by the moment-matched KL', async () => {
    const evaluator = await evaluatorOf();
    const { encoder, decoder } = untrained(1);
    const { rate, momentKl } = await valuesOf(
      evaluator,
      encoder.map((v) => 3 * v),
      decoder,
    );
    expect(momentKl.value).toBeLessThan(rate.value);
    expect(momentKl.value).toBeGreaterThan(0);
  });

  it('draws z from N(0, I) for a decoder that learned from it', async () => {
    const evaluator = await evaluatorOf({}, 2000, 'prior');
    const { encoder, decoder } = untrained(1);
    const values = await valuesOf(evaluator, encoder, decoder);
    expect(values.rate.value).toBe(0);
    expect(values.momentKl.value).toBeCloseTo(0, 6);
    const expected = (3 * 6) / (4 * 1000);
    expect(values.momentKlDraws.value).toBeGreaterThan(0);
    expect(values.momentKlDraws.value).toBeLessThan(6 * expected);
    expect(await valuesOf(evaluator, zeros.encoder, decoder)).toEqual(values);
  });

  it('counts each image once where the last batch is not full', async () => {
    const { encoder, decoder } = untrained(1);
    const odd = await evaluatorOf({}, 301);
    const values = await valuesOf(odd, encoder, decoder);
    expect([odd.batch, values.rate.n, values.score.n, values.momentKl.n]).toEqual([150, 301, 301, 2]);
  });

  it.each([20, 64, 100, 150, 300])('keeps the codes of the first 64 of %i images', async (count) => {
    const config = tinyConfig();
    const fed = fedImages(tinyData({ test: count }).test, config.binarisation, config.seed, 'test');
    const model = mlpOf(config, fed.pixels);
    const evaluator = await evaluatorOf({}, count);
    const weights = untrained(1);
    const { probes } = await evaluator.evaluate(weights.encoder, weights.decoder);
    expect(evaluator.probes).toBe(Math.min(64, count));

    const bytes = new Uint8Array(evaluator.probes * fed.pixels);
    for (let i = 0; i < evaluator.probes; i++) fed.copy(i, bytes, i * fed.pixels);
    const codes = await usable(config, model, weights, nodeRuntime()).encode(Float32Array.from(bytes));
    expectClose(probes.mu, codes.mu, { absolute: 1e-6 });
    expectClose(probes.sigma, codes.sigma, { absolute: 1e-6 });
  });

  it('keeps no codes where z has nothing to do with x', async () => {
    const evaluator = await evaluatorOf({}, 300, 'prior');
    const { encoder, decoder } = untrained(1);
    expect(evaluator.probes).toBe(0);
    expect((await evaluator.evaluate(encoder, decoder)).probes.mu).toHaveLength(0);
  });

  it('gives the same numbers each time', async () => {
    const evaluator = await evaluatorOf();
    const { encoder, decoder } = untrained(1);
    expect(await valuesOf(evaluator, encoder, decoder)).toEqual(await valuesOf(evaluator, encoder, decoder));
  });

  it('has an infinite moment-matched KL for codes of one value, not an error', async () => {
    const evaluator = await evaluatorOf();
    const { encoder, decoder } = untrained(1);
    const values = await valuesOf(
      evaluator,
      encoder.map((v) => v * 1e9),
      decoder,
    );
    expect(Number.isFinite(values.momentKlDraws.value)).toBe(false);
  });
});
