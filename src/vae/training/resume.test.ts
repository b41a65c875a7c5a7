import { describe, expect, it } from 'vitest';
import { tinyConfig, tinyData } from '../../../test/support/tinyModel.js';
import { GraphError, InputError } from '../../engine/errors/index.js';
import type { OptimizerConfig } from '../../engine/optim/index.js';
import { nodeRuntime } from '../../engine/runtime/node.js';
import type { TrainConfig } from './config.js';
import {
  type Evaluation,
  type TrainedModel,
  type TrainHooks,
  type TrainStart,
  type TrainState,
  train,
} from './index.js';

const data = tinyData();

interface Recorded {
  readonly model: TrainedModel;
  /** A start for each state that the training told, in order. */
  readonly starts: readonly TrainStart[];
}

const recorded = async (config: TrainConfig, hooks: TrainHooks = {}, start?: TrainStart): Promise<Recorded> => {
  const starts: TrainStart[] = [];
  const curve = [...(start?.curve ?? [])];
  const probes = [...(start?.probes ?? [])];
  const model = await train(
    config,
    data,
    nodeRuntime(),
    {
      ...hooks,
      onEvaluation: (point, codes: Evaluation['probes']) => {
        curve.push(point);
        if (codes.mu.length > 0) probes.push({ step: point.step, epoch: point.epoch, ...codes });
      },
      onState: (state) => void starts.push({ state, curve: [...curve], probes: [...probes] }),
    },
    start,
  );
  return { model, starts };
};

const bytesOf = ({ parameters, curve, probes, state, steps, final, encoderOnnx, decoderOnnx }: TrainedModel) => ({
  ...{ parameters, curve, probes, state, steps, final },
  models: [encoderOnnx(), decoderOnnx()],
});
const stepsOf = (starts: readonly TrainStart[]): number[] => starts.map(({ state }) => state.step);

describe('a training that goes on from a state', () => {
  const adam: OptimizerConfig = { name: 'adam', lr: 1e-2, beta1: 0.9, beta2: 0.999, eps: 1e-8 };
  const optimizers: readonly OptimizerConfig[] = [
    adam,
    { name: 'sgd', lr: 1e-2 },
    { name: 'momentum', lr: 1e-2, momentum: 0.9 },
    { name: 'rmsprop', lr: 1e-3, alpha: 0.99, eps: 1e-8, centered: true },
  ];
  const cases: readonly Partial<TrainConfig>[] = [
    ...(['joint', 'encoder-only', 'separate', 'tandem', 'random-z'] as const).map((regime) => ({ regime })),
    { regime: 'separate', kl: 'mc', binarisation: 'dynamic' },
    ...optimizers.map((optimizer) => ({ regime: 'separate' as const, optimizer, draws: 'repeated' as const })),
  ];

  it.each(cases)('ends with the bytes of one that was never left: %j', async (changes) => {
    const config = tinyConfig({ epochs: 3, ...changes });
    const whole = await recorded(config);
    // 24 steps in chunks that end at evaluations, and the state after the last step once more.
    expect(stepsOf(whole.starts)).toEqual(
      config.regime === 'separate' ? [1, 2, 4, 8, 12, 16, 24, 24] : [1, 2, 4, 8, 16, 24, 24],
    );
    for (const [i, start] of whole.starts.entries()) {
      const { model, starts } = await recorded(config, {}, start);
      expect(bytesOf(model)).toEqual(bytesOf(whole.model));
      expect(stepsOf(starts)).toEqual(stepsOf(whole.starts).slice(Math.min(i + 1, whole.starts.length - 1)));
    }
  });

  it('carries no moments from one half of separate to the next, nor past the end', async () => {
    const { starts } = await recorded(tinyConfig({ epochs: 3, regime: 'separate' }));
    const moments = starts.map(({ state }) => [state.step, Object.keys(state.moments)]);
    const both = ['means', 'squares'];
    expect(moments).toEqual([
      [1, both],
      [2, both],
      [4, both],
      [8, both],
      [12, []],
      [16, both],
      [24, []],
      [24, []],
    ]);
  });

  it('tells the state of the step where it was stopped, before the evaluation that the stop brings', async () => {
    const config = tinyConfig({ epochs: 30, regime: 'separate' });
    let chunks = 0;
    const stopped = await recorded(config, { shouldStop: () => chunks >= 9, onProgress: () => void chunks++ });
    const last = stopped.starts.at(-1)!;
    expect([stopped.model.state, last.state.step]).toEqual(['interrupted', stopped.model.steps]);
    const resumed = await recorded(config, {}, last);
    expect(bytesOf(resumed.model)).toEqual(bytesOf((await recorded(config)).model));
  });

  it('goes back to the last evaluation where it diverges, as it would have done', async () => {
    const config = tinyConfig({ epochs: 4, optimizer: { name: 'momentum', lr: 1.5, momentum: 0.99 } });
    const whole = await recorded(config);
    expect(whole.model.state).toBe('failed');
    expect(whole.starts.length).toBeGreaterThan(1);
    const resumed = await recorded(config, {}, whole.starts.at(-1));
    expect(bytesOf(resumed.model)).toEqual(bytesOf(whole.model));
    expect(resumed.model.fault).toEqual(whole.model.fault);
  });

  it('refuses a state of another model, another optimizer or a longer training', async () => {
    const { starts } = await recorded(tinyConfig({ epochs: 2 }));
    const from = (changes: Partial<TrainConfig>, state: Partial<TrainState> = {}) =>
      recorded(tinyConfig({ epochs: 2, ...changes }), {}, { ...starts[2]!, state: { ...starts[2]!.state, ...state } });
    await expect(from({ latents: 2 })).rejects.toThrow(/^resume: expected \d+ values of the encoder, got \d+$/);
    await expect(from({ epochs: 0.3 })).rejects.toThrow(
      new InputError('resume: expected a state of at most 2 steps, got one after 4'),
    );
    await expect(from({ optimizer: { name: 'sgd', lr: 1 } })).rejects.toThrow(
      new GraphError('resume: expected the moments none, got means, squares'),
    );
    const squares = new Float32Array(1);
    const { means } = starts[2]!.state.moments;
    await expect(from({}, { moments: { means: means!, squares } })).rejects.toThrow(
      new GraphError(`resume: expected ${means!.length} values of squares, got 1`),
    );
  });
});
