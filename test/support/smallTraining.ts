import { grad } from '../../src/engine/autodiff/index.js';
import * as G from '../../src/engine/graph/index.js';
import { simplify } from '../../src/engine/passes/index.js';
import { spread } from './feeds.js';

/** One gradient step of a small autoencoder with most of what a variational one is made of. */
export const smallTraining = (): {
  readonly outputs: Record<string, G.Tensor>;
  readonly feeds: Record<string, Float32Array>;
} => {
  const x = G.input('x', [5, 4]);
  const noise = G.input('noise', [5, 2]);
  const parameters = G.input('parameters', [4 * 4 + 4 + 2 * 4 + 4]);
  const [w, b, v, c] = G.split(parameters, 0, [16, 4, 8, 4]) as [G.Tensor, G.Tensor, G.Tensor, G.Tensor];
  const [mu, raw] = G.split(G.add(G.matmul(x, G.reshape(w, [4, 4])), b), 1, [2, 2]) as [G.Tensor, G.Tensor];
  const sigma = G.softplus(raw);
  const z = G.add(mu, G.mul(sigma, noise));
  const logits = G.add(G.matmul(G.relu(z), G.reshape(v, [2, 4])), c);
  const rate = G.sum(G.sub(G.mul(G.add(G.square(mu), G.sub(G.square(sigma), 1)), 0.5), G.log(sigma)), 1);
  const score = G.sum(G.sub(G.mul(logits, x), G.softplus(logits)), 1);
  const loss = G.mean(G.sub(rate, score));
  const [simple, gradient] = simplify([loss, ...grad(loss, [parameters])]) as [G.Tensor, G.Tensor];
  return {
    outputs: { loss: simple, next: G.sub(parameters, G.mul(gradient, 0.1)) },
    feeds: {
      x: Float32Array.from(spread([5, 4], 0, 1).values),
      noise: Float32Array.from(spread([5, 2], -2, 2, 1).values),
      parameters: Float32Array.from(spread([32], -0.8, 0.8, 2).values),
    },
  };
};
