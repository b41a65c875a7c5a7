import { percent } from '../../../../latent/audit/reading/index.js';
import { integer, short } from '../../../../latent/numbers/index.js';
import type { RepairResult, SamplerMeasures } from '../../../../latent/repair/index.js';
import { auditFigure, type Drawn, HOLES } from '../../audit/drawing.js';
import { csv } from '../../csv.js';
import type { Figure } from '../../figures/index.js';
import { legendPanel } from '../../figures/legendPanel.js';
import { rowsOf } from '../../figures/theory/assemble.js';
import { type DotAxis, dotRows } from '../dotRows.js';
import { chosenOf, priorOf } from '../words.js';
import { CONTROL, measuredBy, rowOf } from './samplerRow.js';

const name = 'repair-quality';
const title = 'Do draws lie where codes lie, and look like images?';
const ascending = (a: number, b: number): number => a - b;

/** Hole mass of every sampler, with what certifies. */
const holes = (result: RepairResult): ((width: number) => Drawn) | undefined => {
  const found = measuredBy(result, ({ holeMass }) => holeMass, ascending);
  if (found.length === 0) return undefined;
  const rows = found.map(({ sampler, measured }) => rowOf(sampler, measured, result));
  const level = { ...limit(result), value: 2 * result.alpha };
  const axis: DotAxis = { label: 'hole mass  (share of draws, logarithmic)', type: 'log', levels: [level] };
  return (width) => dotRows(rows, axis, width);
};

const limit = ({ alpha }: RepairResult) =>
  ({ ...HOLES, id: 'limit', label: `2α = ${percent(2 * alpha)}: the most that is certified`, dash: 'dotted' }) as const;

/** Distances of decoded draws to held-out images, with that of decoded codes. */
const distances = (result: RepairResult): ((width: number) => Drawn) | undefined => {
  const found = measuredBy(result, ({ frechet }) => frechet, ascending);
  if (found.length === 0) return undefined;
  const rows = found.map(({ sampler, measured }) => rowOf(sampler, measured, result));
  const { posterior, extractor } = result;
  const levels = posterior ? [{ ...CONTROL, value: posterior.frechet.value }] : [];
  const axis: DotAxis = { label: `${extractor?.distance ?? 'Fréchet distance'}  (logarithmic)`, type: 'log', levels };
  return (width) => dotRows(rows, axis, width);
};

const times = (a: number, b: number): string => `${short(a / b)} times`;

const answer = (result: RepairResult): string => {
  const [prior, chosen] = [priorOf(result), chosenOf(result)];
  const stays = chosen === prior;
  const { posterior, attribution } = result;
  const mass =
    prior.holeMass && chosen.holeMass
      ? stays
        ? `${percent(prior.holeMass.value)} of N(0, I) lies in holes.`
        : `${percent(prior.holeMass.value)} of N(0, I) lies in holes, of ${chosen.name} ${percent(chosen.holeMass.value)}.`
      : '';
  const near =
    prior.frechet && chosen.frechet
      ? stays
        ? ` Images decoded from N(0, I) are ${short(prior.frechet.value)} from held-out ones`
        : ` The distance of images falls from ${short(prior.frechet.value)} to ${short(chosen.frechet.value)}`
      : '';
  const against =
    near && posterior && chosen.frechet && posterior.frechet.value > 0
      ? `; ${stays ? 'this' : 'that'} is ${times(chosen.frechet.value, posterior.frechet.value)} the ${short(posterior.frechet.value)} of decoded codes, which no sampler can be expected to pass.`
      : near && '.';
  return `${mass}${near}${against}${attribution ? ` ${attribution.text}` : ''}`.trim();
};

const dataOf = ({ samplers, posterior }: RepairResult): string => {
  const rows: readonly (SamplerMeasures & { readonly family: string })[] = [
    ...samplers,
    ...(posterior ? [{ family: 'posterior control', ...posterior }] : []),
  ];
  const shares = ['precision', 'recall', 'density', 'coverage', 'c2st'] as const;
  return csv(
    ['sampler', 'hole_mass', 'hole_mass_low', 'hole_mass_high', 'frechet', 'frechet_se', ...shares],
    rows.map(({ family, holeMass, frechet, ...rest }) => [
      family,
      ...[holeMass?.value, ...(holeMass?.interval ?? [undefined, undefined]), frechet?.value, frechet?.se].map(cell),
      ...shares.map((share) => cell(rest[share]?.value)),
    ]),
  );
};

const cell = (value: number | undefined): number | string => value ?? '';

/** Hole mass and Fréchet distance of every sampler, beside the decoder's control; undefined where neither was measured. */
export const qualityFigure = (result: RepairResult): Figure | undefined => {
  const panels = [holes(result), distances(result)].flatMap((panel) => (panel ? [panel] : []));
  if (panels.length === 0) return undefined;
  const layers = [
    ...(result.samplers.some(({ holeMass }) => holeMass) ? [limit(result)] : []),
    ...(result.posterior ? [CONTROL] : []),
  ];
  const { extractor, draws, codes } = result;
  const features = extractor ? ` Features: ${extractor.name} (${extractor.hash}).` : '';
  const wide = panels.length === 2 ? 456 : 960;
  return auditFigure({
    name,
    title,
    answer: answer(result),
    reading: `${integer(draws)} draws of each sampler from the noise of one seed, against ${integer(codes.test.n)} held-out codes${extractor ? ' and their images' : ''}; a draw is in a hole when it looks less like a code than all but ${percent(result.alpha)} of held-out codes do. Bars are 95% intervals; open dots replay training codes.${features}`,
    description: `Rows of samplers, the nearest first: ${result.samplers
      .map(({ family, holeMass, frechet }) =>
        [
          family,
          ...(holeMass ? [`hole mass ${short(holeMass.value)}`] : []),
          ...(frechet ? [`distance ${short(frechet.value)}`] : []),
        ].join(' '),
      )
      .join('; ')}.`,
    csv: dataOf(result),
    layers,
    wide: rowsOf(960, [...(layers.length > 0 ? [[legendPanel(layers, 960)]] : []), panels.map((panel) => panel(wide))]),
    narrow: rowsOf(
      348,
      panels.map((panel) => [panel(348)]),
    ),
  });
};
