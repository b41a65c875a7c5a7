import { describe, expect, it } from 'vitest';
import { runConfig } from '../../../test/support/study.js';
import { tinyConfig, tinyData } from '../../../test/support/tinyModel.js';
import { nodeRuntime } from '../../engine/runtime/node.js';
import { type RegimeName, train } from '../../vae/training/index.js';
import { measureModel } from './measureModel.js';

const data = tinyData({ train: 256, test: 200 });
const runtime = nodeRuntime();

const measured = async (regime: RegimeName, epochs = 10) => {
  const config = tinyConfig({ regime, epochs });
  const model = await train(config, data, runtime);
  const decoded: Float32Array[] = [];
  const measures = await measureModel(
    {
      ...model,
      decodeLogits: (z) => {
        decoded.push(z);
        return model.decodeLogits(z);
      },
    },
    data,
    { config: { ...runConfig, ...config } },
    runtime,
  );
  return { model, measures, decoded };
};

describe('the measures of a model', () => {
  it('are codes with the rate of the last evaluation, and samples from three sources', async () => {
    const { model, measures, decoded } = await measured('joint');
    const { codes, nearest } = measures;
    expect(codes).toMatchObject({ n: 200, seed: 1 });
    expect(codes!.dimensionRate.reduce((sum, rate) => sum + rate, 0)).toBeCloseTo(model.final.rate.value, 4);
    expect(nearest!.samples).toBe(256);
    expect(decoded.map((z) => z.length)).toEqual([256 * 3, 256 * 3, 256 * 3]);
    for (const source of [nearest!.prior, nearest!.encoder!, nearest!.fitted!]) {
      expect(source).toMatchObject({ n: 200, seed: 1 });
      expect(source.value).toBeGreaterThan(0);
      expect(source.se).toBeGreaterThan(0);
      // The nearest of all samples beats the model's own guess at an image.
      expect(source.value).toBeLessThan(-model.final.score.value + 1);
    }
    const spread = (z: Float32Array) => z.reduce((sum, value) => sum + value * value, 0) / 256;
    const total = codes!.zVariance.reduce((sum, v, d) => sum + v + codes!.zMean[d]! ** 2, 0);
    expect(spread(decoded[1]!) / total).toBeCloseTo(1, 0);
    expect(spread(decoded[2]!) / total).toBeCloseTo(1, 0);
  });

  it('are codes alone where the decoder was not trained', async () => {
    const { measures, model } = await measured('encoder-only');
    expect(Object.keys(measures)).toEqual(['codes']);
    expect(measures.codes!.dimensionRate.reduce((sum, rate) => sum + rate, 0)).toBeCloseTo(model.final.rate.value, 4);
  });

  it('are of N(0, I) where z had nothing to do with x, from noise that every regime has', async () => {
    const [random, tandem] = [await measured('random-z'), await measured('tandem')];
    expect(random.measures.codes).toMatchObject({ dimensionRate: [0, 0, 0], muVariance: [0, 0, 0] });
    expect(Object.keys(random.measures.nearest!)).toEqual(['samples', 'prior']);
    expect(random.decoded).toEqual([tandem.decoded[0]]);
  });

  it('are the same from the same seed', async () => {
    expect((await measured('separate', 1)).measures).toEqual((await measured('separate', 1)).measures);
  });
});
