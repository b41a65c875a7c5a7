import {
  add,
  exp,
  matmul,
  mul,
  neg,
  relu,
  type Shape,
  split,
  square,
  sub,
  sum,
  type Tensor,
} from '../../../engine/graph/index.js';
import { views } from '../../../engine/program/index.js';
import { initialParameters } from '../../../vae/architectures/index.js';
import { normal } from '../../../vae/distributions/index.js';
import type { LatentModel } from '../training/latentModel.js';
import { bounded, startingAtZero } from '../training/parameters.js';
import { layerShapes, type Parameters, perceptron } from '../training/perceptron.js';

export interface SecondVaeConfig {
  readonly latents: number;
  /** Units of each of the two hidden layers of encoder and decoder. */
  readonly hidden: number;
}

const NOISE = 'noise';
/** γ before training. */
const FIRST_GAMMA = 0.3;
/** ln σ of the posterior and ln γ lie within ± this. */
const BOUND = 5;

/**
 * A second VAE over whitened codes w, with as many latents u and a Gaussian output of one learned scale γ.
 *
 *   u ~ N(0, I),  w | u ~ N(f(u), γ² I);  loss = −E_q[ln p(w | u)] + KL(q(u | w) ‖ N(0, I))
 *
 * Encoder and decoder are a linear map beside a network. The maps start as the exact answer for codes that are N(0, I),
 * w | u ~ N(√(1 − γ²) u, γ² I) and u | w ~ N(√(1 − γ²) w, γ² I), and the networks start at 0: it begins as the Gaussian
 * of the codes with every latent in use, where training from random weights ends with none of them.
 *
 * It has a bound on the density and no density. A draw takes 2 D values: u, and the noise of the output.
 *
 * Source: Dai & Wipf 2019, arXiv:1903.05789; the linear answer: Tipping & Bishop 1999, probabilistic PCA.
 */
export const secondVae = ({ latents, hidden }: SecondVaeConfig): LatentModel => {
  const shapes: Record<string, Shape> = {
    ...layerShapes('encoder', [latents, hidden, hidden, 2 * latents]),
    'encoder.linear.weight': [latents, latents],
    ...layerShapes('decoder', [latents, hidden, hidden, latents]),
    'decoder.linear.weight': [latents, latents],
    'gamma.weight': [1],
  };
  const posterior = (parameters: Parameters, white: Tensor) => {
    const head = perceptron(parameters, 'encoder', 3, relu, white);
    const [mu, raw] = split(head, 1, [latents, latents]) as [Tensor, Tensor];
    const logSigma = bounded(add(raw, Math.log(FIRST_GAMMA)), BOUND);
    return normal(add(mu, matmul(white, parameters['encoder.linear.weight']!)), exp(logSigma));
  };
  const decode = (parameters: Parameters, u: Tensor): Tensor =>
    add(perceptron(parameters, 'decoder', 3, relu, u), matmul(u, parameters['decoder.linear.weight']!));
  const logGamma = (parameters: Parameters): Tensor =>
    bounded(add(parameters['gamma.weight']!, Math.log(FIRST_GAMMA)), BOUND);
  return {
    shapes,
    noise: 2 * latents,
    initial: (seed) => {
      const flat = startingAtZero(initialParameters(shapes, seed), shapes, '.2.', 'linear', 'gamma');
      for (const name of ['encoder.linear.weight', 'decoder.linear.weight']) {
        const map = views(flat, shapes)[name]!;
        for (let i = 0; i < latents; i++) map[i * (latents + 1)] = Math.sqrt(1 - FIRST_GAMMA ** 2);
      }
      return flat;
    },
    chances: [{ name: NOISE, width: latents, draw: (out, stream) => stream.fillNormal(out) }],
    loss: (parameters, white, { [NOISE]: noise }) => {
      const q = posterior(parameters, white);
      const error = mul(sub(white, decode(parameters, q.rsample(noise!).z)), exp(neg(logGamma(parameters))));
      const outputScale = mul(add(sum(logGamma(parameters)), 0.5 * Math.log(2 * Math.PI)), latents);
      const negativeScore = add(mul(sum(square(error), 1), 0.5), outputScale);
      return add(negativeScore, q.klStandardNormal());
    },
    draw: (parameters, noise) => {
      const [u, output] = split(noise, 1, [latents, latents]) as [Tensor, Tensor];
      return add(decode(parameters, u), mul(output, exp(logGamma(parameters))));
    },
  };
};
