import type { Progress } from '../../../vae/training/index.js';
import type { StopRule } from '../plan/sweepFile.js';

/** So many reports in a row have to lie above the bound: one bad batch is no divergence. */
export const IN_A_ROW = 3;

/**
 * Watches the reports of a run for divergence.
 *
 *   diverging when loss > above, or is not a number, in 3 reports in a row that come after `after` epochs
 *
 * A report comes with every chunk of at most 52 steps and tells the loss of its last step, on that step's batch. The
 * reports of a configuration are always the same, and so is the step at which it diverges.
 *
 * Units: nats per image.
 */
export const divergenceOf = ({ after, above }: StopRule): ((progress: Pick<Progress, 'epoch' | 'loss'>) => boolean) => {
  let inARow = 0;
  return ({ epoch, loss }) => {
    inARow = epoch > after && !(loss <= above) ? inARow + 1 : 0;
    return inARow >= IN_A_ROW;
  };
};
