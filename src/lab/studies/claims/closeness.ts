import { integer } from '../../../latent/numbers/index.js';
import type { KlEstimator } from '../../../vae/training/index.js';
import { listed } from '../../report/words.js';
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
} from './evidence.js';
import { bracketed, briefly, estimators, missing, named, sentences, told, undecided } from './reasons.js';

type Distance = 'rate' | 'momentKl' | 'momentKlDraws';

const distance = (evidence: Evidence, regime: 'joint' | 'encoder-only', kl: KlEstimator, quantity: Distance): Arm =>
  arm(evidence, regime, kl, (run) => run.final?.[quantity], quantity === 'rate' ? 'test images' : 'batches');

/** c. The encoder on the KL alone against the full ELBO, by draws and by the rate. */
export const closerThanElboClaim = (evidence: Evidence): Claim => {
  const gap = (kl: KlEstimator, quantity: Distance) =>
    difference(distance(evidence, 'joint', kl, quantity), distance(evidence, 'encoder-only', kl, quantity));
  const alone = (kl: KlEstimator) => level(distance(evidence, 'encoder-only', kl, 'rate'));
  const verdict = allOf(estimators.flatMap((kl) => [above(gap(kl, 'momentKlDraws')), above(gap(kl, 'rate'))]));
  const lacking = missing(evidence, ['joint', 'encoder-only']);
  const gaps = estimators.map((kl) => `${told(gap(kl, 'momentKlDraws'))} ${bracketed(kl)}`);
  return {
    id: 'c',
    claim: 'Training the encoder alone brings z closer to N(0, I) than the full ELBO does',
    measured: [
      ...estimators.flatMap((kl) =>
        row(named('moment KL of draws, joint − encoder-only', kl), gap(kl, 'momentKlDraws')),
      ),
      ...estimators.flatMap((kl) => row(named('rate, encoder-only', kl), alone(kl))),
      ...estimators.flatMap((kl) => row(named('rate, joint − encoder-only', kl), gap(kl, 'rate'))),
    ],
    verdict,
    why: sentences(
      lacking || `Draws of its codes are nearer by ${listed(gaps)} nats of moment KL.`,
      lacking === '' && undecided(verdict),
      // A small KL is never left to look like success.
      alone('analytic') &&
        `No success in itself: at a rate of ${briefly(alone('analytic'))} nats a code says no more than that about its image (claim h).`,
    ),
  };
};

/** d. The encoder on the KL alone against batches of true N(0, I) draws. */
export const closerThanDrawsClaim = (evidence: Evidence): Claim => {
  const { floor } = evidence;
  const draws = floor.momentKlDraws;
  const own = (kl: KlEstimator) => distance(evidence, 'encoder-only', kl, 'momentKl');
  const likeForLike = (kl: KlEstimator) =>
    differenceFrom(distance(evidence, 'encoder-only', kl, 'momentKlDraws'), draws);
  const verdict = allOf(estimators.map((kl) => below(0, differenceFrom(own(kl), draws))));
  const floorLevel = level(new Map([[0, { ...draws, of: 'batches' }]]));
  const size = integer(floor.batch);
  const lacking = missing(evidence, ['encoder-only']);
  return {
    id: 'd',
    claim: 'It brings z closer to N(0, I) than a finite sample of N(0, I) itself',
    measured: [
      ...estimators.flatMap((kl) => row(named('moment KL of q(z) itself, encoder-only', kl), level(own(kl)))),
      ...row(`moment KL of ${size} draws of N(0, I)`, floorLevel),
      ...estimators.flatMap((kl) =>
        row(named(`moment KL of ${size} draws, encoder-only − N(0, I)`, kl), likeForLike(kl)),
      ),
    ],
    verdict,
    why: sentences(
      lacking ||
        `As a distribution q(z) reads ${estimators.map((kl) => briefly(level(own(kl)))).join(' and ')} nats, ${size} draws of N(0, I) read ${told(floorLevel)}.`,
      lacking === '' && undecided(verdict),
      lacking === '' && `As many draws of each ${drawsApart(estimators.map((kl) => [kl, likeForLike(kl)]))}.`,
    ),
  };
};

/** What a comparison of as many draws each says: unlike is compared where a distribution stands beside a sample. */
const drawsApart = (gaps: readonly (readonly [KlEstimator, Level | undefined])[]): string => {
  const known = gaps.map(([, gap]) => `${told(gap)}`).join(' and ');
  const farther = gaps.filter(([, gap]) => above(gap) === 'holds').map(([kl]) => bracketed(kl));
  const nearer = gaps.filter(([, gap]) => above(gap) === 'does not hold').map(([kl]) => bracketed(kl));
  if (farther.length > 0) return `find z farther off ${listed(farther)}: by ${known} nats`;
  if (nearer.length > 0) return `find z nearer still ${listed(nearer)}: by ${known} nats`;
  return `cannot be told apart: ${known} nats`;
};
