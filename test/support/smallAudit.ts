/** Audits of a few codes, in a second. */
import { keyedStream } from '../../src/engine/random/index.js';
import { nodeRuntime } from '../../src/engine/runtime/node.js';
import { type AuditInput, type AuditResult, audit, type Codes } from '../../src/latent/audit/index.js';

/** Posteriors of two clusters, `apart` from one another along the first of their dimensions. */
export const clusters = (
  n: number,
  latents: number,
  apart: number,
  seed = 1,
): Codes & { readonly mu: Float32Array } => {
  const mu = new Float32Array(n * latents);
  keyedStream(seed, 'test/clusters', 0).fillNormal(mu);
  for (let i = 0; i < n; i++) mu[i * latents]! += (i % 2 === 0 ? 0.5 : -0.5) * apart;
  return { mu, sigma: new Float32Array(n * latents).fill(0.5), n, latents };
};

const kept = new Map<string, readonly number[]>();

export const smallAudit = (input: Partial<AuditInput> = {}): Promise<AuditResult> =>
  audit(
    { train: clusters(200, 2, 4), ...input },
    {
      seed: 1,
      runtime: nodeRuntime({ threads: 1 }),
      floors: { get: (key) => kept.get(key), set: (key, values) => void kept.set(key, values) },
    },
  );
