import { keyedStream } from '../../engine/random/index.js';
import { float32, type HostTensor, uint8 } from '../../engine/runtime/index.js';
import { epochOrder } from '../data/index.js';
import type { TrainConfig } from './config.js';
import { drawBatch, type FedImages } from './images.js';
import { NOISE, PIXELS } from './step.js';

/** Feeds of steps from … from + count - 1; each depends on the seed and the step alone. */
export type Batches = (from: number, count: number) => Record<string, HostTensor>;

/**
 * Data order, binarisation and noise of training. Each epoch has an order of its own, unless draws are `repeated`;
 * what is left over at its end (fewer images than a batch) is not used in that epoch.
 */
export const trainingBatches = (
  config: TrainConfig,
  images: FedImages,
  stepsPerEpoch: number,
  reads: readonly string[],
): Batches => {
  const { batch, latents, seed } = config;
  /** The step whose draws a step gets. */
  const drawnAt = (step: number): number => (config.draws === 'repeated' ? step % stepsPerEpoch : step);
  let known: { epoch: number; order: Uint32Array } = { epoch: -1, order: new Uint32Array(0) };
  const orderOf = (epoch: number): Uint32Array => {
    if (known.epoch !== epoch) known = { epoch, order: epochOrder(seed, epoch, images.count) };
    return known.order;
  };
  const pixelsOf = (from: number, count: number): HostTensor => {
    const size = batch * images.pixels;
    const out = new Uint8Array(count * size);
    for (let k = 0; k < count; k++) {
      const step = from + k;
      const order = orderOf(Math.floor(drawnAt(step) / stepsPerEpoch));
      const first = (step % stepsPerEpoch) * batch;
      for (let i = 0; i < batch; i++) images.copy(order[first + i]!, out, k * size + i * images.pixels);
      drawBatch(out.subarray(k * size, (k + 1) * size), config.binarisation, seed, drawnAt(step));
    }
    return uint8(out, [count, batch, images.pixels]);
  };
  const noiseOf = (from: number, count: number): HostTensor => {
    const size = batch * latents;
    const out = new Float32Array(count * size);
    for (let k = 0; k < count; k++) {
      keyedStream(seed, 'noise', drawnAt(from + k)).fillNormal(out.subarray(k * size, (k + 1) * size));
    }
    return float32(out, [count, batch, latents]);
  };
  return (from, count) => ({
    ...(reads.includes(PIXELS) ? { [PIXELS]: pixelsOf(from, count) } : {}),
    ...(reads.includes(NOISE) ? { [NOISE]: noiseOf(from, count) } : {}),
  });
};
