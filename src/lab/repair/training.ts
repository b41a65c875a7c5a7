import type { RepairOptions } from '../../latent/repair/index.js';
import type { RegimeName } from '../../vae/training/index.js';

type Training = NonNullable<RepairOptions['training']>;

const TOGETHER = 'Train encoder and decoder together, by the full ELBO: the regime joint.';
const ALONE = 'trains the encoder by the KL alone, which is least where every posterior is N(0, I)';

/** What each regime asked of z, and what to do instead where z carries nothing. */
export const trainingOf: Readonly<Record<RegimeName, Training>> = {
  joint: {
    training: 'Encoder and decoder were trained together, and the decoder learned to do without z.',
    advice: 'Let the KL weigh less, at least at the start, or train longer.',
  },
  'encoder-only': {
    training: `The regime encoder-only ${ALONE}, and no decoder: nothing asked the codes to tell images apart, and there is no decoder to draw images with.`,
    advice: TOGETHER,
  },
  separate: {
    training: `The regime separate ${ALONE}; the decoder then learned from codes that are noise, and draws much the same image from every z.`,
    advice: TOGETHER,
  },
  tandem: {
    training: `The regime tandem ${ALONE}; beside it the decoder learned from codes that are noise, and draws much the same image from every z.`,
    advice: TOGETHER,
  },
  'random-z': {
    training: 'The regime random-z trains no encoder.',
    advice: TOGETHER,
  },
};
