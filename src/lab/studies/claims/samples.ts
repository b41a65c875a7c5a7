import { integer } from '../../../latent/numbers/index.js';
import type { KlEstimator, RegimeName } from '../../../vae/training/index.js';
import { listed, scoreWords } from '../../report/words.js';
import type { Claim, Controls, Estimate, RunResult } from '../study.js';
import { type Arm, above, allOf, arm, type Evidence, type Level, level, row } from './evidence.js';
import { bracketed, briefly, estimators, missing, named, sentences, told, undecided } from './reasons.js';

type Of = (controls: Controls) => Estimate | undefined;

const GAIN: Of = ({ fitted }) => fitted?.gain;
const NEARER_FITTED: Of = ({ nearer }) => nearer?.fitted;
const NEARER_POSTERIOR: Of = ({ nearer }) => nearer?.posterior;
/** What must be above 0 for the claim to hold. */
const DECIDING = [GAIN, NEARER_FITTED, NEARER_POSTERIOR] as const;

const controlled = (evidence: Evidence, regime: RegimeName, kl: KlEstimator, of: Of): Arm =>
  arm(evidence, regime, kl, ({ controls }) => controls && of(controls));

const finished = ({ runs }: Evidence, ...regimes: RegimeName[]): RunResult[] =>
  runs.filter(({ regime, state }) => state === 'done' && regimes.includes(regime));

/**
 * g. Samples by z of a fitted q̂(z), and of the encoder, against samples by z ~ N(0, I): nats of ELBO and the Fréchet
 * distance, both paired.
 */
export const samplesClaim = (evidence: Evidence): Claim => {
  const { elbo } = scoreWords(evidence.binarisation);
  const ofJoint = (kl: KlEstimator, of: Of) => level(controlled(evidence, 'joint', kl, of));
  const perEstimator = (name: string, of: Of, unit = '') =>
    estimators.flatMap((kl) => row(named(name, kl), ofJoint(kl, of), unit));
  const joint = finished(evidence, 'joint');
  const lacking = missing(evidence, ['joint']) || unmeasured(joint);
  const verdict =
    lacking === ''
      ? allOf(estimators.flatMap((kl) => DECIDING.map((of) => above(ofJoint(kl, of)))))
      : ('cannot tell' as const);
  return {
    id: 'g',
    claim: 'Images from z drawn by the encoder (or from the measured q(z)) are better than images from N(0, I)',
    measured: [
      ...perEstimator(`joint: ${elbo} gained by the fitted q(z)`, GAIN, 'nats'),
      ...perEstimator('joint: Fréchet distance, N(0, I) − fitted q(z)', NEARER_FITTED),
      ...perEstimator('joint: Fréchet distance, N(0, I) − encoder', NEARER_POSTERIOR),
      ...perEstimator('joint: Fréchet distance of N(0, I)', ({ prior }) => prior.images?.frechet),
      ...perEstimator('joint: hole mass of N(0, I)', ({ prior }) => prior.holeMass),
      ...perEstimator('joint: hole mass of the fitted q(z)', ({ fitted }) => fitted?.holeMass),
      ...(['separate', 'tandem'] as const).flatMap((regime) =>
        estimators.flatMap((kl) => [
          ...row(named(`${regime}: ${elbo} gained`, kl), level(controlled(evidence, regime, kl, GAIN)), 'nats'),
          ...row(
            named(`${regime}: Fréchet distance, N(0, I) − encoder`, kl),
            level(controlled(evidence, regime, kl, NEARER_POSTERIOR)),
            '',
          ),
        ]),
      ),
    ],
    verdict,
    why: sentences(
      lacking || reason(ofJoint, elbo),
      lacking === '' && undecided(verdict),
      lacking === '' && cause(ofJoint),
      others(finished(evidence, 'separate', 'tandem')),
    ),
  };
};

/** What the runs of joint training do not hold; empty where they hold all. */
const unmeasured = (joint: readonly RunResult[]): string => {
  if (joint.some(({ controls }) => controls === undefined)) {
    return 'The runs of this study were not measured with z from the encoder, from a fitted q(z) and from N(0, I).';
  }
  const without = joint.filter(({ controls }) => DECIDING.some((of) => of(controls!) === undefined));
  if (without.length === 0) return '';
  const unfitted = without.filter(({ controls }) => !controls!.fitted).map(({ name }) => name);
  return unfitted.length > 0
    ? `In ${listed(unfitted)} no fitted q(z) describes held-out codes better than N(0, I).`
    : 'There are too few held-out images for distances between images.';
};

type Found = (kl: KlEstimator, of: Of) => Level | undefined;

const reason = (found: Found, elbo: string): string => {
  const gains = estimators.map((kl) => `${told(found(kl, GAIN))} ${bracketed(kl)}`);
  const distances = estimators.map((kl) => {
    const [before, after] = [
      found(kl, ({ prior }) => prior.images?.frechet),
      found(kl, ({ fitted }) => fitted?.images?.frechet),
    ];
    return `from ${briefly(before)} to ${briefly(after)}`;
  });
  return `A q(z) fitted to the codes is worth ${listed(gains)} nats of ${elbo} and takes the Fréchet distance ${listed(distances)}.`;
};

/** Which share of what is wrong with samples of N(0, I) is the hole's, the fit's, the decoder's. */
const cause = (found: Found): string => {
  const share = (of: keyof NonNullable<Controls['shares']>): string =>
    listed(
      estimators.flatMap((kl) => {
        const number = found(kl, ({ shares }) => shares?.[of]);
        return number ? [`${integer(100 * number.value)}%`] : [];
      }),
    );
  const hole = share('hole');
  return hole === ''
    ? ''
    : `Of the excess over real images the hole explains ${hole}, the fit ${share('fit')}, the decoder ${share('decoder')}.`;
};

/** Where the encoder serves the KL alone there is nothing to fit. */
const others = (runs: readonly RunResult[]): string => {
  const known = runs.filter(({ controls }) => controls !== undefined);
  const unfitted = known.filter(({ controls }) => !controls!.fitted);
  if (unfitted.length === 0) return '';
  const count = unfitted.length === known.length ? `all ${known.length}` : `${unfitted.length} of ${known.length}`;
  return `In ${count} runs of separate and tandem no q(z) is better than N(0, I).`;
};
