/** How runs are called and coloured, on every page. */
import type { CurvePoint, KlEstimator, RegimeName } from '../../../src/vae/training/index.js';

interface Told {
  readonly regime: RegimeName;
  readonly kl: KlEstimator;
}

/** The regimes in the order of the report. */
export const REGIMES: readonly RegimeName[] = ['joint', 'encoder-only', 'separate', 'tandem', 'random-z'];

export const klName = (kl: KlEstimator): string => (kl === 'mc' ? 'Monte Carlo' : 'analytic');

/** `encoder-only, Monte Carlo KL`. */
export const kindOf = ({ regime, kl }: Told): string =>
  regime === 'random-z' ? 'random z' : `${regime}, ${klName(kl)} KL`;

/** At the end of a line: `encoder-only, MC`; the analytic KL goes without saying. */
export const shortKind = ({ regime, kl }: Told): string => (kl === 'mc' ? `${regime}, MC` : regime);

/** The colour of a regime is that of the report. */
export const regimeColour = ({ regime, kl }: Told): string => {
  if (regime !== 'encoder-only') return `var(--${regime})`;
  return kl === 'mc' ? 'var(--encoder-mc)' : 'var(--encoder-analytic)';
};

/** Where a regime has one colour, its Monte Carlo runs are dashed. */
export const isDashed = ({ regime, kl }: Told): boolean => kl === 'mc' && regime !== 'encoder-only';

export type Quantity = 'rate' | 'score' | 'elbo' | 'momentKl' | 'momentKlDraws';

export interface QuantityWords {
  readonly quantity: Quantity;
  readonly question: string;
  /** Name and unit. */
  readonly axis: string;
  readonly short: string;
}

export const QUANTITIES: readonly QuantityWords[] = [
  {
    quantity: 'rate',
    question: 'How far do codes leave N(0, I) to tell of their image?',
    axis: 'rate, nats per image',
    short: 'Rate',
  },
  {
    quantity: 'score',
    question: 'How well does the decoder explain images?',
    axis: 'score ln p(x|z), nats per image',
    short: 'Score',
  },
  { quantity: 'elbo', question: 'How good is the bound?', axis: 'ELBO, nats per image', short: 'ELBO' },
  {
    quantity: 'momentKl',
    question: 'Do the moments of all codes together fit N(0, I)?',
    axis: 'moment KL, nats',
    short: 'Moment KL',
  },
];

/**
 * What the measurements of an evaluation allow to say of I(x; z).
 *
 *   I ≤ min(rate − moment KL, ln B)
 *
 * because rate = I + KL(q(z) ‖ N(0, I)), and a Gaussian of the same moments is nearer to N(0, I) than q(z) is. Both are of
 * batches of B images, so I is what z tells of which image of a batch it is.
 *
 * Units: nats.
 */
export const informationBound = ({ rate, momentKl }: Pick<CurvePoint, 'rate' | 'momentKl'>): number =>
  Math.max(0, Math.min(rate.value - momentKl.value, Math.log(rate.n / momentKl.n)));
