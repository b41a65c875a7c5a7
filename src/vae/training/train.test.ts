import { describe, expect, it } from 'vitest';
import { expectClose } from '../../../test/support/close.js';
import { tinyConfig, tinyData } from '../../../test/support/tinyModel.js';
import { InputError, NonFiniteError } from '../../engine/errors/index.js';
import type { OptimizerConfig } from '../../engine/optim/index.js';
import { views } from '../../engine/program/index.js';
import { nodeRuntime } from '../../engine/runtime/node.js';
import { initialParameters } from '../architectures/index.js';
import type { RegimeName, TrainConfig } from './config.js';
import { type CurvePoint, type Progress, shapesOf, type TrainedModel, type TrainHooks, train } from './index.js';

const data = tinyData();
const run = (changes: Partial<TrainConfig> = {}, hooks: TrainHooks = {}): Promise<TrainedModel> =>
  train(tinyConfig(changes), data, nodeRuntime(), hooks);
const numbersOf = (curve: readonly CurvePoint[]): number[] =>
  curve.flatMap(({ step, epoch, ...values }) => Object.values(values).flatMap(({ value, se }) => [value, se]));
const stepsOf = ({ curve }: TrainedModel): number[] => curve.map(({ step }) => step);

describe('a training', () => {
  it('gives the same bytes and curve for the same configuration, and others for another seed', async () => {
    const [first, second, other] = [await run(), await run(), await run({ seed: 2 })];
    expect(second.parameters).toEqual(first.parameters);
    expect(second.curve).toEqual(first.curve);
    expect(second.probes).toEqual(first.probes);
    expect(other.parameters).not.toEqual(first.parameters);
    expect(other.final.rate.value).not.toBe(first.final.rate.value);
  });

  it('gives nearly the same values where the runtime takes one step a run', async () => {
    const looped = await run({ epochs: 3 });
    const stepped = await train(tinyConfig({ epochs: 3 }), data, { ...nodeRuntime(), loops: false });
    expect(stepped.steps).toBe(looped.steps);
    expect(stepped.final.elbo.value).toBeCloseTo(looped.final.elbo.value, 4);
  });

  it('lowers the negative ELBO', async () => {
    const { curve, final } = await run({ epochs: 20 });
    expect(final.elbo.value).toBeGreaterThan(curve[0]!.elbo.value + 3);
  });

  it('evaluates by its schedule, and tells each point once', async () => {
    const points: CurvePoint[] = [];
    const result = await run({ epochs: 3 }, { onEvaluation: (point) => void points.push(point) });
    expect(stepsOf(result)).toEqual([0, 1, 2, 4, 8, 16, 24]);
    expect(points).toEqual(result.curve);
    const { step, epoch, ...last } = result.curve.at(-1)!;
    expect({ step, epoch }).toEqual({ step: 24, epoch: 3 });
    expect(result.final).toEqual(last);
  });

  it('keeps the codes of the first test images at every point of the curve', async () => {
    const { probes, curve, encode } = await run({ epochs: 3 });
    expect(probes.images).toBe(64);
    expect(probes.points.map(({ step, epoch }) => [step, epoch])).toEqual(
      curve.map(({ step, epoch }) => [step, epoch]),
    );
    const test = Float32Array.from(data.test.pixels, (value) => (value > 127 ? 1 : 0));
    const codes = await encode(test);
    const last = probes.points.at(-1)!;
    expectClose(last.mu, codes.mu, { absolute: 1e-5 });
    expectClose(last.sigma, codes.sigma, { absolute: 1e-5 });
    expect(last.mu).not.toEqual(probes.points[0]!.mu);
    expect((await run({ regime: 'random-z' })).probes).toEqual({ images: 0, points: [] });
  });

  it('may end within an epoch, or before it began', async () => {
    const part = await run({ epochs: 0.1 });
    expect([part.state, part.steps, stepsOf(part)]).toEqual(['done', 1, [0, 1]]);
    const none = await run({ epochs: 0 });
    expect([none.state, none.steps, stepsOf(none)]).toEqual(['done', 0, [0]]);
    expect(none.msPerStep).toBe(0);
  });

  it.each(['static', 'dynamic', 'none'] as const)('takes images by %s', async (binarisation) => {
    const { state, curve } = await run({ binarisation, epochs: 2 });
    expect(state).toBe('done');
    expect(curve.at(-1)!.score.value).toBeGreaterThan(curve[0]!.score.value);
  });

  it('reports progress after every chunk, with the time of a step by the clock it is given', async () => {
    const told: Progress[] = [];
    let clock = 0;
    const result = await run(
      { regime: 'separate', epochs: 2 },
      {
        onProgress: (progress) => told.push(progress),
        now: () => {
          clock += 80;
          return clock;
        },
      },
    );
    expect(told.map(({ step }) => step)).toEqual([1, 2, 4, 8, 16]);
    expect(told.map(({ phase }) => phase)).toEqual(['encoder', 'encoder', 'encoder', 'encoder', 'decoder']);
    expect(told.map(({ msPerStep }) => msPerStep)).toEqual([80, 80, 40, 20, 10]);
    expect(result.msPerStep).toBe(40);
    expect(result.seconds).toBeCloseTo(0.08 * 11, 10);
    expect(told.every(({ steps, epoch, step }) => steps === 16 && epoch === step / 8)).toBe(true);
    const [coding, decoding] = [told[0]!, told.at(-1)!];
    expect(coding.loss).toBe(coding.rate);
    expect(coding.score).toBeUndefined();
    expect(decoding.loss).toBeCloseTo(-decoding.score!, 4);
    expect(decoding.rate).toBeUndefined();
  });
});

describe('a training that is told to stop', () => {
  it('ends after the chunk, with what there is', async () => {
    let asked = 0;
    const result = await run({ epochs: 4 }, { shouldStop: () => ++asked > 4 });
    expect(result.state).toBe('interrupted');
    expect(result.steps).toBeGreaterThan(0);
    expect(result.steps).toBeLessThan(32);
    expect(result.curve.at(-1)!.step).toBe(result.steps);
    const { step: _step, epoch: _epoch, ...last } = result.curve.at(-1)!;
    expect(result.final).toEqual(last);
    const whole = await run({ epochs: result.steps / 8 });
    expect(whole.parameters).toEqual(result.parameters);
  });

  it('does not begin a phase after one it left', async () => {
    let asked = 0;
    // Yes to the third question alone: an answer that is given once must count.
    const result = await run({ regime: 'separate', epochs: 4 }, { shouldStop: () => ++asked === 3 });
    expect([result.state, result.steps < 16]).toEqual(['interrupted', true]);
  });

  it('may stop before its first step', async () => {
    const result = await run({}, { shouldStop: () => true });
    expect([result.state, result.steps, stepsOf(result)]).toEqual(['interrupted', 0, [0]]);
  });
});

describe('a training that diverges', () => {
  const rates: readonly [RegimeName, OptimizerConfig][] = (
    ['joint', 'encoder-only', 'separate', 'tandem', 'random-z'] as const
  ).flatMap((regime) => [
    [regime, { name: 'sgd', lr: 1e30 }],
    [regime, { name: 'rmsprop', lr: 1e30, alpha: 0.99, eps: 1e-8, centered: true }],
    [regime, { name: 'adam', lr: 1e6, beta1: 0.9, beta2: 0.999, eps: 1e-8 }],
  ]);

  it.each(rates)('fails with the last good state: %s by %o', async (regime, optimizer) => {
    const result = await run({ regime, optimizer, epochs: 4 });
    if (result.state === 'done') {
      expect([regime, optimizer.name]).toEqual(['random-z', 'adam']); // bounded steps and no rate to overflow
      return;
    }
    expect(result.state).toBe('failed');
    expect(result.fault).toBeInstanceOf(NonFiniteError);
    const { message, step, tensor } = result.fault!;
    expect(message).toMatch(/^train: expected finite values, got (NaN|-?Infinity) in .+ at step \d+$/);
    expect(message.endsWith(`in ${tensor} at step ${step}`)).toBe(true);
    expect(step).toBeGreaterThanOrEqual(result.steps);
    expect(result.curve.at(-1)!.step).toBe(result.steps);
    expect(numbersOf(result.curve).every(Number.isFinite)).toBe(true);
    expect(result.probes.points.map((point) => point.step)).toEqual(result.probes.images > 0 ? stepsOf(result) : []);
    expect(Object.values(result.parameters).every((values) => values.every(Number.isFinite))).toBe(true);
  });

  it('names the step over all phases and the layer where it began, and keeps what was learned until then', async () => {
    const broken = tinyConfig({ regime: 'separate', epochs: 4, optimizer: { name: 'sgd', lr: 0.1 } });
    let session = 0;
    const native = nodeRuntime();
    // The second phase is the third model that is loaded; its feeds are poisoned in step 20.
    const result = await train(broken, data, {
      ...native,
      load: async (model) => {
        const loaded = await native.load(model);
        session++;
        if (session < 3) return loaded;
        return {
          ...loaded,
          run: (feeds) => {
            const noise = feeds.noise;
            if (noise?.dtype === 'float32' && noise.shape.length === 3) {
              noise.data[(4 * noise.data.length) / 8] = Number.POSITIVE_INFINITY;
            }
            return loaded.run(feeds);
          },
        };
      },
    });
    expect(result.state).toBe('failed');
    expect([result.steps, result.fault!.step]).toEqual([16, 20]);
    expect(result.fault!.tensor).toBe('noise');
    const half = await train({ ...broken, regime: 'encoder-only', epochs: 2 }, data, native);
    expect(result.parameters).toEqual(half.parameters);
  });

  it('begins from untrained weights that are as they were', async () => {
    const result = await run({ optimizer: { name: 'sgd', lr: 1e30 } });
    const shapes = shapesOf(result.model);
    expect(result.steps).toBe(0);
    expect(result.parameters).toEqual({
      ...views(initialParameters(shapes.encoder, 1), shapes.encoder),
      ...views(initialParameters(shapes.decoder, 1), shapes.decoder),
    });
  });
});

describe('data that do not fit', () => {
  it('are refused when they do not fill a batch', async () => {
    await expect(train(tinyConfig({ batch: 65 }), data, nodeRuntime())).rejects.toThrow(
      new InputError('train: expected at least one batch of 65 images, got 64 images'),
    );
  });

  it('are refused when the test set is too small for a covariance of the codes', async () => {
    const text = 'test set: expected more than 7 images for a covariance of 3 latents, got 7';
    await expect(train(tinyConfig(), tinyData({ test: 7 }), nodeRuntime())).rejects.toThrow(new InputError(text));
    const enough = await train(tinyConfig(), tinyData({ test: 8 }), nodeRuntime());
    expect([enough.state, enough.momentBatch]).toEqual(['done', 4]);
  });
});
