import type { Binarisation, KlEstimator, RegimeName } from '../../vae/training/index.js';
import type { RunResult } from '../studies/study.js';

export const regimeNames: Readonly<Record<RegimeName, string>> = {
  joint: 'joint',
  'encoder-only': 'encoder-only',
  separate: 'separate',
  tandem: 'tandem',
  'random-z': 'random z',
};

/** What a regime does, in a phrase. */
export const regimeMeaning: Readonly<Record<RegimeName, string>> = {
  joint: 'encoder and decoder on the full ELBO',
  'encoder-only': 'the encoder on the KL alone',
  separate: 'the encoder on the KL alone, then the decoder on its codes with the encoder frozen',
  tandem: 'both in each step, the encoder on the KL alone, the decoder on detached codes',
  'random-z': 'the decoder alone, on draws from N(0, I) unrelated to x',
};

export const klNames: Readonly<Record<KlEstimator, string>> = { analytic: 'analytic', mc: 'Monte Carlo' };

export const binarisationNames: Readonly<Record<Binarisation, string>> = {
  threshold: 'binarised at x > 127',
  static: 'binarised by one draw, fixed by the seed',
  dynamic: 'binarised by a new draw each step',
  none: 'grey-scale, not binarised',
};

/**
 * How the decoder's term is called and signed. On grey-scale data log p(x|z) is no likelihood: it is shown as the
 * positive cross-entropy, where less is better.
 */
export interface ScoreWords {
  readonly score: string;
  readonly elbo: string;
  readonly sign: 1 | -1;
  /** `log p(x|z)` as a formula under the name. */
  readonly formula: string;
}

export const scoreWords = (binarisation: Binarisation): ScoreWords =>
  binarisation === 'none'
    ? { score: 'cross-entropy', elbo: 'cross-entropy + KL', sign: -1, formula: '−Σ x ln p + (1 − x) ln(1 − p)' }
    : { score: 'decoder score', elbo: 'ELBO', sign: 1, formula: 'log p(x|z)' };

export const isTrained = (run: RunResult, part: 'encoder' | 'decoder'): boolean => run.trained.includes(part);

/** `a`, `a and b`, `a, b and c`. */
export const listed = (parts: readonly string[]): string =>
  parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;

/** Points, distributions and intervals stay on one line. */
export const unbroken = (text: string): string =>
  text.replace(/ ± | × 10/g, (found) => found.replaceAll(' ', '\u00a0')).replace(/\(0, ([1I])\)/g, '(0,\u00a0$1)');
