import * as Plot from '@observablehq/plot';
import type { Interval } from '../../../latent/numbers/index.js';
import { integer, short, withInterval } from '../../../latent/numbers/index.js';
import type { Estimate, Study } from '../../studies/study.js';
import {
  type ControlledSeries,
  controlledSeries,
  imageMeasure,
  overRuns,
  SOURCES,
  type Source,
  sourceColour,
  sourceNames,
} from '../controlled.js';
import { csv } from '../csv.js';
import { colour } from '../palette.js';
import { listed, regimeNames, scoreWords } from '../words.js';
import type { Figure } from './figure.js';
import { legendPanel } from './legendPanel.js';
import { assemble, rounded, rowsOf } from './theory/assemble.js';
import type { Layer } from './theory/curve.js';
import { drawFrame, note, type Size } from './theory/frame.js';

const name = 'repair';
export const controlsTitle = 'Does z from the measured q(z) give better images than N(0, I)?';

const SYMBOLS: Readonly<Record<Source, Plot.SymbolType>> = { posterior: 'square', fitted: 'diamond', prior: 'circle' };
const LAYERS: readonly Layer[] = SOURCES.map((source) => ({
  id: source === 'prior' ? 'normal' : `z-${source}`,
  label: sourceNames[source],
  colour: sourceColour(source),
}));
const layerOf = (source: Source): Layer => LAYERS[SOURCES.indexOf(source)]!;

interface Mark extends Interval {
  readonly row: number;
  readonly source: Source;
  /** Of each seed. */
  readonly each: readonly number[];
}

interface Row {
  readonly label: string;
  readonly id: string;
  readonly colour: string;
  readonly marks: readonly Mark[];
}

const markOf = (
  { runs }: ControlledSeries,
  row: number,
  source: Source,
  of: Parameters<typeof overRuns>[1],
): Mark[] => {
  const found = overRuns(runs, of);
  return found ? [{ ...found, row, source, each: runs.flatMap(({ controls }) => of(controls)?.value ?? []) }] : [];
};

/** A row a series: its name over its marks, one colour and form a source of z. */
const panel = (
  rows: readonly Row[],
  size: Size,
  label: string,
  x: { domain: [number, number]; type?: 'log' },
): string => {
  const marks = rows.flatMap((row) => row.marks);
  const low = ({ value, half }: Interval): number => Math.max(x.domain[0], value - half);
  const places = { y: 'row', clip: true } as const;
  return drawFrame({
    ...size,
    grid: false,
    x: { label: '', ...x },
    y: { label, domain: [rows.length - 0.55, -0.75], ticks: [] },
    marks: [
      Plot.ruleY(
        rows.map((_, row) => ({ row })),
        { y: 'row', stroke: colour('line') },
      ),
      ...SOURCES.flatMap((source) => {
        const own = marks.filter((mark) => mark.source === source);
        const { id, colour: stroke } = layerOf(source);
        const className = `s s-${id}`;
        const seeds = own.flatMap(({ row, each }) => (each.length > 1 ? each.map((value) => ({ row, value })) : []));
        return [
          Plot.ruleY(own, {
            ...places,
            x1: low,
            x2: ({ value, half }: Mark) => value + half,
            stroke,
            strokeWidth: 2,
            className,
          }),
          Plot.dot(seeds, { ...places, x: 'value', r: 2.5, fill: stroke, fillOpacity: 0.5, className }),
          Plot.dot(own, {
            ...places,
            x: 'value',
            r: 5.5,
            symbol: SYMBOLS[source],
            fill: source === 'posterior' ? colour('ground') : stroke,
            stroke,
            strokeWidth: 2,
            className,
          }),
        ];
      }),
      ...rows.map((row, i) => note([x.domain[0], i], row.label, row.colour, { dx: 2, dy: -15, size: 12.5 }, row.id)),
    ],
  });
};

const distanceRows = (all: readonly ControlledSeries[]): Row[] =>
  all.map((each, row) => {
    const marks = SOURCES.flatMap((source) => markOf(each, row, source, imageMeasure(source, 'frechet')));
    return { ...keyOf(each), label: each.series.label, marks };
  });

const gainRows = (all: readonly ControlledSeries[]): Row[] =>
  all.map((each, row) => {
    const marks = markOf(each, row, 'fitted', ({ fitted }) => fitted?.gain);
    const told = marks[0] ? withInterval(marks[0]) : 'nothing to gain';
    return { ...keyOf(each), label: `${each.series.label}  ${told}`, marks };
  });

const keyOf = ({ series }: ControlledSeries) => ({ id: series.id, colour: series.colour });

/** From a little below the least to a little above the most, with the intervals. */
const logDomain = (rows: readonly Row[]): [number, number] => {
  const marks = rows.flatMap((row) => row.marks).filter(({ value }) => value > 0);
  const least = Math.min(...marks.map(({ value, half }) => (value > half ? value - half : value)));
  return [0.7 * least, 1.3 * Math.max(...marks.map(({ value, half }) => value + half))];
};

const gainDomain = (rows: readonly Row[]): [number, number] => {
  const ends = rows.flatMap((row) => row.marks.flatMap(({ value, half }) => [value - half, value + half]));
  return [Math.min(0, ...ends) - 0.02, 1.1 * Math.max(0.1, ...ends)];
};

/**
 * The Fréchet distance of decoded draws to held-out images for z of three sources, and the nats that the fitted source
 * gains over N(0, I), for every regime with a decoder. Undefined where none was measured.
 */
export const controlsFigure = (study: Study): Figure | undefined => {
  const drawn = controlledSeries(study).filter(({ runs }) => runs.some(({ controls }) => controls.prior.images));
  if (drawn.length === 0) return undefined;
  const words = scoreWords(study.data.binarisation);
  const [distances, gains] = [distanceRows(drawn), gainRows(drawn)];
  const distance = study.extractor?.distance ?? 'Fréchet distance';
  const height = 70 + 46 * drawn.length;
  const left = (size: Size) => ({
    ...size,
    svg: panel(distances, size, `${distance[0]!.toUpperCase()}${distance.slice(1)}  (units² of the features)`, {
      domain: logDomain(distances),
      type: 'log',
    }),
  });
  const right = (size: Size) => ({
    ...size,
    svg: panel(gains, size, `${words.elbo} over N(0, I)  (nats per image)`, { domain: gainDomain(gains) }),
  });
  return assemble({
    name,
    title: controlsTitle,
    answer: answer(drawn, words.elbo),
    reading: reading(study, drawn),
    description: description(drawn, distance),
    csv: dataOf(study),
    layers: LAYERS,
    wide: rowsOf(960, [[legendPanel(LAYERS, 960)], [left({ width: 580, height }), right({ width: 350, height })]]),
    narrow: rowsOf(348, [[left({ width: 348, height })], [right({ width: 348, height })]]),
  });
};

const distanceText = ({ runs }: ControlledSeries): string =>
  SOURCES.flatMap((source) => {
    const found = overRuns(runs, imageMeasure(source, 'frechet'));
    return found ? [`${short(found.value)} with ${sourceNames[source]}`] : [];
  }).join(', ');

const description = (drawn: readonly ControlledSeries[], distance: string): string =>
  `Dots on lines, one line a regime: the ${distance} of decoded images to test images. ${drawn
    .map((each) => `${each.series.label}: ${distanceText(each)}`)
    .join('; ')}.`;

const answer = (drawn: readonly ControlledSeries[], elbo: string): string => {
  const fitted = drawn.filter(({ runs }) => runs.every(({ controls }) => controls.fitted));
  const gains = fitted.map((each) => {
    const gain = overRuns(each.runs, (controls) => controls.fitted?.gain)!;
    return `${withInterval(gain)} nats of ${elbo} for ${each.series.label}`;
  });
  const distances = (source: Source): string =>
    listed(fitted.map(({ runs }) => short(overRuns(runs, imageMeasure(source, 'frechet'))?.value ?? Number.NaN)));
  const left = drawn.filter((each) => !fitted.includes(each)).map(({ series }) => regimeNames[series.regime]);
  return [
    gains.length > 0
      ? `A q(z) fitted to the codes gains ${listed(gains)}. The distance goes from ${distances('prior')} with N(0, I) to ${distances('fitted')}; codes of held-out images have ${distances('posterior')}.`
      : '',
    left.length > 0 ? `For ${listed([...new Set(left)])} no fitted q(z) is better than N(0, I).` : '',
  ]
    .filter((sentence) => sentence !== '')
    .join(' ');
};

const reading = (study: Study, drawn: readonly ControlledSeries[]): string => {
  const { controls } = drawn[0]!.runs[0]!;
  const seeds = Math.max(...drawn.map(({ runs }) => runs.length));
  const bars =
    seeds > 1
      ? `Small dots are seeds, bars 95% intervals over ${seeds} of them.`
      : 'Bars are 95% intervals (jackknife of the distance).';
  const { extractor } = study;
  const features = extractor ? ` Features: ${extractor.name} (hash ${extractor.hash}), one for all runs.` : '';
  return (
    `Less distance is better. Squares: posteriors of held-out images, the best that any z can do; diamonds: the distribution fitted to ` +
    `${integer(controls.fittedTo)} training codes that describes held-out codes best; dots: N(0, I). ${integer(controls.draws)} draws of each, as many ` +
    `test images. ${bars}${features}`
  );
};

const cells = (estimate: Estimate | undefined): (number | string)[] =>
  estimate ? [rounded(estimate.value), rounded(estimate.se)] : ['', ''];

const MEASURES = ['frechet', 'kernelDistance', 'precision', 'recall', 'density', 'coverage'] as const;

/** A line for each source of z of each run. */
const dataOf = (study: Study): string =>
  csv(
    ['run', 'z', 'sampler', 'draws', ...[...MEASURES, 'holeMass', 'gain'].flatMap((each) => [each, `${each}_se`])],
    controlledSeries(study).flatMap(({ runs }) =>
      runs.flatMap(({ name: run, controls }) =>
        SOURCES.filter((source) => controls[source] !== undefined).map((source) => [
          run,
          source,
          source === 'fitted' ? controls.fitted!.name : '',
          controls.draws,
          ...MEASURES.flatMap((measure) => cells(imageMeasure(source, measure)(controls))),
          ...cells(source === 'posterior' ? undefined : controls[source]?.holeMass),
          ...cells(source === 'fitted' ? controls.fitted?.gain : undefined),
        ]),
      ),
    ),
  );
