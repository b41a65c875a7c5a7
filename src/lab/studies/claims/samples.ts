import type { KlEstimator, RegimeName } from '../../../vae/training/index.js';
import { integer } from '../../report/numbers.js';
import { listed } from '../../report/words.js';
import type { Claim, NearestSamples } from '../study.js';
import {
  type Arm,
  above,
  allOf,
  arm,
  difference,
  type Evidence,
  type Level,
  level,
  row,
  type Verdict,
} from './evidence.js';
import { bracketed, estimators, missing, named, sentences, told, undecided } from './reasons.js';

type Source = Exclude<keyof NearestSamples, 'samples'>;

const nearest = (evidence: Evidence, regime: RegimeName, kl: KlEstimator, source: Source): Arm =>
  arm(evidence, regime, kl, (run) => run.nearest?.[source]);

/** How much nearer to held-out images the samples from `source` come than those from N(0, I). */
const lead = (evidence: Evidence, regime: RegimeName, kl: KlEstimator, source: Source): Level | undefined =>
  difference(nearest(evidence, regime, kl, 'prior'), nearest(evidence, regime, kl, source));

/** g. Samples by z of the encoder or of the fitted q(z), against samples by z ~ N(0, I). */
export const samplesClaim = (evidence: Evidence): Claim => {
  const samples = evidence.runs.find((run) => run.regime === 'joint' && run.nearest)?.nearest?.samples;
  const byEncoder = (kl: KlEstimator) => lead(evidence, 'joint', kl, 'encoder');
  const byFit = (kl: KlEstimator) => lead(evidence, 'joint', kl, 'fitted');
  const collapsed = (['separate', 'tandem'] as const).flatMap((regime) =>
    row(named(`${regime}: N(0, I) − encoder`, 'analytic'), lead(evidence, regime, 'analytic', 'encoder')),
  );
  const verdict = allOf(estimators.map((kl) => above(byEncoder(kl))));
  return {
    id: 'g',
    claim: 'Images from z drawn by the encoder (or from the measured q(z)) are better than images from N(0, I)',
    measured: [
      ...estimators.flatMap((kl) => row(named('joint: N(0, I) − encoder', kl), byEncoder(kl))),
      ...estimators.flatMap((kl) => row(named('joint: N(0, I) − fitted q(z)', kl), byFit(kl))),
      ...collapsed,
      ...estimators.flatMap((kl) =>
        row(named('joint: nearest of samples from N(0, I)', kl), level(nearest(evidence, 'joint', kl, 'prior'))),
      ),
    ],
    verdict,
    why:
      samples === undefined
        ? missing(evidence, ['joint']) || 'The runs of this study have no samples held against held-out images.'
        : sentences(
            missing(evidence, ['joint']) ||
              `Held-out images lie ${listed(estimators.map((kl) => `${told(byEncoder(kl))} ${bracketed(kl)}`))} nats of cross-entropy nearer to the nearest of ${integer(samples)} samples when the encoder draws z.`,
            missing(evidence, ['joint']) === '' && undecided(verdict),
            aboutFit(estimators.map((kl) => above(byFit(kl)))),
          ),
  };
};

const aboutFit = (fits: readonly Verdict[]): string => {
  if (fits.every((verdict) => verdict === 'holds')) return 'A Gaussian fitted to q(z) beats N(0, I) too.';
  if (fits.includes('does not hold')) return 'A Gaussian fitted to q(z) does worse than N(0, I).';
  return 'Of a Gaussian fitted to q(z) it cannot be told.';
};
