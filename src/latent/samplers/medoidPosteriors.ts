import { keyedStream } from '../../engine/random/index.js';
import { componentsSampler, savedComponents } from './gaussianComponents.js';
import { kMeans } from './gaussianMixture/kMeans.js';
import { codesAt, plainFamily } from './plainFamily.js';
import type { SamplerFamily, TrainingCodes } from './sampler.js';

const NAME = 'medoid-posteriors';
/** Pseudo-inputs of the VampPrior's authors. */
const COMPONENTS = 500;
/** Codes for each posterior that is kept, at least. */
const CODES_EACH = 10;
/** Codes that are clustered, chosen by seed. */
const CLUSTERED = 10_000;

/**
 * A mixture of the posteriors of K training codes, like a VampPrior whose pseudo-inputs are training images: the means
 * are clustered, each cluster gives the posterior nearest its centre, with its share of the codes as weight.
 *
 *   q̂(z) = Σ_k (n_k / n) q_{i(k)}(z),  i(k) = argmin_{i in cluster k} |μ_i − m_k|²
 *
 * Throws: InputError for codes that are draws.
 * Source: Tomczak & Welling 2017, arXiv:1705.07120, which learns the pseudo-inputs.
 */
export const medoidPosteriorsFamily = (components = COMPONENTS): SamplerFamily =>
  plainFamily({
    name: NAME,
    complexity: 30,
    least: 2 * CODES_EACH,
    posteriors: true,
    estimate: (codes, { seed }) => {
      const rows = keyedStream(seed, 'samplers/medoids/rows', 0).permutation(codes.n).subarray(0, CLUSTERED);
      const some = codesAt(codes, rows);
      const k = Math.min(components, Math.floor(some.n / CODES_EACH));
      const clusters = kMeans(some.mu, some.latents, k, keyedStream(seed, 'samplers/medoids/clusters', 0));
      const { medoids, shares } = medoidsOf(some, clusters, k);
      const { mu, sigma } = codesAt(some, medoids);
      return savedComponents(NAME, codes.latents, {
        covariance: 'diagonal',
        weights: shares,
        means: mu,
        factors: sigma,
        facts: { components: medoids.length, clustered: some.n },
        notes: [],
      });
    },
    build: (saved, runtime) =>
      componentsSampler(saved, runtime, { title: (k) => `posteriors of ${k} medoids`, replays: true }),
  });

/** The row nearest the centre of each cluster that has any, and the cluster's share of all rows. */
const medoidsOf = ({ mu, n, latents }: TrainingCodes, clusters: Int32Array, k: number) => {
  const counts = new Float64Array(k);
  const centres = new Float64Array(k * latents);
  clusters.forEach((c, row) => {
    counts[c]!++;
    for (let d = 0; d < latents; d++) centres[c * latents + d]! += mu[row * latents + d]!;
  });
  const nearest = new Int32Array(k);
  const least = new Float64Array(k).fill(Number.POSITIVE_INFINITY);
  clusters.forEach((c, row) => {
    let distance = 0;
    for (let d = 0; d < latents; d++)
      distance += (mu[row * latents + d]! - centres[c * latents + d]! / counts[c]!) ** 2;
    if (distance >= least[c]!) return;
    least[c] = distance;
    nearest[c] = row;
  });
  const kept = Array.from(counts.keys()).filter((c) => counts[c]! > 0);
  return { medoids: kept.map((c) => nearest[c]!), shares: kept.map((c) => counts[c]! / n) };
};
