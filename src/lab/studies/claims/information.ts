import type { KlEstimator } from '../../../vae/training/index.js';
import { scoreWords } from '../../report/words.js';
import type { Claim, RunResult } from '../study.js';
import { gain } from './decoder.js';
import { above, allOf, arm, below, type Evidence, level, row, type Verdict } from './evidence.js';
import { bracketed, briefly, estimators, missing, named, sentences, told, undecided } from './reasons.js';

/** Information under this many nats counts as none: a model whose rate is lower has collapsed. */
export const COLLAPSED = 0.5;
/** Var_i(μ_id) above which a unit counts as active. Source: Burda et al. 2015, arXiv:1509.00519. */
const ACTIVE = 0.01;

const activeUnits = ({ codes }: RunResult) => {
  const count = codes?.activeUnits.find(({ threshold }) => threshold === ACTIVE)?.count;
  return codes && count !== undefined ? { value: count, se: 0, n: codes.n } : undefined;
};

/**
 * h. Why codes of an encoder that serves the KL alone are close to N(0, I): they carry nothing.
 *
 *   I(x; z) = rate − KL(q(z) ‖ N(0, I)) ≤ rate
 *
 * so a rate below half a nat proves it. A large rate proves nothing: only a decoder that does better on such codes than
 * on random z then shows that they inform.
 * Source: Hoffman & Johnson 2016, "ELBO surgery".
 */
export const informationClaim = (evidence: Evidence): Claim => {
  const words = scoreWords(evidence.binarisation);
  const bound = (kl: KlEstimator) => level(arm(evidence, 'encoder-only', kl, (run) => run.final?.rate));
  const jointBound = level(arm(evidence, 'joint', 'analytic', (run) => run.final?.rate));
  const tandem = (kl: KlEstimator) => gain(evidence, 'tandem', kl);
  const verdicts = estimators.map((kl): Verdict => {
    const little = below(COLLAPSED, bound(kl));
    if (little !== 'does not hold') return little;
    return above(tandem(kl)) === 'holds' ? 'does not hold' : 'cannot tell';
  });
  const verdict = allOf(verdicts);
  const lacking = missing(evidence, ['encoder-only']);
  return {
    id: 'h',
    claim: 'Why: with the encoder alone q(z|x) = p(z) for every x, so its codes carry no information about x',
    measured: [
      ...estimators.flatMap((kl) => row(named('mutual information at most (rate), encoder-only', kl), bound(kl))),
      ...row(named('mutual information at most (rate), joint', 'analytic'), jointBound),
      ...estimators.flatMap((kl) =>
        row(named('active units, encoder-only', kl), level(arm(evidence, 'encoder-only', kl, activeUnits)), 'units'),
      ),
      ...row(named('active units, joint', 'analytic'), level(arm(evidence, 'joint', 'analytic', activeUnits)), 'units'),
      ...estimators.flatMap((kl) =>
        row(named(`${words.score}, tandem − random z`, kl), tandem(kl), 'nats', words.sign),
      ),
    ],
    verdict,
    why: sentences(
      lacking ||
        `Mutual information is at most the rate: ${estimators.map((kl) => `${briefly(bound(kl))} ${bracketed(kl)}`).join(', ')} nats${jointBound ? `, against ${briefly(jointBound)} of joint` : ''}; under ${COLLAPSED} counts as none.`,
      lacking === '' && undecided(verdict),
      estimators.some(tandem) &&
        `So the small KL of claim c is no success: a decoder on such codes gains ${told(tandem('analytic') ?? tandem('mc'))} nats over random z.`,
    ),
  };
};
