import type { Interval } from '../../../latent/numbers/index.js';
import { short, withInterval } from '../../../latent/numbers/index.js';
import type { RegimeName } from '../../../vae/training/index.js';
import type { Study } from '../../studies/study.js';
import { finalOf, type Series, seriesOf, type TracePoint, trace } from '../series.js';
import { binarisationNames, isTrained, listed, regimeNames, type ScoreWords, scoreWords } from '../words.js';
import type { Figure, Sheet } from './figure.js';
import { notes } from './notes.js';
import { drawPanel, type Line, type Panel } from './panel.js';
import { scoreFigure } from './scoreFigure.js';

const name = 'decoder-score';
const title = 'Does the decoder need an encoder that learns with it?';

/** In the separate regime the decoder waits for the first half of the epochs. */
export const decoderStart = (series: readonly Series[]): number | undefined => {
  const run = series.find((each) => each.regime === 'separate')?.runs[0];
  return run ? run.epochs / 2 : undefined;
};

/**
 * The range where decoders that learn end, and a quarter of it on the side they come from. The untrained decoder, far
 * off, would press all of them into one line.
 */
const scoreDomain = (traces: readonly (readonly TracePoint[])[]): [number, number] => {
  const ends = traces.flatMap((points) => points.at(-1)?.value ?? []).filter(Number.isFinite);
  if (ends.length === 0) return [0, 1];
  const low = Math.min(...ends);
  const high = Math.max(...ends);
  const span = Math.max(high - low, 0.1 * Math.abs(high), 1);
  const starts = traces.flatMap((points) => points[0]?.value ?? []);
  const fromBelow = starts.length === 0 || Math.min(...starts) < low;
  return fromBelow ? [low - 0.25 * span, high + 0.06 * span] : [low - 0.06 * span, high + 0.25 * span];
};

/** The decoder's score over training for every regime that trains a decoder. Linear axes, nats per image. */
export const decoderScore = (study: Study): Figure => {
  const words = scoreWords(study.data.binarisation);
  const series = seriesOf(study)
    .filter((each) => each.all.every((run) => isTrained(run, 'decoder')))
    .filter((each) => each.runs.length > 0);
  const traces = series.map((each) => trace(each, 'score', words.sign));
  const start = decoderStart(series);
  const separate = series.find((each) => each.regime === 'separate');

  const sheet = (size: Pick<Panel, 'width' | 'height' | 'marginRight'>, named: boolean): Sheet => {
    const lines = series.map((each, i): Line => {
      const value = short(finalOf(each, 'score', words.sign)?.value ?? Number.NaN);
      return { series: each, trace: traces[i]!, end: named ? `${each.label}  ${value}` : value };
    });
    const svg = drawPanel({
      ...size,
      yLabel: `${words.score[0]!.toUpperCase()}${words.score.slice(1)} (nats per image)`,
      yType: 'linear',
      yDomain: scoreDomain(traces),
      lines,
      ...(separate && start !== undefined
        ? { moment: { epoch: start, text: 'separate: the decoder starts', colour: separate.colour } }
        : {}),
    });
    return { width: size.width, height: size.height, panels: [{ svg, x: 0, y: 0 }] };
  };
  const wide = sheet({ width: 960, height: 420, marginRight: 226 }, true);
  const narrow = sheet({ width: 348, height: 320, marginRight: 66 }, false);

  const ends = series.map((each) => `${each.label} ${short(finalOf(each, 'score', words.sign)?.value ?? Number.NaN)}`);
  const description =
    `Line chart of the ${words.score} in nats per image over ${study.epochs} epochs; at the end: ${listed(ends)}.` +
    (start === undefined
      ? ''
      : ` A mark at epoch ${short(start)} shows where the decoder of separate starts to learn.`);
  return scoreFigure({
    name,
    title,
    answer: answer(study, series, words),
    reading: reading(study, series, words),
    description,
    series,
    traces,
    words,
    wide,
    narrow,
  });
};

/** The untrained decoder's value, from the first evaluation of a run that starts at step 0. */
const untrainedScore = (study: Study, sign: 1 | -1): number | undefined => {
  const point = study.runs.flatMap((run) => run.curve[0] ?? []).find((first) => first.step === 0);
  return point && sign * point.score.value;
};

/** `−5.7`, or `−14.7 to −1.5` over several series. */
const rangeOf = (values: readonly number[]): string => {
  const ends = [
    ...new Set([Math.min(...values), Math.max(...values)].map((nats) => `${nats > 0 ? '+' : ''}${short(nats)}`)),
  ];
  return ends.join(' to ');
};

const answer = (study: Study, series: readonly Series[], words: ScoreWords): string => {
  const final = (each: Series): Interval => finalOf(each, 'score', words.sign)!;
  const told = series.map((each) => `${withInterval(final(each))} for ${each.label}`);
  const random = series.find((each) => each.regime === 'random-z');
  const gains = (...regimes: RegimeName[]): number[] =>
    series
      .filter((each) => random && regimes.includes(each.regime))
      .map((each) => words.sign * (final(each).value - final(random!).value));
  const alone = gains('separate', 'tandem');
  const joint = gains('joint');
  return [
    alone.length > 0 && joint.length > 0
      ? `Against random z, codes that serve the KL alone are worth ${rangeOf(alone)} nats per image, jointly trained codes ${rangeOf(joint)}.`
      : '',
    `The ${words.score} ends at ${listed(told)}; images ${binarisationNames[study.data.binarisation]}` +
      `${words.sign === -1 ? ', less is better' : ''}.`,
  ]
    .filter((sentence) => sentence !== '')
    .join(' ');
};

const reading = (study: Study, series: readonly Series[], words: ScoreWords): string => {
  const untrained = untrainedScore(study, words.sign);
  const [low, high] = scoreDomain(series.map((each) => trace(each, 'score', words.sign)));
  const off = untrained !== undefined && (untrained < low ? 'below' : untrained > high ? 'above' : undefined);
  const left = seriesOf(study).filter((each) => each.all.some((run) => !isTrained(run, 'decoder')));
  return [
    off ? `An untrained decoder stands at ${short(untrained)}, ${off} the frame: all lines come from there.` : '',
    left.length > 0
      ? `Left out: ${listed([...new Set(left.map((each) => regimeNames[each.regime]))])}, whose decoder is not trained.`
      : '',
    ...notes(study, series),
  ]
    .filter((sentence) => sentence !== '')
    .join(' ');
};
