import { type Entry, numberIn, oneOf, pageState } from '../../shell/address.js';

export const keyIn: Entry<string> = {
  initial: '',
  read: (text) => (/^[0-9a-f]{1,64}$/.test(text) ? text : undefined),
  write: (value) => value,
};

export const runState = pageState({
  key: keyIn,
  /** The step whose samples are shown; the last unless told. */
  step: numberIn(-1, -1, 1e9, 0),
  axis: oneOf<'even' | 'log'>('even', ['even', 'log']),
});
