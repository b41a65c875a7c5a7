import { presets } from '../../../../src/vae/presets/index.js';
import { regimes } from '../../../../src/vae/regimes/index.js';
import type { KlEstimator, RegimeName, TrainConfig } from '../../../../src/vae/training/index.js';
import { type Entry, numberIn, oneOf, pageState } from '../../shell/address.js';
import type { Device } from '../../training/messages.js';

export const REGIMES = Object.keys(regimes) as RegimeName[];
export const DEVICES = ['auto', 'wasm', 'webgpu'] as const satisfies readonly Device[];
export const ESTIMATORS = ['analytic', 'mc'] as const satisfies readonly KlEstimator[];
export const MODELS = ['small', 'altosaar', 'lyeoni'] as const;
export type ModelName = (typeof MODELS)[number];

/** A model of two latents that a tab trains in half a minute; the others are those of the published programs. */
const models = {
  small: {
    ...presets.altosaar,
    hidden: [256],
    latents: 2,
    optimizer: { name: 'adam', lr: 1e-3, beta1: 0.9, beta2: 0.999, eps: 1e-8 },
  },
  ...presets,
} as const satisfies Readonly<Record<ModelName, unknown>>;

export const modelOf = (name: ModelName) => models[name];

/** Digits and commas, as `256,256`. */
const widths: Entry<string> = {
  initial: '',
  read: (text) => (/^\d{1,4}(,\d{1,4}){0,3}$/.test(text) ? text : undefined),
  write: (value) => value,
};

/** What is trained, and how it is looked at. Latents, widths and rate of 0 or none are those of the model. */
export const state = pageState({
  model: oneOf<ModelName>('small', MODELS),
  regime: oneOf<RegimeName>('joint', REGIMES),
  kl: oneOf<KlEstimator>('analytic', ESTIMATORS),
  latents: numberIn(0, 0, 256, 0),
  hidden: widths,
  rate: numberIn(0, 0, 1, 6),
  beta: numberIn(1, 0, 1000, 4),
  epochs: numberIn(10, 1, 200, 0),
  seed: numberIn(1, 0, 0xffffffff, 0),
  images: numberIn(6000, 600, 60_000, 0),
  device: oneOf<Device>('auto', DEVICES),
  /** Dimensions of z that are drawn. */
  across: numberIn(0, 0, 255, 0),
  up: numberIn(1, 0, 255, 0),
  /** Steps between pictures. */
  pace: numberIn(10, 1, 100, 0),
});
export type TrainValues = ReturnType<typeof state.read>;

export const configOf = (values: TrainValues): TrainConfig => {
  const model = models[values.model];
  const { regime, kl, seed, epochs, latents, hidden, rate, beta } = values;
  return {
    ...model,
    preset: values.model,
    regime,
    kl,
    seed,
    epochs,
    ...(latents > 0 && { latents }),
    ...(hidden !== '' && { hidden: hidden.split(',').map(Number) }),
    ...(beta !== 1 && { beta }),
    ...(rate > 0 && { optimizer: { ...model.optimizer, lr: rate } }),
  };
};
