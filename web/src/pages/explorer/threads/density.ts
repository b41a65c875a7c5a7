/** q(z) as the explorer knows it, for r(z) = ln q(z) − ln p(z). */
import type { Runtime } from '../../../../../src/engine/runtime/index.js';
import { logPrior } from '../../../../../src/latent/audit/decomposition/logPrior.js';
import type { Density, Posteriors } from '../../../../../src/latent/audit/index.js';
import { mixtureDensity } from '../../../../../src/latent/audit/mixture/index.js';
import { drawsOf, sampleRows, selectRows } from '../../../../../src/latent/audit/split.js';
import { fitGaussianMixture } from '../../../../../src/latent/samplers/index.js';

/** Up to so many codes q(z) is the mixture of all their posteriors; of more, that is too slow to follow a pointer. */
const ALL = 20_000;
const COMPONENTS = 40;
const ITERATIONS = 30;
/** Rows between two looks at the messages. */
const ROWS = 500;

/** Lets messages in. */
const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

export interface LogRatio {
  /** Which estimate of q(z) it is, as a legend says it. */
  readonly by: string;
  /** Shapes: z [S, D] -> [S] nats. */
  at(z: Float32Array, tell?: (share: number) => void): Promise<Float64Array>;
}

const densityOf = async (
  q: Posteriors,
  seed: number,
  runtime: Runtime,
  tell: (share: number) => void,
): Promise<{ readonly density: Density; readonly by: string }> => {
  if (q.n <= ALL) {
    const by = `the aggregate posterior of all ${q.n.toLocaleString('en')} codes, each one’s own among them`;
    return { density: await mixtureDensity(q, runtime), by };
  }
  const part = drawsOf(selectRows(q, sampleRows(q.n, ALL, seed)), seed, 'train');
  const density = await fitGaussianMixture(part, {
    components: COMPONENTS,
    covariance: 'full',
    starts: 1,
    maxIterations: ITERATIONS,
    seed,
    runtime,
    onProgress: async (share) => {
      tell(share);
      await turn();
    },
  });
  return { density, by: `a ${density.name}, fitted to draws of ${ALL.toLocaleString('en')} codes (seed ${seed})` };
};

/** r(z) = ln q(z) − ln p(z) under codes. */
export const logRatioOf = async (
  q: Posteriors,
  seed: number,
  runtime: Runtime,
  tell: (share: number) => void,
): Promise<LogRatio> => {
  const { density, by } = await densityOf(q, seed, runtime, tell);
  const { latents } = q;
  return {
    by,
    at: async (z, told) => {
      const out = new Float64Array(z.length / latents);
      for (let from = 0; from < out.length; from += ROWS) {
        const rows = z.slice(from * latents, Math.min(out.length, from + ROWS) * latents);
        const [q, p] = [await density.logProb(rows), logPrior(rows, latents)];
        out.set(
          q.map((value, i) => value - p[i]!),
          from,
        );
        told?.(Math.min(1, (from + ROWS) / out.length));
        if (out.length > ROWS) await turn();
      }
      return out;
    },
  };
};
