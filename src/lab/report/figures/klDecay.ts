import { band, integer, interval, short, withInterval } from '../../../latent/numbers/index.js';
import type { Study } from '../../studies/study.js';
import { csv } from '../csv.js';
import { colour } from '../palette.js';
import { finalOf, type Quantity, type Series, seriesOf, type TracePoint, trace } from '../series.js';
import { listed } from '../words.js';
import { type Figure, inlineSheet, type Sheet, standaloneSheet } from './figure.js';
import { notes } from './notes.js';
import { drawPanel, type Line, type Panel } from './panel.js';

const floorId = 'normal';
const floorLabel = 'N(0, I) draws';
const name = 'kl-decay';
const title = 'How close do the codes come to N(0, I)?';

/** Encoders that learn from a KL with x before them; those of separate and tandem repeat the encoder-only runs. */
const inFigure = (series: Series): boolean => series.regime === 'joint' || series.regime === 'encoder-only';

interface View {
  readonly quantity: Quantity;
  readonly yLabel: string;
  readonly withFloor: boolean;
}

/** The positive values' range on a log axis with a little air; the floor is always inside. */
const logDomain = (traces: readonly (readonly TracePoint[])[], also: readonly number[]): [number, number] => {
  const values = [...traces.flatMap((points) => points.map((point) => point.value)), ...also].filter((v) => v > 0);
  if (values.length === 0) return [0.1, 10];
  const low = Math.min(...values);
  const high = Math.max(...values);
  const air = Math.max((high / low) ** 0.06, 1.12);
  return [low / air, high * air];
};

/**
 * (a) Moment-matched KL of batches of draws against the finite-sample value of true N(0, I) draws, all on one
 * scale; (b) the mean rate; (c) the moment-matched KL by total covariance. Logarithmic axes, nats per image.
 */
export const klDecay = (study: Study): Figure => {
  const series = seriesOf(study).filter((each) => inFigure(each) && each.runs.length > 0);
  const floor = study.floor.momentKlDraws;
  const level = { id: floorId, ...band([floor]) };
  const batch = integer(study.floor.batch);
  const views: readonly View[] = [
    { quantity: 'momentKlDraws', yLabel: `Moment KL of ${batch} draws (nats per image)`, withFloor: true },
    { quantity: 'rate', yLabel: 'Mean rate (nats per image)', withFloor: false },
    { quantity: 'momentKl', yLabel: 'Moment KL by total covariance (nats per image)', withFloor: false },
  ];

  const panel = (view: View, size: Pick<Panel, 'width' | 'height' | 'marginRight'>, named: boolean): string => {
    const traces = series.map((each) => trace(each, view.quantity));
    const lines = series.map((each, i): Line => {
      const value = short(finalOf(each, view.quantity)?.value ?? Number.NaN);
      return { series: each, trace: traces[i]!, end: named ? `${each.label}  ${value}` : value };
    });
    const shownFloor = { ...level, end: named ? `${floorLabel}  ${short(floor.value)}` : short(floor.value) };
    return drawPanel({
      ...size,
      yLabel: view.yLabel,
      yType: 'log',
      yDomain: logDomain(traces, view.withFloor ? [floor.value] : []),
      lines,
      ...(view.withFloor ? { level: shownFloor } : {}),
    });
  };

  const small = { width: 468, height: 250, marginRight: 76 };
  const wide: Sheet = {
    width: 960,
    height: 680,
    panels: [
      { svg: panel(views[0]!, { width: 960, height: 400, marginRight: 226 }, true), x: 0, y: 0 },
      { svg: panel(views[1]!, small, false), x: 0, y: 430 },
      { svg: panel(views[2]!, small, false), x: 492, y: 430 },
    ],
  };
  const phone = { width: 348, height: 260, marginRight: 70 };
  const narrow: Sheet = {
    width: 348,
    height: 820,
    panels: views.map((view, i) => ({ svg: panel(view, phone, false), x: 0, y: 280 * i })),
  };

  const drawn = series.map((each) => `${each.label} ${short(finalOf(each, 'momentKlDraws')?.value ?? Number.NaN)}`);
  const description =
    `Line chart over ${study.epochs} epochs, logarithmic axes in nats per image. Moment-matched KL of batches of ` +
    `${batch} draws at the end: ${listed([...drawn, `${floorLabel} ${short(floor.value)}`])}. Below it the mean rate ` +
    'and the moment-matched KL by total covariance of the same runs.';
  return {
    name,
    title,
    answer: answer(study, series),
    reading: reading(study, series),
    description,
    csv: dataOf(study, series, views),
    wide: inlineSheet(`${name}-wide`, title, description, wide),
    narrow: inlineSheet(`${name}-narrow`, title, description, narrow),
    legend: [
      ...series.map(({ id, label, colour: stroke, dashed }) => ({
        id,
        label,
        colour: stroke,
        stroke: dashed ? ('dashed' as const) : ('solid' as const),
      })),
      { id: floorId, label: floorLabel, colour: colour('normal'), stroke: 'dotted' },
    ],
    svg: (theme) => standaloneSheet(name, title, description, wide, theme),
  };
};

const told = (series: readonly Series[], quantity: Quantity): string =>
  listed(
    series.flatMap((each) => {
      const value = finalOf(each, quantity);
      return value ? [`${withInterval(value)} for ${each.label}`] : [];
    }),
  );

const answer = (study: Study, series: readonly Series[]): string =>
  `Batches of ${integer(study.floor.batch)} codes end at ${told(series, 'momentKlDraws')}; as many true N(0, I) draws ` +
  `read ${withInterval(interval([study.floor.momentKlDraws]))}. The mean rate ends at ${told(series, 'rate')}: ` +
  'on average a code says no more than that about its image.';

const reading = (study: Study, series: readonly Series[]): string =>
  [
    `The dotted line is the floor: in ${integer(study.floor.latents)} dimensions even perfect codes read it at this batch size.`,
    'The moment KL by total covariance is computed from (μ, σ) without draws; there N(0, I) for every image would read 0.',
    seriesOf(study).some((each) => !inFigure(each))
      ? 'Left out: separate and tandem, whose encoders learn as in encoder-only, and random z, whose encoder is not trained.'
      : '',
    ...notes(study, series),
  ]
    .filter((sentence) => sentence !== '')
    .join(' ');

const dataOf = (study: Study, series: readonly Series[], views: readonly View[]): string => {
  const floor = band([study.floor.momentKlDraws]);
  return csv(
    ['quantity', 'series', 'epoch', 'value', 'low', 'high'],
    [
      ...views.flatMap(({ quantity }) =>
        series.flatMap((each) =>
          trace(each, quantity).map(({ epoch, value, low, high }) => [quantity, each.label, epoch, value, low, high]),
        ),
      ),
      ...[0, study.epochs].map((epoch) => ['momentKlDraws', floorLabel, epoch, floor.value, floor.low, floor.high]),
    ],
  );
};
