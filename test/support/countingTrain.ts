import type { Train } from '../../src/lab/runs/trainer.js';
import type { CurvePoint, Probes, TrainState } from '../../src/vae/training/index.js';
import { fakeModel, finalValues, point } from './study.js';

const CHUNKS = 6;
const STEPS = 50;
const SIZE = 8;

/** Another vector from one, so that a step that is left out or taken twice is seen in every later one. */
const advance = (values: Float32Array, step: number): Float32Array =>
  values.map((value, i) => Math.fround(Math.sin(value * 3 + i + step)));

const probeOf = (weights: Float32Array) => ({ mu: weights, sigma: weights.map(Math.abs) });

/** A training that goes on from a state, takes no time, and whose every number follows from the steps before it. */
export const countingTrain =
  (
    onState: (step: number) => void = () => undefined,
    onStart: (step: number | undefined) => void = () => undefined,
  ): Train =>
  async (_config, _data, hooks, start) => {
    onStart(start?.state.step);
    const curve: CurvePoint[] = [...(start?.curve ?? [])];
    const points: Probes['points'][number][] = [...(start?.probes ?? [])];
    const zeros = new Float32Array(SIZE);
    let state: TrainState = start?.state ?? {
      step: 0,
      weights: { encoder: zeros, decoder: zeros },
      moments: {},
      measured: { step: 0, weights: { encoder: zeros, decoder: zeros } },
    };
    const evaluate = async (): Promise<void> => {
      const { step, weights } = state;
      const measured = { ...point(step, weights.encoder[0]), epoch: step / STEPS };
      curve.push(measured);
      points.push({ step, epoch: step / STEPS, ...probeOf(weights.encoder) });
      await hooks.onEvaluation(measured, probeOf(weights.encoder), weights);
      state = { ...state, measured: { step, weights } };
    };
    if (!start) await evaluate();
    while (state.step < CHUNKS * STEPS && !hooks.shouldStop()) {
      const step = state.step + STEPS;
      const { weights, moments } = state;
      const next = { encoder: advance(weights.encoder, step), decoder: advance(weights.decoder, -step) };
      state = { ...state, step, weights: next, moments: { means: advance(moments.means ?? zeros, step) } };
      hooks.onProgress({
        step,
        steps: CHUNKS * STEPS,
        epoch: step / STEPS,
        phase: 'both',
        loss: 1 / step,
        msPerStep: 4,
      });
      // Every other chunk ends at an evaluation.
      if (step % (2 * STEPS) === 0) await evaluate();
      await hooks.onState(state, false);
      onState(step);
    }
    await hooks.onState(state, true);
    if (curve.at(-1)!.step !== state.step) await evaluate();
    const { encoder, decoder } = state.weights;
    const done = state.step === CHUNKS * STEPS;
    return {
      ...fakeModel(done ? 'done' : 'interrupted', state.step, curve),
      final: finalValues,
      probes: { images: 2, points },
      parameters: { encoder, decoder },
      encoderOnnx: () => new Uint8Array(encoder.slice().buffer),
      decoderOnnx: () => new Uint8Array(decoder.slice().buffer),
    };
  };
