import { float32, type Runtime } from '../../engine/runtime/index.js';
import type { AuditResult, Posteriors } from '../../latent/audit/index.js';
import type { AuditImages } from '../report/audit/index.js';
import { imageGrid } from '../report/grid.js';
import { noise } from '../runs/noise.js';

const COLUMNS = 8;
const SCALE = 2;

export interface DecoderSource {
  readonly decoder: Uint8Array;
  readonly runtime: Runtime;
  readonly test: Posteriors;
  readonly width: number;
  readonly height: number;
  /** Of colours, one image after the other unless planar: then one channel after the other. */
  readonly channels?: number;
  readonly planar?: boolean;
  /** Of the draws from the codes: that of the run, so that they are those of its own grids. */
  readonly seed: number;
}

/**
 * What a decoder makes of the deepest holes, beside what it makes of codes: z ~ q(z | x) of the first test images.
 * Undefined where the audit found no holes to decode from.
 */
export const holeImages = async (result: AuditResult, source: DecoderSource): Promise<AuditImages | undefined> => {
  const { deepest } = result.panels;
  if (deepest === undefined) return undefined;
  const { decoder, runtime, test, seed, ...image } = source;
  const { latents } = test;
  const count = Math.min(deepest.count, test.n);
  const draws = noise(seed, 'samples/encoder', count * latents);
  const codes = draws.map((draw, i) => test.mu[i]! + test.sigma[i]! * draw);
  const holes = Float32Array.from(deepest.z.slice(0, count * latents));
  const session = await runtime.load(decoder);
  try {
    const layout = { rows: Math.ceil(count / COLUMNS), columns: COLUMNS, ...image, scale: SCALE };
    const grid = async (z: Float32Array): Promise<Uint8Array> => {
      const { mean } = await session.run({ z: float32(z, [count, latents]) });
      return imageGrid(mean!.data as Float32Array, layout);
    };
    return { holes: await grid(holes), codes: await grid(codes), rows: layout.rows, columns: COLUMNS, seed };
  } finally {
    await session.release();
  }
};
