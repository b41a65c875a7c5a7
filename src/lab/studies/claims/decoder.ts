import { integer } from '../../../latent/numbers/index.js';
import type { KlEstimator, RegimeName } from '../../../vae/training/index.js';
import { listed, scoreWords } from '../../report/words.js';
import type { Claim } from '../study.js';
import {
  type Arm,
  above,
  allOf,
  arm,
  below,
  difference,
  differenceFrom,
  type Evidence,
  type Level,
  level,
  row,
  type Verdict,
} from './evidence.js';
import { bracketed, briefly, estimators, missing, named, sentences, told, undecided } from './reasons.js';

/** The regimes whose decoder learns from an encoder that serves the KL alone. */
const aloneRegimes = ['separate', 'tandem'] as const;

/** A decoder that gains less than this share of what joint training gains over random z has learned nothing from z. */
export const NOTHING = 0.05;
/** One that gains more than this share is a good decoder. */
const GOOD = 0.5;

export const score = (evidence: Evidence, regime: RegimeName, kl: KlEstimator): Arm =>
  arm(evidence, regime, kl, (run) => run.final?.score);

/** Score gained over a decoder that learned from z unrelated to x; above 0 is better, on grey-scale data too. */
export const gain = (evidence: Evidence, regime: RegimeName, kl: KlEstimator): Level | undefined =>
  difference(score(evidence, regime, kl), score(evidence, 'random-z', kl));

/** e. The decoder's score with and without an encoder that learns with it. */
export const decoderClaim = (evidence: Evidence): Claim => {
  const words = scoreWords(evidence.binarisation);
  const lead = (kl: KlEstimator, regime: RegimeName) =>
    difference(score(evidence, 'joint', kl), score(evidence, regime, kl));
  const between = (kl: KlEstimator) => difference(score(evidence, 'separate', kl), score(evidence, 'tandem', kl));
  const leads = estimators.flatMap((kl) => aloneRegimes.map((regime) => lead(kl, regime)));
  const least = leads.reduce((a, b) => (a && b && a.value < b.value ? a : (b ?? a)));
  const verdict = allOf(leads.map(above));
  const lacking = missing(evidence, ['joint', ...aloneRegimes]);
  return {
    id: 'e',
    claim: `The decoder has a better ${words.score} under the full ELBO than when the encoder learns alone`,
    measured: [
      ...estimators.flatMap((kl) =>
        aloneRegimes.flatMap((regime) =>
          row(named(`${words.score}, joint − ${regime}`, kl), lead(kl, regime), 'nats', words.sign),
        ),
      ),
      ...estimators.flatMap((kl) =>
        row(named(`${words.score}, separate − tandem`, kl), between(kl), 'nats', words.sign),
      ),
    ],
    verdict,
    why: sentences(
      lacking || (least && least.value > 0 && `Joint training leads by ${told(least)} nats or more.`),
      lacking === '' && least && !(least.value > 0) && `Joint training does not lead everywhere: ${told(least)} nats.`,
      lacking === '' && undecided(verdict),
      compared(estimators.map((kl) => [kl, between(kl)])),
      words.sign === -1 && 'Less cross-entropy is better.',
    ),
  };
};

/** Which of two decoders is ahead, from score(separate) − score(tandem) of each estimator. */
const compared = (gaps: readonly (readonly [KlEstimator, Level | undefined])[]): string => {
  const known = gaps.flatMap(([kl, gap]) => (gap ? [{ kl, gap, ahead: above(gap) }] : []));
  if (known.length === 0) return '';
  const decided = known.filter(({ ahead }) => ahead !== 'cannot tell');
  if (decided.length === 0) {
    return `Separate and tandem cannot be told apart: ${listed(known.map(({ gap }) => told(gap)))} nats.`;
  }
  const parts = decided.map(({ kl, gap, ahead }) => {
    const size = told({ value: Math.abs(gap.value), half: gap.half });
    return `${ahead === 'holds' ? 'separate' : 'tandem'} is ahead by ${size} nats ${bracketed(kl)}`;
  });
  return `Of separate and tandem ${listed(parts)}.`;
};

/** f. Codes near N(0, I), and a decoder that makes nothing of them. */
export const goodZClaim = (evidence: Evidence): Claim => {
  const words = scoreWords(evidence.binarisation);
  const momentKl = (regime: RegimeName, kl: KlEstimator) =>
    arm(evidence, regime, kl, (run) => run.final?.momentKl, 'batches');
  const cases = estimators.flatMap((kl) =>
    aloneRegimes.map((regime) => {
      const own = momentKl(regime, kl);
      const good = below(0, differenceFrom(own, evidence.floor.momentKlDraws));
      const learned = gain(evidence, regime, kl);
      return { name: (what: string) => named(`${what}${regime}`, kl), z: level(own), good, learned, kl };
    }),
  );
  const jointGain = new Map(estimators.map((kl) => [kl, gain(evidence, 'joint', kl)]));
  const verdicts = cases.map(({ good, learned, kl }): Verdict => {
    const most = jointGain.get(kl);
    // A premise that fails, z that is not good, decides nothing about the conclusion.
    if (good !== 'holds' || !learned || above(most) !== 'holds') return 'cannot tell';
    if (below(NOTHING * most!.value, learned) === 'holds') return 'holds';
    return below(GOOD * most!.value, learned) === 'does not hold' ? 'does not hold' : 'cannot tell';
  });
  const verdict = allOf(verdicts);
  const lacking = missing(evidence, ['joint', ...aloneRegimes, 'random-z']);
  const joint = estimators.map((kl) => briefly(jointGain.get(kl))).join(' and ');
  return {
    id: 'f',
    claim: 'A good z, close to N(0, I), is not enough for a good decoder',
    measured: [
      ...cases.flatMap(({ name, learned }) =>
        row(`${words.score}, ${name('')} − random z`, learned, 'nats', words.sign),
      ),
      ...estimators.flatMap((kl) =>
        row(named(`${words.score}, joint − random z`, kl), jointGain.get(kl), 'nats', words.sign),
      ),
      ...cases.flatMap(({ name, z }) => row(name('moment KL of q(z), '), z)),
    ],
    verdict,
    why: sentences(
      lacking ||
        `With z within ${briefly(farthest(cases.map(({ z }) => z)))} nats of N(0, I), decoders gain ${range(cases.map(({ learned }) => learned))} nats over one fed random z; joint training gains ${joint}.`,
      lacking === '' &&
        openReason(
          verdict,
          cases.map(({ good }) => good),
        ),
    ),
  };
};

/** Why f is left open, or what decided it. */
const openReason = (verdict: Verdict, good: readonly Verdict[]): string => {
  if (verdict !== 'cannot tell') return `Nothing is a gain under ${integer(100 * NOTHING)}% of that.`;
  return good.every((each) => each === 'holds')
    ? undecided(verdict)
    : 'Cannot be told: not every z here is closer to N(0, I) than its own finite samples are.';
};

const farthest = (levels: readonly (Level | undefined)[]): Level | undefined =>
  levels.reduce((a, b) => (a && b ? (a.value > b.value ? a : b) : (a ?? b)));

/** `−0.11 to 0.02`. */
const range = (levels: readonly (Level | undefined)[]): string => {
  const known = levels.flatMap((each) => each ?? []).sort((a, b) => a.value - b.value);
  return known.length === 0 ? briefly(undefined) : `${briefly(known[0])} to ${briefly(known.at(-1))}`;
};
