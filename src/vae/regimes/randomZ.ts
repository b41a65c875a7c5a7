import { negativeScore } from '../objectives/index.js';
import type { Regime } from './regime.js';

/** The decoder learns from draws of N(0, I) that have nothing to do with x; the encoder keeps its initial weights. */
export const randomZ: Regime = {
  name: 'random-z',
  phases: [{ name: 'decoder', share: 1, lessons: [{ learns: ['decoder'], z: 'prior', loss: negativeScore }] }],
};
