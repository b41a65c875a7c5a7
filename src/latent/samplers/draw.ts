import { InputError } from '../../engine/errors/index.js';
import { input } from '../../engine/graph/index.js';
import { toBatchModel } from '../../engine/onnx/index.js';
import { simplify } from '../../engine/passes/index.js';
import { keyedStream } from '../../engine/random/index.js';
import { float32, type Runtime } from '../../engine/runtime/index.js';
import { VERSION } from '../../vae/training/index.js';
import type { Sampler } from './sampler.js';

/** Draws in one run: a mixture of full Gaussians holds D² values for each. */
const BLOCK = 1000;

/** The sampler as ONNX: `noise` [batch, d], values of N(0, 1) -> `z` [batch, D]. */
export const samplerOnnx = (sampler: Sampler): Uint8Array =>
  toBatchModel(
    (batch) => {
      const [z] = simplify([sampler.toGraph(input('noise', [batch, sampler.noise]))]);
      return { z: z! };
    },
    {
      version: VERSION,
      description: `Draws of z: standard normal noise to z, ${sampler.name}`,
      metadata: {
        'zdist.part': 'sampler',
        'zdist.sampler': sampler.family,
        'zdist.latents': String(sampler.latents),
        'zdist.noise': String(sampler.noise),
      },
    },
  );

/** Standard normal values of n draws by the seed: the first rows of more draws are those of fewer. Shapes: -> [n, d]. */
export const noiseOf = (n: number, noise: number, seed: number): Float32Array => {
  if (!Number.isInteger(n) || n < 1) throw new InputError(`n: expected a whole number above 0, got ${n}`);
  const out = new Float32Array(n * noise);
  keyedStream(seed, 'samples/noise', 0).fillNormal(out);
  return out;
};

/**
 * n draws of the sampler, by its ONNX graph and the noise of the seed.
 *
 * Shapes: -> z [n, D]. Throws: InputError unless n is whole and above 0.
 */
export const drawSamples = (sampler: Sampler, n: number, seed: number, runtime: Runtime): Promise<Float32Array> =>
  drawFrom(sampler, noiseOf(n, sampler.noise, seed), runtime);

/** The sampler's draws of given noise. Shapes: noise [n, d] -> z [n, D]. */
export const drawFrom = async (sampler: Sampler, noise: Float32Array, runtime: Runtime): Promise<Float32Array> => {
  const n = noise.length / sampler.noise;
  const z = new Float32Array(n * sampler.latents);
  const session = await runtime.load(samplerOnnx(sampler));
  try {
    for (let start = 0; start < n; start += BLOCK) {
      const rows = Math.min(BLOCK, n - start);
      const fed = noise.subarray(start * sampler.noise, (start + rows) * sampler.noise);
      const drawn = await session.run({ noise: float32(fed, [rows, sampler.noise]) });
      z.set(drawn.z!.data as Float32Array, start * sampler.latents);
    }
    return z;
  } finally {
    await session.release();
  }
};
