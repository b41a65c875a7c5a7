import {
  add,
  exp,
  matmul,
  mul,
  named,
  relu,
  type Shape,
  softplus,
  split,
  type Tensor,
} from '../../engine/graph/index.js';
import type { ParameterShapes } from '../../engine/program/index.js';
import { type Bernoulli, bernoulli, type Normal, normal } from '../distributions/index.js';

/** How the encoder's second half becomes a standard deviation: ln(1 + eˢ), or exp(½ s) with s = ln σ². */
export type Scale = 'softplus' | 'log_var';

export interface MlpConfig {
  readonly pixels: number;
  /** Widths of the hidden layers from x to z; the decoder goes through them in reverse. */
  readonly hidden: readonly number[];
  readonly latents: number;
  readonly scale: Scale;
}

type Parameters = Readonly<Record<string, Tensor>>;

/** The shapes of one network: `name.0.weight` [in, out], `name.0.bias` [out], …, `name.head.weight`, `name.head.bias`. */
const networkShapes = (name: string, widths: readonly number[]): Record<string, Shape> =>
  Object.fromEntries(
    widths.slice(1).flatMap((out, i) => {
      const layer = `${name}.${i === widths.length - 2 ? 'head' : i}`;
      return [
        [`${layer}.weight`, [widths[i]!, out]],
        [`${layer}.bias`, [out]],
      ];
    }),
  );

/** Parameters of the encoder: its head gives mu and the raw scale, side by side. */
export const encoderShapes = ({ pixels, hidden, latents }: MlpConfig): ParameterShapes =>
  networkShapes('encoder', [pixels, ...hidden, 2 * latents]);

export const decoderShapes = ({ pixels, hidden, latents }: MlpConfig): ParameterShapes =>
  networkShapes('decoder', [latents, ...hidden.toReversed(), pixels]);

/** x W + b through every layer, with ReLU between them. */
const forward = (name: string, layers: number, x: Tensor, parameters: Parameters): Tensor => {
  const layer = (h: Tensor, i: number | 'head'): Tensor =>
    named(`${name}.${i}`, add(matmul(h, parameters[`${name}.${i}.weight`]!), parameters[`${name}.${i}.bias`]!));
  let h = x;
  for (let i = 0; i < layers; i++) h = relu(layer(h, i));
  return layer(h, 'head');
};

/** q(z | x). Shapes: x [B, pixels] -> mu, sigma [B, latents]. */
export const encode = (config: MlpConfig, parameters: Parameters, x: Tensor): Normal => {
  const head = forward('encoder', config.hidden.length, x, parameters);
  const [mu, raw] = split(head, 1, [config.latents, config.latents]) as [Tensor, Tensor];
  const sigma = config.scale === 'softplus' ? softplus(raw) : exp(mul(raw, 0.5));
  return normal(named('mu', mu), named('sigma', sigma));
};

/** p(x | z). Shapes: z [B, latents] -> logits [B, pixels]. */
export const decode = (config: MlpConfig, parameters: Parameters, z: Tensor): Bernoulli =>
  bernoulli(named('logits', forward('decoder', config.hidden.length, z, parameters)));
