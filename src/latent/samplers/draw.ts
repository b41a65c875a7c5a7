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
export const drawFrom = (sampler: Sampler, noise: Float32Array, runtime: Runtime): Promise<Float32Array> =>
  rowsThrough(samplerOnnx(sampler), { from: 'noise', to: 'z' }, noise, noise.length / sampler.noise, runtime);

/**
 * Rows through a model of any number of rows, some at a time.
 *
 * Shapes: rows [n, width in] -> [n, width out].
 */
export const rowsThrough = async (
  model: Uint8Array,
  { from, to }: { readonly from: string; readonly to: string },
  rows: Float32Array,
  n: number,
  runtime: Runtime,
): Promise<Float32Array> => {
  const width = rows.length / n;
  const session = await runtime.load(model);
  const parts: Float32Array[] = [];
  try {
    for (let start = 0; start < n; start += BLOCK) {
      const count = Math.min(BLOCK, n - start);
      const fed = float32(rows.subarray(start * width, (start + count) * width), [count, width]);
      parts.push((await session.run({ [from]: fed }))[to]!.data as Float32Array);
    }
  } finally {
    await session.release();
  }
  const out = new Float32Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
};
