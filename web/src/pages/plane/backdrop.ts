import * as Plot from '@observablehq/plot';
import { axis, gradientFlowField, klLevel } from '../../../../src/latent/theory/index.js';
import { AREA } from './state.js';

/** Nats. */
const LEVELS = [0.1, 0.5, 1, 2, 3, 4.5, 6] as const;

/** What does not move: lines of equal KL, arrows of the flow, axes. With the scales to place points by. */
export interface Backdrop {
  readonly svg: Element;
  readonly x: (mu: number) => number;
  readonly y: (sigma: number) => number;
  readonly muAt: (x: number) => number;
  readonly sigmaAt: (y: number) => number;
  /** What lies inside the axes. */
  readonly area: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
}

const MARGIN = { top: 26, right: 14, bottom: 40, left: 44 };

const arrows = (across: number) =>
  axis(AREA.sigma[0] + 0.12, AREA.sigma[1] - 0.1, Math.round(across * 0.6)).flatMap((sigma) =>
    axis(AREA.mu[0] + 0.2, AREA.mu[1] - 0.2, across).map((mu) => {
      const [dmu, dsigma] = gradientFlowField(mu, sigma);
      const speed = Math.hypot(dmu, dsigma);
      // Of one length: the slope 1/σ at small σ would else hide all others.
      const step = speed < 1e-9 ? 0 : 0.14 / speed;
      return { mu, sigma, mu2: mu + step * dmu, sigma2: sigma + step * dsigma };
    }),
  );

export const drawBackdrop = (width: number, height: number): Backdrop => {
  const line = { stroke: 'var(--line)', strokeWidth: 1.25, clip: true } as const;
  const plot = Plot.plot({
    width,
    height,
    marginTop: MARGIN.top,
    marginRight: MARGIN.right,
    marginBottom: MARGIN.bottom,
    marginLeft: MARGIN.left,
    style: { background: 'transparent', color: 'var(--muted)', fontSize: '12px', fontFamily: 'inherit' },
    x: { domain: [...AREA.mu], label: 'μ', labelAnchor: 'center', labelArrow: 'none', nice: false },
    y: { domain: [0, AREA.sigma[1]], label: 'σ', labelArrow: 'none' },
    marks: [
      ...LEVELS.map((level) => Plot.line(klLevel(level), line)),
      Plot.text(width < 500 ? LEVELS.filter((_, i) => i % 2 === 1) : LEVELS, {
        x: (level: number) => -Math.sqrt(2 * level),
        y: 1,
        text: (level: number) => `${level}`,
        fill: 'var(--muted)',
        stroke: 'var(--ground)',
        strokeWidth: 4,
        clip: true,
      }),
      Plot.arrow(arrows(width < 500 ? 11 : 17), {
        x1: 'mu',
        y1: 'sigma',
        x2: 'mu2',
        y2: 'sigma2',
        stroke: 'var(--muted)',
        strokeOpacity: 0.55,
        strokeWidth: 1,
        headLength: 5,
        clip: true,
      }),
    ],
  });
  const x = plot.scale('x')!;
  const y = plot.scale('y')!;
  return {
    svg: plot,
    x: (mu) => x.apply(mu) as number,
    y: (sigma) => y.apply(sigma) as number,
    muAt: (at) => x.invert!(at) as number,
    sigmaAt: (at) => y.invert!(at) as number,
    area: {
      x: MARGIN.left,
      y: MARGIN.top,
      width: width - MARGIN.left - MARGIN.right,
      height: height - MARGIN.top - MARGIN.bottom,
    },
  };
};
