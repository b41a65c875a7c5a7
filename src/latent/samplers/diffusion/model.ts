import {
  add,
  constant,
  exp,
  logSigmoid,
  matmul,
  mul,
  neg,
  type Shape,
  sigmoid,
  square,
  sub,
  sum,
  type Tensor,
} from '../../../engine/graph/index.js';
import type { KeyedStream } from '../../../engine/random/index.js';
import { initialParameters } from '../../../vae/architectures/index.js';
import type { LatentModel } from '../training/latentModel.js';
import { startingAtZero } from '../training/parameters.js';
import { dense, layerShapes, type Parameters } from '../training/perceptron.js';
import { flowDraw } from './draw.js';
import { levelAt } from './levels.js';

export interface LatentDiffusionConfig {
  readonly latents: number;
  /** Units of each of the three hidden layers of the denoiser. */
  readonly hidden: number;
  /** Steps from noise to a code. */
  readonly drawSteps: number;
}

const HIDDEN_LAYERS = 3;
const NOISE = 'noise';
const LEVEL = 'level';
/** Bumps over the range of levels that tell the denoiser how much noise there is. */
const BUMPS = 16;
const SPREAD = 9;

/**
 * Latent diffusion over whitened codes w: a network learns, at every level λ, the velocity v of noised codes.
 *
 *   x = α w + σ ε,  α² = sigmoid(λ), σ² = sigmoid(−λ);  v = α ε − σ w;  loss = Σ_d (v̂(x, λ) − v)²
 *   ŵ = α x − σ v̂
 *
 * λ, the log of signal over noise, follows the cosine schedule in training. Where the codes are N(0, I) the best v̂ is
 * 0: so it starts. A draw solves the probability flow from noise to code and is a function of D normal values; it has no
 * closed density.
 *
 * Source: Ho et al. 2020, arXiv:2006.11239; Song et al. 2020, arXiv:2010.02502; v: Salimans & Ho 2022, arXiv:2202.00512;
 * in latent space: Vahdat et al. 2021, arXiv:2106.05931.
 */
export const latentDiffusion = ({ latents, hidden, drawSteps }: LatentDiffusionConfig): LatentModel => {
  const widths = [latents, ...new Array<number>(HIDDEN_LAYERS).fill(hidden), latents];
  const shapes: Record<string, Shape> = {
    ...layerShapes('denoiser', widths),
    ...Object.fromEntries(
      Array.from({ length: HIDDEN_LAYERS }, (_, i) => [`level.${i}.weight`, [BUMPS, hidden]] as const),
    ),
  };
  /** Shapes: x [B, D], level [B, 1] or [1, 1] -> [B, D]. */
  const velocity = (parameters: Parameters, x: Tensor, level: Tensor): Tensor => {
    const known = bumps(level);
    let h = x;
    for (let i = 0; i < HIDDEN_LAYERS; i++) {
      h = swish(add(dense(parameters, `denoiser.${i}`, h), matmul(known, parameters[`level.${i}.weight`]!)));
    }
    return dense(parameters, `denoiser.${HIDDEN_LAYERS}`, h);
  };
  return {
    shapes,
    noise: latents,
    initial: (seed) => startingAtZero(initialParameters(shapes, seed), shapes, `denoiser.${HIDDEN_LAYERS}`),
    chances: [
      { name: NOISE, width: latents, draw: (out, stream) => stream.fillNormal(out) },
      { name: LEVEL, width: 1, draw: fillLevels },
    ],
    loss: (parameters, white, { [NOISE]: noise, [LEVEL]: level }) => {
      const alpha = exp(mul(logSigmoid(level!), 0.5));
      const sigma = exp(mul(logSigmoid(neg(level!)), 0.5));
      const noised = add(mul(white, alpha), mul(noise!, sigma));
      const target = sub(mul(noise!, alpha), mul(white, sigma));
      return sum(square(sub(velocity(parameters, noised, level!), target)), 1);
    },
    draw: (parameters, noise) =>
      flowDraw(noise, drawSteps, (x, level) => velocity(parameters, x, constant([level], [1, 1]))),
  };
};

const swish = (x: Tensor): Tensor => mul(x, sigmoid(x));

/** exp(−½ ((λ − c_k) / s)²) at centres c_k. Shapes: [B, 1] -> [B, BUMPS]. */
const bumps = (level: Tensor): Tensor => {
  const gap = (2 * SPREAD) / (BUMPS - 1);
  const centres = constant(
    Array.from({ length: BUMPS }, (_, k) => -SPREAD + k * gap),
    [1, BUMPS],
  );
  return exp(mul(square(mul(sub(level, centres), 1 / gap)), -0.5));
};

/** Levels of evenly spread times, from one random start: every batch sees them all. */
const fillLevels = (out: Float32Array, stream: KeyedStream): void => {
  const start = stream.uniform();
  for (let i = 0; i < out.length; i++) out[i] = levelAt((start + i / out.length) % 1);
};
