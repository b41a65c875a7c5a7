import type { Dataset } from '../../vae/data/index.js';
import type { TrainedModel, TrainHooks, TrainStart } from '../../vae/training/index.js';
import type { RunConfig } from '../config/index.js';

/** What a run folder takes from a trained model. */
export type Model = Pick<
  TrainedModel,
  | 'state'
  | 'fault'
  | 'trained'
  | 'steps'
  | 'curve'
  | 'final'
  | 'probes'
  | 'msPerStep'
  | 'momentBatch'
  | 'parameters'
  | 'encoderOnnx'
  | 'decoderOnnx'
  | 'encode'
  | 'decode'
  | 'decodeLogits'
>;

export type Train = (
  config: RunConfig,
  data: Dataset,
  hooks: Required<Omit<TrainHooks, 'now'>>,
  start?: TrainStart,
) => Promise<Model>;
