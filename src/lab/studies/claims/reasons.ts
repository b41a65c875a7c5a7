import type { Interval } from '../../../latent/numbers/index.js';
import { short, withInterval } from '../../../latent/numbers/index.js';
import type { KlEstimator, RegimeName } from '../../../vae/training/index.js';
import { klNames, listed } from '../../report/words.js';
import type { Evidence, Verdict } from './evidence.js';

/** Both estimators of the KL, in the order in which they are told. */
export const estimators: readonly KlEstimator[] = ['analytic', 'mc'];

/** `(Monte Carlo)`. */
export const bracketed = (kl: KlEstimator): string => `(${klNames[kl]})`;

/** `joint (Monte Carlo)`. */
export const named = (what: string, kl: KlEstimator): string => `${what} ${bracketed(kl)}`;

/** `4.33 ± 0.04`, or words for a number that is missing. */
export const told = (number: Interval | undefined): string => (number ? withInterval(number) : 'not measured');

export const briefly = (number: Interval | undefined): string => (number ? short(number.value) : 'not measured');

/** Names the finished runs that a claim needs and does not have; empty when it has all. */
export const missing = (
  { runs }: Pick<Evidence, 'runs'>,
  regimes: readonly RegimeName[],
  kls: readonly KlEstimator[] = estimators,
): string => {
  const lacking = regimes.flatMap((regime) => {
    const done = runs.filter((run) => run.state === 'done' && run.final && run.regime === regime);
    if (regime === 'random-z') return done.length > 0 ? [] : ['random z'];
    return kls.filter((kl) => !done.some((run) => run.kl === kl)).map((kl) => named(regime, kl));
  });
  return lacking.length > 0 ? `There is no finished run of ${listed(lacking)}.` : '';
};

/** Why a claim with all its runs is left open. */
export const undecided = (verdict: Verdict): string =>
  verdict === 'cannot tell' ? 'Cannot be told: an interval reaches the bound.' : '';

/** Sentences to one line; empty ones fall away. */
export const sentences = (...parts: readonly (string | false | undefined)[]): string =>
  parts.filter((part) => part !== '' && part !== false && part !== undefined).join(' ');
