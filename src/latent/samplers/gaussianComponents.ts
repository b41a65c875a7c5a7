import { InputError } from '../../engine/errors/index.js';
import {
  add,
  constant,
  gather,
  logSumExp,
  matmul,
  mul,
  reshape,
  split,
  square,
  sub,
  sum,
  type Tensor,
} from '../../engine/graph/index.js';
import type { Runtime } from '../../engine/runtime/index.js';
import { chooseComponent, chosenProduct } from './chooseComponent.js';
import { scorer } from './gaussianMixture/components.js';
import { type CovarianceKind, gaussianMixture } from './gaussianMixture/index.js';
import type { Sampler, SavedSampler } from './sampler.js';
import { keptOf, keptSettings, savedArray } from './saved.js';

/** K Gaussians with weights: what every sampler of a closed form comes down to. */
export interface GaussianComponents extends Pick<Sampler, 'facts' | 'notes'> {
  readonly covariance: CovarianceKind;
  /** [K], above 0. */
  readonly weights: ArrayLike<number>;
  /** [K, D] */
  readonly means: ArrayLike<number>;
  /** Full: lower Cholesky factors, [K, D, D]. Diagonal: standard deviations, [K, D]. */
  readonly factors: ArrayLike<number>;
}

/** Of one Gaussian. */
export const ONE: readonly number[] = [1];

/** As arrays of float32: the sampler is those rounded numbers, here and in every file. */
export const savedComponents = (family: string, latents: number, components: GaussianComponents): SavedSampler => {
  const { covariance, weights, means, factors } = components;
  const k = weights.length;
  return {
    family,
    latents,
    settings: { covariance, ...keptSettings(components) },
    arrays: {
      weights: { shape: [k], data: Float32Array.from(weights) },
      means: { shape: [k, latents], data: Float32Array.from(means) },
      factors: {
        shape: covariance === 'full' ? [k, latents, latents] : [k, latents],
        data: Float32Array.from(factors),
      },
    },
  };
};

export interface ComponentsTitle {
  readonly title: (components: number) => string;
  readonly replays?: boolean;
}

/**
 * z = m_k + L_k ε of the component k that the first noise value stands for; of one component, all noise is ε.
 *
 * Throws: InputError for saved values that are no mixture.
 */
export const componentsSampler = (
  saved: SavedSampler,
  runtime: Runtime,
  { title, replays = false }: ComponentsTitle,
): Sampler => {
  const { family, latents: d } = saved;
  const { covariance, weights, means, factors } = componentsOf(saved);
  const k = weights.length;
  const density = gaussianMixture(
    { kind: 'gaussianMixture', covariance, latents: d, weights, means, factors, iterations: 0, converged: true },
    runtime,
  );
  const one = (noise: Tensor): Tensor =>
    covariance === 'full'
      ? add(matmul(noise, constant(factors, [d, d]), { transB: true }), constant(means, [d]))
      : add(mul(noise, constant(factors, [d])), constant(means, [d]));
  const several = (noise: Tensor): Tensor => {
    const [choice, within] = split(noise, 1, [1, d]) as [Tensor, Tensor];
    const chosen = chooseComponent(choice, weights);
    const table = constant(factors, [k, factors.length / k]);
    const deviation = covariance === 'full' ? chosenProduct(table, chosen, within) : mul(gather(table, chosen), within);
    return add(gather(constant(means, [k, d]), chosen), deviation);
  };
  return {
    name: title(k),
    family,
    latents: d,
    noise: k === 1 ? d : d + 1,
    replays,
    ...keptOf(saved),
    toGraph: k === 1 ? one : several,
    logProb: density.logProb,
    save: () => saved,
  };
};

/**
 * ln q̂ of a mixture of full Gaussians as a graph, to be trained through.
 *
 *   ln Σ_k exp(ln w_k − ln |L_k| − (D/2) ln 2π − ½ |W_k u − W_k m_k|²),  W_k = L_k⁻¹
 *
 * Shapes: u [n, D] -> [n] nats. Throws: InputError for saved values that are no mixture of full Gaussians.
 */
export const componentsLogProb = (saved: SavedSampler): ((u: Tensor) => Tensor) => {
  const { covariance, ...values } = componentsOf(saved);
  if (covariance !== 'full') throw new InputError(`${saved.family}: covariance: expected full, got ${covariance}`);
  const [weights, means, factors] = [values.weights, values.means, values.factors].map((v) => Float64Array.from(v)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const [k, d] = [weights.length, saved.latents];
  const { offsets, inverses } = scorer({ covariance, latents: d, weights, means, factors });
  const centres = Array.from({ length: k * d }, (_, row) => {
    const component = Math.floor(row / d);
    let value = 0;
    for (let j = 0; j < d; j++) value += inverses[row * d + j]! * means[component * d + j]!;
    return value;
  });
  return (u) => {
    const scaled = sub(matmul(u, constant([...inverses], [k * d, d]), { transB: true }), constant(centres, [1, k * d]));
    const squares = sum(reshape(square(scaled), [u.shape[0]!, k, d]), 2);
    return logSumExp(add(mul(squares, -0.5), constant([...offsets], [1, k])), 1);
  };
};

/** The numbers of a saved mixture; weights sum to 1. Throws: InputError for values that are no mixture. */
const componentsOf = (saved: SavedSampler) => {
  const { latents: d } = saved;
  const covariance = covarianceOf(saved);
  const raw = savedArray(saved, 'weights');
  const total = raw.reduce((all, weight) => all + weight, 0);
  const weights = Array.from(raw, (weight) => weight / total);
  const size = covariance === 'full' ? d * d : d;
  return {
    covariance,
    weights,
    means: [...savedArray(saved, 'means', weights.length * d)],
    factors: [...savedArray(saved, 'factors', weights.length * size)],
  };
};

const covarianceOf = ({ family, settings: { covariance } }: SavedSampler): CovarianceKind => {
  if (covariance === 'full' || covariance === 'diagonal') return covariance;
  throw new InputError(`${family}: covariance: expected full or diagonal, got ${covariance}`);
};
