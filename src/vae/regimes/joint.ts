import { negativeElbo } from '../objectives/index.js';
import type { Regime } from './regime.js';

/** Encoder and decoder learn together from the full ELBO. */
export const joint: Regime = {
  name: 'joint',
  phases: [
    { name: 'both', share: 1, lessons: [{ learns: ['encoder', 'decoder'], z: 'posterior', loss: negativeElbo }] },
  ],
};
