import { negativeScore, rateAlone } from '../objectives/index.js';
import type { Regime } from './regime.js';

/** Both learn in every step, the encoder from the KL and the decoder from the codes, with no gradient between them. */
export const tandem: Regime = {
  name: 'tandem',
  phases: [
    {
      name: 'both',
      share: 1,
      lessons: [
        { learns: ['encoder'], z: 'posterior', loss: rateAlone },
        { learns: ['decoder'], z: 'detached', loss: negativeScore },
      ],
    },
  ],
};
