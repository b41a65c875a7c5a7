import { describe, expect, it } from 'vitest';
import { tinyConfig, tinyData } from '../../../test/support/tinyModel.js';
import { InputError } from '../../engine/errors/index.js';
import { nodeRuntime } from '../../engine/runtime/node.js';
import { mlpOf, readSaved, startFrom, type TrainConfig, train } from './index.js';

const data = tinyData();
const trained = (config: Partial<TrainConfig> = {}) => train(tinyConfig(config), data, nodeRuntime());

describe('readSaved', () => {
  it.each(['softplus', 'log_var'] as const)('gives the model and the very weights back, %s', async (scale) => {
    const model = await trained({ scale, hidden: [7, 5] });
    const saved = readSaved(model.encoderOnnx(), model.decoderOnnx());
    expect(saved.model).toEqual(mlpOf(model.config, model.model.pixels));
    const joined = Object.values(model.parameters).flatMap((values) => [...values]);
    expect([...saved.weights.encoder, ...saved.weights.decoder]).toEqual(joined);
  });

  it('refuses what no training saved, with the reason', async () => {
    const [small, large] = [await trained(), await trained({ latents: 4 })];
    const { encoderOnnx, decoderOnnx } = small;
    expect(() => readSaved(decoderOnnx(), encoderOnnx())).toThrow('encoder: expected the encoder that zdist saved');
    expect(() => readSaved(encoderOnnx(), large.decoderOnnx())).toThrow(/decoder: expected decoder\.\d\.weight \[/);
    expect(() => readSaved(new Uint8Array(9), decoderOnnx())).toThrow(InputError);
  });
});

describe('a training that begins at saved weights', () => {
  it('measures them first, and goes on from there', async () => {
    const before = await trained();
    const { weights } = readSaved(before.encoderOnnx(), before.decoderOnnx());
    const after = await train(tinyConfig(), data, nodeRuntime(), {}, startFrom(weights));
    expect(after.curve[0]).toEqual({ ...before.curve.at(-1), step: 0, epoch: 0 });
    expect(after.steps).toBe(before.steps);
    expect(after.final.elbo.value).toBeGreaterThan(before.final.elbo.value);
  });
});
