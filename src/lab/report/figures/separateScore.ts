import { short, tick, withInterval } from '../../../latent/numbers/index.js';
import { above, arm, difference } from '../../studies/claims/evidence.js';
import type { Study } from '../../studies/study.js';
import { finalOf, type Series, seriesOf, type TracePoint, trace } from '../series.js';
import { klNames, listed, type ScoreWords, scoreWords } from '../words.js';
import { decoderStart } from './decoderScore.js';
import type { Figure, Sheet } from './figure.js';
import { notes } from './notes.js';
import { drawPanel, type Line, type Panel } from './panel.js';
import { scoreFigure } from './scoreFigure.js';

const name = 'decoder-score-separate';
const title = 'Can a decoder learn from codes that serve the KL alone?';
/** The close view begins at this share of the epochs: the decoder has learned for a while. */
const CLOSE = 0.6;

const wholeDomain = (traces: readonly (readonly TracePoint[])[]): [number, number] => {
  const values = traces.flatMap((points) => points.map(({ value }) => value)).filter(Number.isFinite);
  if (values.length === 0) return [0, 1];
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const air = 0.05 * Math.max(high - low, 1);
  return [low - air, high + air];
};

/** The range of all bands late in training. */
const closeDomain = (traces: readonly (readonly TracePoint[])[], epochs: number): [number, number] => {
  const late = traces.flatMap((points) => points.filter(({ epoch }) => epoch >= CLOSE * epochs));
  return wholeDomain([
    late.flatMap((point) => [point, { ...point, value: point.low }, { ...point, value: point.high }]),
  ]);
};

/**
 * The decoder's score over training in the separate regime, with random z beside it: whole, and close. Linear axes, nats per
 * image.
 */
export const separateScore = (study: Study): Figure => {
  const words = scoreWords(study.data.binarisation);
  const series = seriesOf(study).filter(
    ({ regime, runs }) => (regime === 'separate' || regime === 'random-z') && runs.length > 0,
  );
  const traces = series.map((each) => trace(each, 'score', words.sign));
  const start = decoderStart(series);
  const separate = series.find(({ regime }) => regime === 'separate');

  const panel = (
    size: Pick<Panel, 'width' | 'height' | 'marginRight'>,
    view: { yLabel: string; yDomain: [number, number]; named: boolean; moment: boolean },
  ) => {
    const lines = series.map((each, i): Line => {
      const final = finalOf(each, 'score', words.sign);
      const value = short(final?.value ?? Number.NaN);
      const full = final ? withInterval(final) : value;
      return { series: each, trace: traces[i]!, end: view.named ? `${each.label}  ${full}` : value };
    });
    const svg = drawPanel({
      ...size,
      yLabel: view.yLabel,
      yType: 'linear',
      yDomain: view.yDomain,
      lines,
      ...(view.moment && separate && start !== undefined
        ? { moment: { epoch: start, text: '\u00a0\u00a0\u00a0the decoder starts', colour: separate.colour } }
        : {}),
    });
    return { svg, ...size };
  };
  const label = `${words.score[0]!.toUpperCase()}${words.score.slice(1)} (nats per image)`;
  const whole = { yLabel: label, yDomain: wholeDomain(traces), named: false, moment: true };
  const close = {
    yLabel: 'The same, close (nats per image)',
    yDomain: closeDomain(traces, study.epochs),
    moment: false,
  };
  const wide: Sheet = {
    width: 960,
    height: 330,
    panels: [
      { ...panel({ width: 376, height: 330, marginRight: 66 }, whole), x: 0, y: 0 },
      { ...panel({ width: 560, height: 330, marginRight: 256 }, { ...close, named: true }), x: 400, y: 0 },
    ],
  };
  const phone = { width: 348, height: 280, marginRight: 66 };
  const narrow: Sheet = {
    width: 348,
    height: 584,
    panels: [
      { ...panel(phone, whole), x: 0, y: 0 },
      { ...panel(phone, { ...close, named: false }), x: 0, y: 304 },
    ],
  };
  const ends = series.map((each) => `${each.label} ${short(finalOf(each, 'score', words.sign)?.value ?? Number.NaN)}`);
  const description =
    `Line charts of the ${words.score} in nats per image over ${study.epochs} epochs, on the left from the untrained decoder on, on the right ` +
    `close to the end. At the end: ${listed(ends)}.`;
  return scoreFigure({
    name,
    title,
    answer: answer(study, series, words),
    reading: reading(study, series, start),
    description,
    series,
    traces,
    words,
    wide,
    narrow,
  });
};

const answer = (study: Study, series: readonly Series[], words: ScoreWords): string => {
  const finals = series.flatMap((each) => {
    const final = finalOf(each, 'score', words.sign);
    return final ? [`${withInterval(final)} for ${each.label}`] : [];
  });
  const scoreArm = (regime: 'separate' | 'random-z', kl: Series['kl']) =>
    arm(study, regime, kl, (run) => run.final?.score);
  const gains = series
    .filter(({ regime }) => regime === 'separate')
    .flatMap(({ kl }) => {
      const gain = difference(scoreArm('separate', kl), scoreArm('random-z', kl));
      return gain ? [{ kl, gain }] : [];
    });
  if (finals.length === 0) return 'There is no measured run of separate training.';
  const learned = gains.some(({ gain }) => above(gain) === 'holds');
  const worth = listed(gains.map(({ kl, gain }) => `${withInterval(gain)} (${klNames[kl]})`));
  return [
    gains.length > 0
      ? `${learned ? 'A little' : 'Nothing that can be told'}: against random z such codes are worth ${worth} nats per image.`
      : '',
    `The ${words.score} ends at ${listed(finals)}${words.sign === -1 ? '; less is better' : ''}.`,
  ]
    .filter((sentence) => sentence !== '')
    .join(' ');
};

const reading = (study: Study, series: readonly Series[], start: number | undefined): string =>
  [
    start === undefined
      ? ''
      : `The encoder learns the KL alone up to epoch ${tick(start)}; then it is frozen and the decoder learns on its codes.`,
    ...notes(study, series),
    'Both were measured on the same test images: the difference is known better than the bands suggest.',
  ]
    .filter((sentence) => sentence !== '')
    .join(' ');
