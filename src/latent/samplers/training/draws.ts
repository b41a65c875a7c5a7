import { keyedStream } from '../../../engine/random/index.js';
import { float32, type HostTensor } from '../../../engine/runtime/index.js';
import type { TrainingCodes } from '../sampler.js';
import type { Chance } from './latentModel.js';

/** The input that carries codes z. */
export const CODES = 'z';
/** Codes to stop by: at most so many posteriors, at least so many draws of them. */
const MOST_HELD_OUT = 5000;
const LEAST_DRAWS = 2000;
const HELD_OUT_SHARE = 0.1;

/** Posteriors to learn from, and draws to stop by, fixed by the seed. */
export interface Parted {
  /** Numbers of the codes to learn from. */
  readonly rows: Uint32Array;
  /** Shapes: z [rows, D], each chance [rows, width]. */
  readonly heldOut: { readonly rows: number; readonly feeds: Readonly<Record<string, Float32Array>> };
}

/** The held-out codes, or a tenth of the training codes by seed; drawn from once. */
export const part = (
  codes: TrainingCodes,
  heldOut: TrainingCodes | undefined,
  chances: readonly Chance[],
  seed: number,
): Parted => {
  const order = keyedStream(seed, 'samplers/heldOut', 0).permutation(codes.n);
  const kept = heldOut ? 0 : Math.max(1, Math.floor(HELD_OUT_SHARE * codes.n));
  const source = heldOut ?? codes;
  const few = Math.min(MOST_HELD_OUT, heldOut ? heldOut.n : kept);
  const numbers = heldOut ? Uint32Array.from({ length: few }, (_, i) => i) : order.slice(0, few);
  const rows = few * Math.ceil(LEAST_DRAWS / few);
  const z = new Float32Array(rows * codes.latents);
  const stream = keyedStream(seed, 'samplers/heldOut', 1);
  stream.fillNormal(z);
  for (let i = 0; i < rows; i++) drawPosterior(source, numbers[i % few]!, z.subarray(i * codes.latents));
  const feeds: Record<string, Float32Array> = { [CODES]: z };
  for (const { name, width, draw } of chances) {
    feeds[name] = new Float32Array(rows * width);
    draw(feeds[name], stream);
  }
  return { rows: order.slice(kept), heldOut: { rows, feeds } };
};

/** μ_i + σ_i ε in the place of ε. */
const drawPosterior = ({ mu, sigma, latents }: TrainingCodes, i: number, noise: Float32Array): void => {
  for (let j = 0; j < latents; j++) noise[j] = mu[i * latents + j]! + sigma[i * latents + j]! * noise[j]!;
};

/**
 * Feeds of training steps: each epoch visits the codes in an order of its own and draws z ~ q_i anew. Step k depends on
 * the seed and k alone; what does not fill a batch at the end of an epoch is left out of it.
 */
export const codeBatches = (
  codes: TrainingCodes,
  rows: Uint32Array,
  batch: number,
  chances: readonly Chance[],
  seed: number,
): ((from: number, count: number) => Record<string, HostTensor>) => {
  const { latents } = codes;
  const perEpoch = Math.floor(rows.length / batch);
  let known: { epoch: number; order: Uint32Array } = { epoch: -1, order: rows };
  const orderOf = (epoch: number): Uint32Array => {
    if (known.epoch !== epoch)
      known = { epoch, order: keyedStream(seed, 'samplers/order', epoch).permutation(rows.length) };
    return known.order;
  };
  return (from, count) => {
    const z = new Float32Array(count * batch * latents);
    const drawn = chances.map(({ width }) => new Float32Array(count * batch * width));
    for (let k = 0; k < count; k++) {
      const step = from + k;
      const order = orderOf(Math.floor(step / perEpoch));
      const stream = keyedStream(seed, 'samplers/training', step);
      const own = z.subarray(k * batch * latents, (k + 1) * batch * latents);
      stream.fillNormal(own);
      const first = (step % perEpoch) * batch;
      for (let i = 0; i < batch; i++) drawPosterior(codes, rows[order[first + i]!]!, own.subarray(i * latents));
      chances.forEach(({ width, draw }, c) => {
        draw(drawn[c]!.subarray(k * batch * width, (k + 1) * batch * width), stream);
      });
    }
    return {
      [CODES]: float32(z, [count, batch, latents]),
      ...Object.fromEntries(chances.map(({ name, width }, c) => [name, float32(drawn[c]!, [count, batch, width])])),
    };
  };
};
