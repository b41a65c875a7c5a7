import { numberIn, oneOf, pageState } from '../../shell/address.js';

/** Samplers that a repair tries, as its command line names them. */
export const SAMPLERS = ['fast', 'all'] as const;

export type DropValues = {
  readonly seed: number;
  /** Of the hole mass. */
  readonly alpha: number;
  readonly samplers: (typeof SAMPLERS)[number];
  /** Of a repair, minutes. */
  readonly minutes: number;
  /** Codes made up in the tab take the place of files. */
  readonly example: 'yes' | 'no';
};

export const state = pageState<DropValues>({
  seed: numberIn(1, 0, 0xffff_ffff, 0),
  alpha: numberIn(0.01, 0.001, 0.49),
  samplers: oneOf('fast', SAMPLERS),
  minutes: numberIn(5, 1, 120, 0),
  example: oneOf('no', ['yes', 'no']),
});
