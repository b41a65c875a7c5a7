/** Codes to try the page with: posteriors around eight places on a ring, as an encoder of too small a KL leaves them. */
import { keyedStream } from '../../../src/engine/random/index.js';
import type { AuditInput, Posteriors } from '../../../src/latent/audit/index.js';

const CODES = 4000;
const PLACES = 8;
const LATENTS = 4;
const RADIUS = 1.9;
/** Of codes about their place, and of each posterior. */
const [SPREAD, SIGMA] = [0.25, 0.2];

const drawn = (stream: ReturnType<typeof keyedStream>): { codes: Posteriors; labels: Float64Array } => {
  const mu = new Float32Array(CODES * LATENTS);
  stream.fillNormal(mu);
  const labels = new Float64Array(CODES);
  for (let i = 0; i < CODES; i++) {
    const place = stream.below(PLACES);
    const angle = (2 * Math.PI * place) / PLACES;
    labels[i] = place;
    for (let d = 0; d < LATENTS; d++) {
      // Two dimensions hold the ring, one is nearly standard normal, one carries nothing.
      const centre = d === 0 ? RADIUS * Math.cos(angle) : d === 1 ? RADIUS * Math.sin(angle) : 0;
      const spread = d < 2 ? SPREAD : d === 2 ? 0.97 : 0.01;
      mu[i * LATENTS + d] = centre + spread * mu[i * LATENTS + d]!;
    }
  }
  const sigma = Float32Array.from(mu, (_, at) => (at % LATENTS === 3 ? 1 : SIGMA));
  return { codes: { mu, sigma, n: CODES, latents: LATENTS }, labels };
};

export const exampleCodes = (seed: number): AuditInput => {
  const [train, test] = [0, 1].map((part) => drawn(keyedStream(seed, 'lab/example', part)));
  const source = (part: string): string => `${part} codes around ${PLACES} places on a ring, seed ${seed}`;
  return {
    train: train!.codes,
    test: test!.codes,
    labels: train!.labels,
    sources: { train: source('training'), test: source('held-out') },
  };
};
