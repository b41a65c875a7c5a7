import * as Plot from '@observablehq/plot';
import type { RegimeProbes } from '../../../theory/index.js';
import { colour } from '../../palette.js';
import { fixedPoint, zip } from './curve.js';
import { drawFrame, type Size } from './frame.js';
import { type Area, klLines } from './klContours.js';

type Drawn = Size & { readonly svg: string };

/** One area for all regimes, so that their panels compare: all points, and (0, 1). */
const areaOf = (probes: readonly RegimeProbes[]): Area => {
  const paths = probes.flatMap((each) => each.paths);
  const mu = Math.max(1, ...paths.flatMap((path) => path.mu.map(Math.abs))) * 1.05;
  const sigma = Math.max(1.2, ...paths.flatMap((path) => path.sigma)) * 1.05;
  return { mu: [-mu, mu], sigma: [0, sigma] };
};

const panelOf = ({ label, colour: regime, paths }: RegimeProbes, area: Area, size: Size): Drawn => {
  const stroke = colour(regime);
  const ends = paths.map(({ mu, sigma }) => [mu.at(-1)!, sigma.at(-1)!] as const);
  const svg = drawFrame({
    ...size,
    x: { label: 'μ', domain: area.mu },
    y: { label: `${label}: σ over μ`, domain: area.sigma },
    grid: false,
    labelColour: stroke,
    marks: [
      ...klLines(),
      ...paths.map(({ mu, sigma }) =>
        Plot.line(zip(mu, sigma), { stroke, strokeOpacity: 0.4, strokeWidth: 1, clip: true }),
      ),
      Plot.dot(ends, { r: 2.5, fill: stroke, fillOpacity: 0.85 }),
      fixedPoint([0, 1], 5, 'none'),
    ],
  });
  return { ...size, svg };
};

/** Rows of panels of measured paths, one panel a regime: two or three a row on a wide page, one on a narrow. */
export const probePanels = (probes: readonly RegimeProbes[]): { wide: Drawn[][]; narrow: Drawn[][] } => {
  const area = areaOf(probes);
  const inRow = probes.length === 2 || probes.length === 4 ? 2 : 3;
  const width = inRow === 2 ? 468 : 304;
  const wide: Drawn[][] = [];
  for (let i = 0; i < probes.length; i += inRow) {
    wide.push(probes.slice(i, i + inRow).map((each) => panelOf(each, area, { width, height: 240 })));
  }
  return { wide, narrow: probes.map((each) => [panelOf(each, area, { width: 348, height: 240 })]) };
};
