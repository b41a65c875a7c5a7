import type { KeyedStream } from '../../../engine/random/index.js';
import type { Components } from './components.js';

/**
 * n draws: component by weight, then m_k + L_k ε.
 *
 * Shapes: -> [n, D]. Uses n uniforms, then n D normals, of the stream.
 */
export const drawFrom = (components: Components, n: number, stream: KeyedStream): Float32Array => {
  const { covariance, latents: d, weights, means, factors } = components;
  const chosen = new Float32Array(n);
  stream.fillUniform(chosen);
  const noise = new Float32Array(n * d);
  stream.fillNormal(noise);
  const z = new Float32Array(n * d);
  for (let row = 0; row < n; row++) {
    let k = 0;
    for (let sum = weights[0]!; sum <= chosen[row]! && k < weights.length - 1; k++) sum += weights[k + 1]!;
    for (let i = 0; i < d; i++) {
      let value = means[k * d + i]!;
      if (covariance === 'diagonal') value += factors[k * d + i]! * noise[row * d + i]!;
      else for (let j = 0; j <= i; j++) value += factors[(k * d + i) * d + j]! * noise[row * d + j]!;
      z[row * d + i] = value;
    }
  }
  return z;
};
