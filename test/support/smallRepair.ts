import { keyedStream } from '../../src/engine/random/index.js';
import { nodeRuntime } from '../../src/engine/runtime/node.js';
import type { AuditInput } from '../../src/latent/audit/index.js';
import { bernoulliLikelihood } from '../../src/latent/evaluation/index.js';
import { type Repair, type RepairModel, type RepairOptions, repair } from '../../src/latent/repair/index.js';
import { familiesOf } from '../../src/latent/samplers/families.js';
import { clusters } from './smallAudit.js';

const runtime = nodeRuntime();

/** Codes of two latents in clusters. */
export const smallCodes: AuditInput = { train: clusters(400, 2, 6), test: clusters(300, 2, 6, 2) };

/** Four pixels whose log-odds are z and −z. */
const decodeLogits = (z: Float32Array): Promise<Float32Array> =>
  Promise.resolve(
    Float32Array.from({ length: 2 * z.length }, (_, i) => (i % 4 < 2 ? 1 : -1) * z[2 * (i >> 2) + (i % 2)]!),
  );

/** n images of four pixels, 0 or 1. */
export const smallImages = (n: number, seed: number): Float32Array => {
  const stream = keyedStream(seed, 'test/images', 0);
  return Float32Array.from({ length: 4 * n }, () => stream.below(2));
};

/** A decoder of two latents with images, for `smallCodes`. */
export const smallModel: RepairModel = {
  pixels: 4,
  decode: async (z) => (await decodeLogits(z)).map((value) => 1 / (1 + Math.exp(-value))),
  likelihood: bernoulliLikelihood(decodeLogits, 4, runtime),
  heldOut: smallImages(300, 1),
  training: smallImages(400, 2),
  extractor: {
    name: 'pixels',
    kind: 'user',
    distance: 'Fréchet distance over pixels',
    width: 4,
    hash: '0',
    extract: (x) => Promise.resolve({ values: x, n: x.length / 4, width: 4 }),
  },
};

/** A repair of a small model with every measure. */
export const smallRepair = (options: Partial<RepairOptions> = {}): Promise<Repair> =>
  repair(smallCodes, familiesOf('full-gaussian,mixture-4'), {
    seed: 1,
    runtime,
    draws: 1000,
    model: smallModel,
    ...options,
  });
