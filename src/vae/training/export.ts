import { input, type Tensor } from '../../engine/graph/index.js';
import { toBatchModel, type Weights } from '../../engine/onnx/index.js';
import { simplify } from '../../engine/passes/index.js';
import { decode, encode, type MlpConfig } from '../architectures/index.js';
import type { TrainConfig } from './config.js';
import { shapesOf } from './step.js';
import { VERSION } from './version.js';

const metadataOf = (config: TrainConfig, part: string): Record<string, string> => ({
  'zdist.part': part,
  'zdist.preset': config.preset,
  'zdist.regime': config.regime,
  'zdist.kl': config.kl,
  'zdist.seed': String(config.seed),
  'zdist.latents': String(config.latents),
  'zdist.scale': config.scale,
  'zdist.binarisation': config.binarisation,
});

const simplified = (outputs: Readonly<Record<string, Tensor>>): Record<string, Tensor> => {
  const names = Object.keys(outputs);
  return Object.fromEntries(simplify(Object.values(outputs)).map((x, i) => [names[i]!, x]));
};

const inputsFor = (model: MlpConfig, part: 'encoder' | 'decoder'): Record<string, Tensor> =>
  Object.fromEntries(Object.entries(shapesOf(model)[part]).map(([name, shape]) => [name, input(name, shape)]));

/**
 * The encoder as ONNX: `x` [batch, pixels] in 0 … 1 -> `mu`, `sigma` [batch, latents]; sigma is a standard deviation.
 */
export const encoderModel = (config: TrainConfig, model: MlpConfig, weights: Weights): Uint8Array =>
  toBatchModel(
    (batch) => {
      const q = encode(model, inputsFor(model, 'encoder'), input('x', [batch, model.pixels]));
      return simplified({ mu: q.mu, sigma: q.sigma });
    },
    {
      version: VERSION,
      description: 'Encoder of a VAE: x in 0..1 to mean and standard deviation of q(z | x)',
      metadata: metadataOf(config, 'encoder'),
    },
    { weights },
  );

/** The decoder as ONNX: `z` [batch, latents] -> `logits` and `mean` (probabilities) [batch, pixels]. */
export const decoderModel = (config: TrainConfig, model: MlpConfig, weights: Weights): Uint8Array =>
  toBatchModel(
    (batch) => {
      const p = decode(model, inputsFor(model, 'decoder'), input('z', [batch, model.latents]));
      return simplified({ logits: p.logits, mean: p.mean() });
    },
    {
      version: VERSION,
      description: 'Decoder of a VAE: z to log-odds and mean of p(x | z)',
      metadata: metadataOf(config, 'decoder'),
    },
    { weights },
  );
