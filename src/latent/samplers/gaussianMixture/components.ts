import { inverseOfLower } from './triangular.js';

/** Full: each component has a covariance matrix of its own. Diagonal: a variance a dimension. */
export type CovarianceKind = 'full' | 'diagonal';

/** The parameters of a mixture, in the coordinates of the codes or in whitened ones. */
export interface Components {
  readonly covariance: CovarianceKind;
  readonly latents: number;
  /** [K], above 0. */
  readonly weights: Float64Array;
  /** [K, D] */
  readonly means: Float64Array;
  /** Full: lower Cholesky factors, [K, D, D]. Diagonal: standard deviations, [K, D]. */
  readonly factors: Float64Array;
}

/** What scoring needs of the components, worked out once: ln w_k N(z; m_k, C_k) = offset_k − ½ |W_k (z − m_k)|². */
export interface Scorer {
  readonly components: Components;
  /** [K]: ln w_k − Σ_d ln L_dd − (D/2) ln 2π. */
  readonly offsets: Float64Array;
  /** Full: W_k = L_k⁻¹, lower triangular, [K, D, D]. Diagonal: 1 / standard deviation, [K, D]. */
  readonly inverses: Float64Array;
}

export const sizeOfFactor = ({ covariance, latents }: Pick<Components, 'covariance' | 'latents'>): number =>
  covariance === 'full' ? latents * latents : latents;

export const scorer = (components: Components): Scorer => {
  const { covariance, latents, weights, factors } = components;
  const size = sizeOfFactor(components);
  const stride = covariance === 'full' ? latents + 1 : 1;
  const offsets = new Float64Array(weights.length);
  const inverses = new Float64Array(factors.length);
  for (let k = 0; k < weights.length; k++) {
    const factor = factors.subarray(k * size, (k + 1) * size);
    const inverse = covariance === 'full' ? inverseOfLower(factor, latents) : factor.map((s) => 1 / s);
    inverses.set(inverse, k * size);
    let offset = Math.log(weights[k]!) - 0.5 * latents * Math.log(2 * Math.PI);
    for (let i = 0; i < size; i += stride) offset -= Math.log(factor[i]!);
    offsets[k] = offset;
  }
  return { components, offsets, inverses };
};

/**
 * ln w_k N(z; m_k, C_k) of one point and one component, in float64 throughout.
 *
 * Shapes: the D values of z that begin at `start`. `centred` [D] is overwritten with z − m_k.
 */
export const logJoint = (
  { components, offsets, inverses }: Scorer,
  k: number,
  z: ArrayLike<number>,
  start: number,
  centred: Float64Array,
): number => {
  const { covariance, latents, means } = components;
  let squares = 0;
  for (let i = 0; i < latents; i++) centred[i] = z[start + i]! - means[k * latents + i]!;
  if (covariance === 'diagonal') {
    for (let i = 0; i < latents; i++) squares += (centred[i]! * inverses[k * latents + i]!) ** 2;
  } else {
    for (let i = 0, at = k * latents * latents; i < latents; i++, at += latents) {
      let value = 0;
      for (let j = 0; j <= i; j++) value += inverses[at + j]! * centred[j]!;
      squares += value * value;
    }
  }
  return offsets[k]! - 0.5 * squares;
};
