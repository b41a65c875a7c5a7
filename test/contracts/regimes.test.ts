import { beforeAll, describe, expect, it } from 'vitest';
import { views } from '../../src/engine/program/index.js';
import { nodeRuntime } from '../../src/engine/runtime/node.js';
import { initialParameters } from '../../src/vae/architectures/index.js';
import { type Part, regimes, trainedParts } from '../../src/vae/regimes/index.js';
import {
  type KlEstimator,
  mlpOf,
  type RegimeName,
  shapesOf,
  type TrainedModel,
  train,
} from '../../src/vae/training/index.js';
import { tinyConfig, tinyData } from '../support/tinyModel.js';

const data = tinyData();
const model = mlpOf(tinyConfig(), 20);
const shapes = shapesOf(model);
const names = Object.keys(regimes) as RegimeName[];
const estimators: readonly KlEstimator[] = ['analytic', 'mc'];
/** The parts that each regime must change. */
const learns: Readonly<Record<RegimeName, readonly Part[]>> = {
  joint: ['encoder', 'decoder'],
  'encoder-only': ['encoder'],
  separate: ['encoder', 'decoder'],
  tandem: ['encoder', 'decoder'],
  'random-z': ['decoder'],
};

const initial = (seed: number): Record<string, Float32Array> => ({
  ...views(initialParameters(shapes.encoder, seed), shapes.encoder),
  ...views(initialParameters(shapes.decoder, seed), shapes.decoder),
});
const partOf = (trained: TrainedModel, part: Part): Record<string, Float32Array> =>
  Object.fromEntries(Object.keys(shapes[part]).map((name) => [name, trained.parameters[name]!]));
const run = (regime: RegimeName, kl: KlEstimator, epochs = 2, seed = 1): Promise<TrainedModel> =>
  train(tinyConfig({ regime, kl, epochs, seed }), data, nodeRuntime());

const trained = new Map<string, TrainedModel>();
const of = (regime: RegimeName, kl: KlEstimator): TrainedModel => trained.get(`${regime} ${kl}`)!;
beforeAll(async () => {
  for (const regime of names) for (const kl of estimators) trained.set(`${regime} ${kl}`, await run(regime, kl));
});

describe.each(names.flatMap((regime) => estimators.map((kl) => [regime, kl] as const)))('%s, %s', (regime, kl) => {
  it('changes every parameter of the parts that learn, and no byte of the others', () => {
    const result = of(regime, kl);
    expect(result.trained).toEqual(learns[regime]);
    for (const part of ['encoder', 'decoder'] as const) {
      for (const [name, values] of Object.entries(partOf(result, part))) {
        if (learns[regime].includes(part)) expect(values, name).not.toEqual(initial(1)[name]);
        else expect(values, name).toEqual(initial(1)[name]);
      }
    }
  });

  it('takes every step, and leaves finite numbers', () => {
    const result = of(regime, kl);
    expect([result.state, result.steps]).toEqual(['done', 16]);
    for (const { value, se } of Object.values(result.final)) expect([value, se].every(Number.isFinite)).toBe(true);
  });

  it('starts where every regime of its seed starts', () => {
    const [start] = of(regime, kl).curve;
    const prior = regime === 'random-z';
    expect(start!.rate).toEqual(
      prior ? of('random-z', 'analytic').curve[0]!.rate : of('joint', 'analytic').curve[0]!.rate,
    );
  });
});

describe('every regime', () => {
  it('has shares that sum to one, and says which parts it trains', () => {
    for (const [name, regime] of Object.entries(regimes)) {
      expect(regime.name).toBe(name);
      expect(regime.phases.reduce((total, { share }) => total + share, 0)).toBeCloseTo(1, 12);
      expect(trainedParts(regime)).toEqual(learns[regime.name]);
    }
  });
});

describe.each(estimators)('with the %s KL', (kl) => {
  it('tandem gives its encoder nothing from the decoder: the same bytes as encoder-only', () => {
    expect(partOf(of('tandem', kl), 'encoder')).toEqual(partOf(of('encoder-only', kl), 'encoder'));
    expect(partOf(of('joint', kl), 'encoder')).not.toEqual(partOf(of('encoder-only', kl), 'encoder'));
  });

  it('separate trains its encoder as encoder-only does for half the steps, then leaves it', async () => {
    const half = await run('encoder-only', kl, 1);
    const whole = of('separate', kl);
    expect(partOf(whole, 'encoder')).toEqual(partOf(half, 'encoder'));
    const [middle, end] = [whole.curve.find(({ step }) => step === 8)!, whole.curve.at(-1)!];
    expect(end.rate).toEqual(middle.rate);
    expect(end.score.value).toBeGreaterThan(middle.score.value);
    expect(whole.curve.filter(({ step }) => step <= 8)).toEqual(half.curve);
  });
});

describe('random-z', () => {
  it('has nothing to do with the encoder: the rate is 0, and the KL does not matter', () => {
    const { curve } = of('random-z', 'analytic');
    for (const { rate, rateMc } of curve) {
      expect([rate.value, rate.se]).toEqual([0, 0]);
      expect(Math.abs(rateMc.value)).toBeLessThan(1e-6);
    }
    expect(of('random-z', 'mc').parameters).toEqual(of('random-z', 'analytic').parameters);
    expect(of('random-z', 'mc').curve).toEqual(curve);
  });

  it('learns the mean image at best: z tells it nothing about x', async () => {
    const more = tinyData({ train: 512, test: 256 });
    const config = tinyConfig({ epochs: 20, batch: 16, hidden: [32, 16] });
    const long = await train({ ...config, regime: 'random-z' }, more, nodeRuntime());
    const { pixels, count, height, width } = more.test;
    const size = height * width;
    let entropy = 0;
    for (let p = 0; p < size; p++) {
      let ink = 0;
      for (let i = 0; i < count; i++) ink += pixels[i * size + p]! > 127 ? 1 / count : 0;
      if (ink > 0 && ink < 1) entropy -= ink * Math.log(ink) + (1 - ink) * Math.log(1 - ink);
    }
    expect(long.final.score.value).toBeLessThan(-entropy);
    expect(long.final.score.value).toBeGreaterThan(-1.3 * entropy);
    const joint = await train(config, more, nodeRuntime());
    expect(joint.final.score.value).toBeGreaterThan(-0.7 * entropy);
    expect(joint.final.elbo.value).toBeGreaterThan(long.final.elbo.value);
  });
});
