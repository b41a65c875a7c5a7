import { integer, withInterval } from '../../../latent/numbers/index.js';
import type { KlEstimator, RegimeName } from '../../../vae/training/index.js';
import { type Arm, above, arm, difference, type Evidence, type Level, level } from '../../studies/claims/evidence.js';
import type { Estimate, ImageGrid, RunResult, Study } from '../../studies/study.js';
import { csv } from '../csv.js';
import { imageSheet } from '../figures/imageSheet.js';
import { html, type Markup, textUri } from '../html.js';
import type { Picture, pictureTaker } from '../picture.js';
import { type Series, seriesOf } from '../series.js';
import { listed, type ScoreWords, scoreWords, unbroken } from '../words.js';
import { runCard } from './runCard.js';

/** Grids of one or two runs as a figure: a question, the pictures, an answer with numbers. */
interface Asked {
  readonly name: string;
  readonly title: string;
  readonly regime: RegimeName;
  readonly kls: readonly KlEstimator[];
  readonly sources: readonly ImageGrid['z'][];
  answer(told: Told): readonly (string | false)[];
}

/** Numbers of a study as the captions need them, over seeds. Above 0 is better for the first named. */
interface Told {
  readonly words: ScoreWords;
  readonly samples: number | undefined;
  score(regime: RegimeName, kl: KlEstimator): Level | undefined;
  gain(regime: RegimeName, than: RegimeName, kl: KlEstimator): Level | undefined;
  nearest(regime: RegimeName, kl: KlEstimator, source: 'prior' | 'encoder'): Level | undefined;
  /** By how much held-out images lie nearer to samples of the encoder than to samples of N(0, I). */
  nearer(regime: RegimeName, kl: KlEstimator): Level | undefined;
}

const toldOf = ({ runs, data }: Study): Told => {
  const evidence: Pick<Evidence, 'runs'> = { runs };
  const score = (regime: RegimeName, kl: KlEstimator): Arm => arm(evidence, regime, kl, (run) => run.final?.score);
  const nearest = (regime: RegimeName, kl: KlEstimator, source: 'prior' | 'encoder'): Arm =>
    arm(evidence, regime, kl, (run) => run.nearest?.[source]);
  const words = scoreWords(data.binarisation);
  const shown = (found: Level | undefined): Level | undefined => found && { ...found, value: words.sign * found.value };
  return {
    words,
    samples: runs.find((run) => run.nearest)?.nearest?.samples,
    score: (regime, kl) => shown(level(score(regime, kl))),
    gain: (regime, than, kl) => difference(score(regime, kl), score(than, kl)),
    nearest: (regime, kl, source) => level(nearest(regime, kl, source)),
    nearer: (regime, kl) => difference(nearest(regime, kl, 'prior'), nearest(regime, kl, 'encoder')),
  };
};

const QUALITY = ['better', 'worse', 'as good'] as const;
const NEARNESS = ['nearer', 'farther', 'as near'] as const;

/** `better by 1.2 ± 0.3 nats`, `as good (0.1 ± 0.3 nats cannot be told from 0)`. */
const compared = (gap: Level, [better, worse, equal]: readonly [string, string, string]): string => {
  const verdict = above(gap);
  if (verdict === 'cannot tell') return `${equal} (${withInterval(gap)} nats cannot be told from 0)`;
  return `${verdict === 'holds' ? better : worse} by ${withInterval({ ...gap, value: Math.abs(gap.value) })} nats`;
};

const nearness = ({ samples, nearest, nearer }: Told, regime: RegimeName, kl: KlEstimator): string | false => {
  const [prior, encoder, gap] = [nearest(regime, kl, 'prior'), nearest(regime, kl, 'encoder'), nearer(regime, kl)];
  if (samples === undefined || !prior || !encoder || !gap) return false;
  const from = `${withInterval(encoder)} nats of cross-entropy with z from the encoder, ${withInterval(prior)} with z ~ N(0, I)`;
  return `Held-out images find the nearest of ${integer(samples)} samples at ${from}: the encoder’s samples are ${compared(gap, NEARNESS)}.`;
};

const unmeasured = (told: Told): string | false =>
  told.samples === undefined && 'How near held-out images come to such samples was not measured in this study.';

const asked: readonly Asked[] = [
  {
    name: 'images-joint',
    title: 'Does N(0, I) draw what the encoder draws?',
    regime: 'joint',
    kls: ['analytic'],
    sources: ['prior', 'encoder'],
    answer: (told) => [nearness(told, 'joint', 'analytic'), unmeasured(told)],
  },
  {
    name: 'images-separate',
    title: 'What does a decoder make of codes that were trained on the KL alone?',
    regime: 'separate',
    kls: ['analytic'],
    sources: ['prior', 'encoder'],
    answer: (told) => {
      const [score, gap] = [told.score('separate', 'analytic'), told.gain('separate', 'random-z', 'analytic')];
      return [
        score && `Its ${told.words.score} is ${withInterval(score)} nats.`,
        gap && `Against a decoder fed random z it is ${compared(gap, QUALITY)}.`,
        nearness(told, 'separate', 'analytic'),
        unmeasured(told),
      ].map((part) => part ?? false);
    },
  },
  {
    name: 'images-random-z',
    title: 'What does a decoder make of z that knows nothing of the image?',
    regime: 'random-z',
    kls: ['analytic'],
    sources: ['prior'],
    answer: (told) => {
      const [score, gap] = [told.score('random-z', 'analytic'), told.gain('joint', 'random-z', 'analytic')];
      const prior = told.nearest('random-z', 'analytic', 'prior');
      return [
        score &&
          `Its ${told.words.score} is ${withInterval(score)} nats, what a decoder reaches that learns from no code at all.`,
        gap && `Joint training is ${compared(gap, QUALITY)}.`,
        prior !== undefined &&
          told.samples !== undefined &&
          `Held-out images find the nearest of ${integer(told.samples)} samples at ${withInterval(prior)} nats of cross-entropy.`,
        unmeasured(told),
      ].map((part) => part ?? false);
    },
  },
  {
    name: 'images-tandem',
    title: 'Does it help to train both in each step?',
    regime: 'tandem',
    kls: ['analytic', 'mc'],
    sources: ['prior', 'encoder'],
    answer: (told) => {
      const gaps = (['analytic', 'mc'] as const).map((kl) => told.gain('tandem', 'separate', kl));
      const names = ['analytic', 'Monte Carlo'];
      const parts = gaps.flatMap((gap, i) => (gap ? [`${compared(gap, QUALITY)} for ${names[i]}`] : []));
      const short = told.gain('joint', 'tandem', 'analytic');
      return [
        parts.length > 0 && `Against separate training its ${told.words.score} is ${listed(parts)}.`,
        short !== undefined && `Joint training is ${compared(short, QUALITY)}.`,
        nearness(told, 'tandem', 'analytic'),
        unmeasured(told),
      ];
    },
  },
];

export type ImageFigureName = 'images-joint' | 'images-separate' | 'images-random-z' | 'images-tandem';

/** A figure made of image grids, and the files it leaves. */
export interface ImageFigure {
  readonly name: string;
  readonly markup: Markup;
  readonly csv: string;
  readonly svg?: string;
  /** Files of the grids that it shows. */
  readonly shown: readonly string[];
}

/** The first finished run of a series, else whatever there is. */
export const runShown = ({ runs, all }: Series): RunResult | undefined => runs[0] ?? all[0];

const estimates = (of: Estimate | undefined, sign = 1): (number | string)[] =>
  of ? [sign * of.value, of.se, of.n] : ['', '', ''];

/** A line for each grid of the regime, in all seeds, with the numbers that belong to it. */
const dataOf = (study: Study, { regime, kls, sources }: Asked): string => {
  const { sign } = scoreWords(study.data.binarisation);
  const three = (name: string): string[] => [name, `${name}_se`, `${name}_n`];
  return csv(
    ['run', 'z', 'file', 'samples', ...three('nearest'), ...three('score'), ...three('rate')],
    study.runs
      .filter((run) => run.regime === regime && (regime === 'random-z' || kls.includes(run.kl)))
      .flatMap((run) =>
        sources.map((z) => [
          run.name,
          z,
          run.images.find((grid) => grid.z === z)?.file ?? '',
          run.nearest?.samples ?? '',
          ...estimates(run.nearest?.[z]),
          ...estimates(run.final?.score, sign),
          ...estimates(run.final?.rate),
        ]),
      ),
  );
};

/** The figure of a name: the grids of the first finished seed. */
export const imageFigure = async (
  study: Study,
  name: ImageFigureName,
  take: ReturnType<typeof pictureTaker>,
): Promise<ImageFigure> => {
  const ask = asked.find((each) => each.name === name)!;
  const series = seriesOf(study).filter(
    (each) => each.regime === ask.regime && (ask.regime === 'random-z' || ask.kls.includes(each.kl)),
  );
  const rows: { series: Series; run: RunResult; pictures: Picture[] }[] = [];
  for (const each of series) {
    const run = runShown(each);
    if (!run) continue;
    const pictures: Picture[] = [];
    for (const z of ask.sources) {
      for (const grid of run.images.filter((image) => image.z === z)) pictures.push(await take(run, grid));
    }
    rows.push({ series: each, run, pictures });
  }
  const told = ask.answer(toldOf(study)).filter((part) => part !== false);
  const csvText = dataOf(study, ask);
  const seeds = [...new Set(rows.map(({ run }) => run.seed))];
  const svg = imageSheet(
    ask.name,
    ask.title,
    told.join(' '),
    rows.map(({ series: each, pictures }) => ({ label: each.label, colour: each.colour, pictures })),
  );
  return {
    name: ask.name,
    csv: csvText,
    ...(svg !== undefined && { svg }),
    shown: rows.flatMap(({ pictures }) => pictures.map(({ grid }) => grid.file)),
    markup: html`
<section id="${ask.name}">
  <h2>${ask.title}</h2>
  <figure>
    <div class="cards">${
      rows.length > 0
        ? rows.map(({ series: each, run, pictures }) => runCard(study, each, run, pictures))
        : html`<p class="absent">This study has no run of this regime.</p>`
    }</div>
    <figcaption><p class="answer">${unbroken(told.join(' '))}</p>
      <p>Mean images of the decoder, not draws of its pixels${seeds.length > 0 && `; seed ${listed(seeds.map(String))}`}. Grids of one kind of z share their noise in all regimes.</p>
      <span class="downloads"><a download="${ask.name}.csv" href="${textUri('text/csv', csvText)}">CSV</a><a href="#definitions">Definitions</a></span>
    </figcaption>
  </figure>
</section>`,
  };
};
