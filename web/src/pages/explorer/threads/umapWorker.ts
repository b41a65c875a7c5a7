/** Embeds a sample of codes by UMAP, away from everything else, so that it can be ended at any time. */
import { UMAP } from 'umap-js';
import { keyedStream } from '../../../../../src/engine/random/index.js';
import { answer } from './asking.js';

/** Neighbours of a code that its place is fitted to, as published. */
const NEIGHBOURS = 15;

const handlers = {
  /**
   * Shapes: z [n, D] -> [n, 2], centred and scaled so that the farthest coordinate is 1.
   * Source: McInnes, Healy & Melville 2018, arXiv:1802.03426.
   */
  embed: async (told: { z: Float32Array; latents: number; seed: number }, tell: (share: number) => void) => {
    const { z, latents, seed } = told;
    const n = z.length / latents;
    const stream = keyedStream(seed, 'explorer/umap', 0);
    const umap = new UMAP({ nNeighbors: Math.min(NEIGHBOURS, n - 1), random: () => stream.uniform() });
    const rows = Array.from({ length: n }, (_, i) => Array.from(z.subarray(i * latents, (i + 1) * latents)));
    const epochs = umap.initializeFit(rows);
    for (let epoch = 0; epoch < epochs; epoch++) {
      umap.step();
      tell((epoch + 1) / epochs);
    }
    return scaled(umap.getEmbedding());
  },
};
export type UmapAnswers = typeof handlers;

const scaled = (places: readonly (readonly number[])[]): Float32Array => {
  const middle = [0, 1].map((axis) => {
    const along = places.map((place) => place[axis]!);
    return (Math.min(...along) + Math.max(...along)) / 2;
  });
  const xy = Float32Array.from({ length: 2 * places.length }, (_, at) => places[at >> 1]![at % 2]! - middle[at % 2]!);
  const far = xy.reduce((most, value) => Math.max(most, Math.abs(value)), Number.MIN_VALUE);
  return xy.map((value) => value / far);
};

answer(handlers);
