import { rateAlone } from '../objectives/index.js';
import type { Regime } from './regime.js';

/** The encoder learns from the KL alone; the decoder keeps its initial weights. */
export const encoderOnly: Regime = {
  name: 'encoder-only',
  phases: [{ name: 'encoder', share: 1, lessons: [{ learns: ['encoder'], z: 'posterior', loss: rateAlone }] }],
};
