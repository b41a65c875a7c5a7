import { withInterval } from '../../../latent/numbers/index.js';
import type { TheorySummary } from '../../theory/index.js';
import type { Claim, Estimate } from '../study.js';
import { allOf, type Evidence, exact, type Level, row, type Verdict } from './evidence.js';

/** How near to (0, 1) the analytic minimum must be found. */
const NEAR = 1e-9;
/** A Monte Carlo minimum that is known no better than this, in units of μ and σ, decides nothing. */
const RESOLUTION = 0.05;
/** Real parts of eigenvalues this near to 0 leave stability to terms of higher order. */
const NEUTRAL = 1e-3;

const decided = (yes: boolean): Verdict => (yes ? 'holds' : 'does not hold');

const located = ({ value, se, n }: Estimate): Level => ({ value, half: 1.96 * se, n, of: 'sets of noise' });

/** a. Where the KL term is least, and that it is so nowhere else. */
export const minimumClaim = ({ theory }: Pick<Evidence, 'theory'>): Claim => {
  const { analytic, monteCarlo, monteCarloUniqueness } = theory.minimum;
  const { mu, sigma } = analytic.minimum;
  const there = Math.abs(mu) <= NEAR && Math.abs(sigma - 1) <= NEAR;
  const resolved = 1.96 * Math.max(monteCarlo.mu.se, monteCarlo.sigma.se) <= RESOLUTION;
  const verdict = allOf([
    decided(analytic.unique && there),
    resolved ? decided(monteCarlo.coincide && monteCarloUniqueness.unique) : 'cannot tell',
  ]);
  return {
    id: 'a',
    claim: '(0, 1) is the unique minimum of the KL term, of the analytic one and of its Monte Carlo estimate',
    measured: [
      exact('analytic: μ', mu, ''),
      exact('analytic: σ', sigma, ''),
      ...row('Monte Carlo: μ', located(monteCarlo.mu), ''),
      ...row('Monte Carlo: σ', located(monteCarlo.sigma), ''),
      exact('Monte Carlo: draws of each surface', monteCarlo.draws, 'draws'),
      exact('analytic: starts that end there', analytic.starts, 'starts'),
      exact('analytic: least curvature anywhere', analytic.curvatureFloor, 'nats per unit²'),
    ],
    verdict,
    why: resolved
      ? whyMinimum(theory)
      : `The Monte Carlo minimum is known no better than to ±${RESOLUTION}: too few draws.`,
  };
};

const whyMinimum = ({ minimum: { analytic, monteCarlo } }: TheorySummary): string => {
  const found = `${withInterval(located(monteCarlo.mu))}, ${withInterval(located(monteCarlo.sigma))}`;
  return analytic.unique && monteCarlo.coincide
    ? `The surface is strongly convex (curvature at least ${analytic.curvatureFloor}), so it has one minimum; Monte Carlo surfaces have theirs at (${found}).`
    : `The analytic minimum is ${analytic.unique ? 'unique' : 'not unique'}, at (${analytic.minimum.mu}, ${analytic.minimum.sigma}); the Monte Carlo one is found at (${found}).`;
};

/** b. That the flow of the KL comes to (0, 1) and stays. */
export const stabilityClaim = ({ theory }: Pick<Evidence, 'theory'>): Claim => {
  const { flow, ball } = theory;
  const real = flow.numeric.map((value) => value.re);
  const neutral = real.some((re) => !(Math.abs(re) > NEUTRAL));
  const stable = real.every((re) => re < 0) && flow.kl.never && flow.decay.exponential;
  const eigenvalues = real.map((re) => `${Number(re.toFixed(6))}`.replace('-', '−')).join(' and ');
  return {
    id: 'b',
    claim: '(0, 1) is a stable fixed point of training on the KL term',
    measured: [
      ...real.map((re, i) => exact(`eigenvalue ${i + 1} of gradient flow`, re, 'per unit time')),
      exact('largest rise of the KL along the flow', flow.kl.largestRise, 'nats'),
      exact('slowest decay of the KL', flow.decay.slowestRate, 'per unit time'),
      exact(`largest rise of energy, heavy ball of friction ${ball.friction}`, ball.energy.largestRise, 'nats'),
    ],
    verdict: neutral ? 'cannot tell' : decided(stable),
    why: neutral
      ? `An eigenvalue is too near 0 (${eigenvalues}): the linearised flow does not decide.`
      : stable
        ? `Eigenvalues ${eigenvalues}: a ${flow.kind}; the KL never rises along the flow from ${flow.starts.length} starts, a Lyapunov function.`
        : `Eigenvalues ${eigenvalues}: a ${flow.kind}; the KL ${flow.kl.never ? 'never rises' : `rises by ${flow.kl.largestRise} nats`} along the flow.`,
  };
};
