import {
  type Complex,
  fixedPointKind,
  heavyBallEigenvalues,
  type PlanePoint,
  planeKl,
} from '../../../../src/latent/theory/index.js';

const number = (value: number): string => (Object.is(value, -0) ? 0 : value).toFixed(2).replace('-', '−');

const complex = ({ re, im }: Complex): string =>
  im === 0 ? number(re) : `${number(re)} ${im > 0 ? '+' : '−'} ${number(Math.abs(im))}i`;

export interface Spectrum {
  readonly mu: string;
  readonly sigma: string;
  /** What (0, 1) is to the ball, in a word. */
  readonly kind: string;
}

/** The eigenvalues of the heavy ball at (0, 1), in words. */
export const spectrumOf = (friction: number): Spectrum => {
  const { mu, sigma } = heavyBallEigenvalues(friction);
  return {
    mu: mu.map(complex).join(' and '),
    sigma: sigma.map(complex).join(' and '),
    kind: fixedPointKind([...mu, ...sigma]),
  };
};

export const startWords = ({ mu, sigma }: PlanePoint): string =>
  `μ ${number(mu)}, σ ${number(sigma)}: KL ${number(planeKl(mu, sigma))} nats`;
