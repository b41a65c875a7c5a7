import { InputError } from '../../../engine/errors/index.js';
import type { TrainState } from '../../../vae/training/index.js';
import type { Tensors } from './safetensors.js';

const MOMENTS = 'moments.';

/** A state as a checkpoint holds it. What was measured last is left out where it is the state itself. */
export const toVectors = ({ step, weights, moments, measured }: TrainState): Tensors => ({
  vectors: {
    encoder: weights.encoder,
    decoder: weights.decoder,
    ...Object.fromEntries(Object.entries(moments).map(([name, values]) => [`${MOMENTS}${name}`, values])),
    ...(measured.step !== step && {
      'measured.encoder': measured.weights.encoder,
      'measured.decoder': measured.weights.decoder,
    }),
  },
  metadata: { format: 'zdist checkpoint 1', step: String(step), measured: String(measured.step) },
});

/** The inverse. Throws: InputError where a vector is missing. */
export const fromVectors = ({ vectors, metadata }: Tensors, name: string): TrainState => {
  const vector = (key: string): Float32Array => {
    const values = vectors[key];
    if (values === undefined) throw new InputError(`${name}: expected a vector ${key}, got ${Object.keys(vectors)}`);
    return values;
  };
  const weights = { encoder: vector('encoder'), decoder: vector('decoder') };
  const [step, measuredStep] = [Number(metadata.step), Number(metadata.measured)];
  const moments = Object.entries(vectors).filter(([key]) => key.startsWith(MOMENTS));
  return {
    step,
    weights,
    moments: Object.fromEntries(moments.map(([key, values]) => [key.slice(MOMENTS.length), values])),
    measured: {
      step: measuredStep,
      weights:
        measuredStep === step ? weights : { encoder: vector('measured.encoder'), decoder: vector('measured.decoder') },
    },
  };
};
