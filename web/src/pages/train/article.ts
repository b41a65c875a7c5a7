import type { KlEstimator, RegimeName } from '../../../../src/vae/training/index.js';
import type { TabData } from '../../training/messages.js';
import * as session from './session.js';
import { configOf, state, type TrainValues } from './state.js';

/** Full ELBO; encoder on the KL alone, analytic and Monte Carlo; both at once without gradient between them. */
const EXPERIMENTS: readonly { readonly regime: RegimeName; readonly kl: KlEstimator }[] = [
  { regime: 'joint', kl: 'analytic' },
  { regime: 'encoder-only', kl: 'analytic' },
  { regime: 'encoder-only', kl: 'mc' },
  { regime: 'tandem', kl: 'analytic' },
];

/** Trains them in turn on the same data; the curves of all stay. Ends where the reader starts something else. */
export const runArticle = async (values: TrainValues, data: TabData): Promise<void> => {
  for (const experiment of EXPERIMENTS) {
    state.set(experiment);
    await session.start(configOf({ ...values, ...experiment }), data, values.device, {
      playing: true,
      stepsAtOnce: values.pace,
    });
    if (session.phase.value !== 'ended') return;
  }
};
