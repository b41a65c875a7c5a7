import { numberIn, oneOf, pageState } from '../../shell/address.js';
import { keysIn } from '../runs/state.js';

export const compareState = pageState({
  keys: keysIn,
  /** Of the draws that are decoded here. */
  seed: numberIn(1, 0, 0xffffffff, 0),
  axis: oneOf<'even' | 'log'>('even', ['even', 'log']),
});
