import type { StatisticName } from '../result.js';

/** How a statistic is called, what it is, and how its value is written. */
export interface Named {
  readonly name: string;
  readonly meaning: string;
  readonly form?: 'percent' | 'count';
}

export const names: Readonly<Record<StatisticName, Named>> = {
  rate: { name: 'Rate', meaning: 'mean KL(q(z|x) ‖ N(0, I)), closed form' },
  rateMc: { name: 'Rate, Monte Carlo', meaning: 'mean of ln q(z|x) − ln p(z), z ~ q(z|x)' },
  mutualInformation: { name: 'Information', meaning: 'I(x; z): what a code tells of its image; rate − marginal KL' },
  marginalKl: { name: 'Marginal KL', meaning: 'KL(q(z) ‖ N(0, I)), q(z) the mixture of all posteriors' },
  marginalKlHeldOut: {
    name: 'Marginal KL, held out',
    meaning: 'a lower bound, from codes that no density was fitted on',
  },
  totalCorrelation: { name: 'Total correlation', meaning: 'KL of q(z) to the product of its marginals: dependence' },
  dimensionwiseKl: { name: 'Dimension-wise KL', meaning: 'sum of the KL of each dimension alone to N(0, 1)' },
  activeUnits: { name: 'Active units', meaning: 'dimensions with Var(μ) above 0.01', form: 'count' },
  momentKl: { name: 'Moment KL', meaning: 'KL of the Gaussian with the codes’ mean and covariance' },
  frechet: { name: 'Fréchet distance', meaning: 'squared, of that Gaussian to N(0, I)' },
  holeMass: { name: 'Hole mass', meaning: 'prior draws where hardly any code is', form: 'percent' },
  mmd: { name: 'MMD²', meaning: 'maximum mean discrepancy, Gaussian kernels' },
  energyDistance: { name: 'Energy distance', meaning: '2 E‖z − p‖ − E‖z − z′‖ − E‖p − p′‖' },
  slicedWasserstein: { name: 'Sliced Wasserstein', meaning: 'Wasserstein-2 over random directions' },
  kolmogorovSmirnov: { name: 'Kolmogorov–Smirnov', meaning: 'the largest over dimensions; p-value by Holm' },
  mardiaSkewness: { name: 'Mardia’s skewness', meaning: 'third moments of z, all together' },
  mardiaKurtosis: { name: 'Mardia’s kurtosis', meaning: 'fourth moment of the radius of z' },
  radius: { name: 'Radius', meaning: '‖z‖² against χ² with D degrees: Kolmogorov–Smirnov distance' },
  c2st: {
    name: 'Classifier accuracy',
    meaning: 'telling codes from prior draws, on unseen halves; a guess is 50%',
    form: 'percent',
  },
  c2stAuc: { name: 'Classifier AUC', meaning: 'of the same classifier; a guess is 0.5' },
};

/** The rows of the page, in its order. */
export const groups: readonly { readonly title: string; readonly statistics: readonly StatisticName[] }[] = [
  {
    title: 'Where does the rate go?',
    statistics: [
      'rate',
      'rateMc',
      'mutualInformation',
      'marginalKl',
      'marginalKlHeldOut',
      'totalCorrelation',
      'dimensionwiseKl',
      'activeUnits',
    ],
  },
  { title: 'Are there holes?', statistics: ['holeMass'] },
  { title: 'Do the moments fit?', statistics: ['momentKl', 'frechet'] },
  {
    title: 'Can a test tell codes from N(0, I)?',
    statistics: [
      'c2st',
      'c2stAuc',
      'mmd',
      'energyDistance',
      'slicedWasserstein',
      'kolmogorovSmirnov',
      'mardiaSkewness',
      'mardiaKurtosis',
      'radius',
    ],
  },
];
