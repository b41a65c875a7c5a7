import { negativeScore, rateAlone } from '../objectives/index.js';
import type { Regime } from './regime.js';

/** The encoder learns from the KL for the first half, then the decoder from the codes of the encoder as it stands. */
export const separate: Regime = {
  name: 'separate',
  phases: [
    { name: 'encoder', share: 0.5, lessons: [{ learns: ['encoder'], z: 'posterior', loss: rateAlone }] },
    { name: 'decoder', share: 0.5, lessons: [{ learns: ['decoder'], z: 'detached', loss: negativeScore }] },
  ],
};
