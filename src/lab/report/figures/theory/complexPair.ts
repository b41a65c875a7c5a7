import type { Complex } from '../../../../latent/theory/index.js';
import { plain } from './frame.js';

/** `−0.25 ± 0.968i`, or two real values. */
export const complexPair = ([first, second]: readonly [Complex, Complex]): string =>
  first.im === 0 ? `${plain(first.re)} and ${plain(second.re)}` : `${plain(first.re)} ± ${plain(Math.abs(first.im))}i`;
