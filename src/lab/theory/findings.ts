import { integer, interval, short, withInterval } from '../../latent/numbers/index.js';
import { complexPair } from '../report/figures/theory/complexPair.js';
import { plain } from '../report/figures/theory/frame.js';
import { listed } from '../report/words.js';
import type { TheorySummary } from './summary.js';

/** One thing that the theory found, in words with its numbers. */
export interface Finding {
  readonly what: string;
  readonly found: string;
}

/** What the theory comes to, in one sentence. */
export const theoryVerdict = ({ minimum, flow }: TheorySummary): string => {
  const { analytic, monteCarlo } = minimum;
  const { mu, sigma } = analytic.minimum;
  const there = analytic.unique && Math.hypot(mu, sigma - 1) < 1e-9;
  const stable = flow.kl.never && flow.decay.exponential;
  return (
    `The KL term has ${there ? 'one minimum, (μ, σ) = (0, 1)' : `its lowest minimum found at (μ, σ) = (${plain(mu)}, ${plain(sigma)})`}; ` +
    `the Monte Carlo minimum ${monteCarlo.coincide ? 'coincides' : 'does not coincide'} with it within error; and gradient flow ` +
    (stable ? 'brings every code there.' : 'does not always fall towards it.')
  );
};

const fact = (yes: boolean): string => (yes ? 'never rises' : 'rises');

/** Minima, eigenvalues, closed form against integration, Lyapunov checks. Nats and the natural time of the flow. */
export const findings = ({ minimum, flow, ball, misread }: TheorySummary): Finding[] => {
  const { analytic, monteCarlo, sampleSizes } = minimum;
  const { mu, sigma } = analytic.minimum;
  const difference = Math.max(flow.difference.mu, flow.difference.sigma);
  const last = misread.sigma.length - 1;
  return [
    {
      what: 'analytic minimum',
      found: `(${plain(mu)}, ${plain(sigma)}); Newton's method ends there from ${integer(analytic.starts)} starts; least curvature ${plain(analytic.curvatureFloor)}`,
    },
    {
      what: 'Monte Carlo minimum',
      found: `μ ${withInterval(interval([monteCarlo.mu]))}, σ ${withInterval(interval([monteCarlo.sigma]))}; ${monteCarlo.mu.n} surfaces of ${integer(monteCarlo.draws)} draws, 95%`,
    },
    {
      what: 'Monte Carlo surface',
      found: `mean standard error ${listed(sampleSizes.map(({ meanSe }) => short(meanSe)))} nats at ${listed(sampleSizes.map(({ n }) => integer(n)))} draws`,
    },
    {
      what: 'gradient flow',
      found: `eigenvalues ${complexPair(flow.eigenvalues)} at (0, 1), numerically ${listed(flow.numeric.map(({ re }) => plain(re)))}: a ${flow.kind}`,
    },
    {
      what: 'closed form',
      found: `at most ${short(difference)} from the integrated flow, over ${flow.starts.length} starts`,
    },
    {
      what: 'KL along the flow',
      found: `${fact(flow.kl.never)}; falls at ${plain(flow.decay.slowestRate)} times itself per unit time or faster`,
    },
    {
      what: 'heavy ball',
      found: `friction ${ball.friction}: ${complexPair(ball.eigenvalues.mu)} in μ, ${complexPair(ball.eigenvalues.sigma)} in σ: a ${ball.kind}`,
    },
    {
      what: 'no spiral',
      found: `from friction ${plain(ball.criticalFriction.mu)} in μ, from ${plain(ball.criticalFriction.sigma)} in σ`,
    },
    {
      what: 'KL along the ball',
      found: `${fact(ball.kl.never)}, at up to ${short(ball.kl.largestRate)} nats per unit time; its energy ${fact(ball.energy.never)}`,
    },
    {
      what: 'σ read as variance',
      found: `KL ${short(misread.ratio[0]!)} times too small at σ = ${misread.sigma[0]}, ${short(misread.ratio[last]!)} times at ${misread.sigma[last]}`,
    },
  ];
};
