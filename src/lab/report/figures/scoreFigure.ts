import { csv } from '../csv.js';
import type { Series, TracePoint } from '../series.js';
import type { ScoreWords } from '../words.js';
import { type Figure, inlineSheet, type Sheet, standaloneSheet } from './figure.js';

/** What a figure of decoder scores says and draws. */
export interface ScoreParts extends Pick<Figure, 'name' | 'title' | 'answer' | 'reading' | 'description'> {
  readonly series: readonly Series[];
  /** As many as the series. */
  readonly traces: readonly (readonly TracePoint[])[];
  readonly words: ScoreWords;
  readonly wide: Sheet;
  readonly narrow: Sheet;
}

/** A figure of the decoder's score over training: its data are every trace, point by point. */
export const scoreFigure = ({ series, traces, words, wide, narrow, ...said }: ScoreParts): Figure => ({
  ...said,
  csv: csv(
    ['quantity', 'series', 'epoch', 'value', 'low', 'high'],
    series.flatMap((each, i) =>
      traces[i]!.map(({ epoch, value, low, high }) => [words.score, each.label, epoch, value, low, high]),
    ),
  ),
  wide: inlineSheet(`${said.name}-wide`, said.title, said.description, wide),
  narrow: inlineSheet(`${said.name}-narrow`, said.title, said.description, narrow),
  legend: series.map(({ id, label, colour, dashed }) => ({ id, label, colour, stroke: dashed ? 'dashed' : 'solid' })),
  svg: (theme) => standaloneSheet(said.name, said.title, said.description, wide, theme),
});
