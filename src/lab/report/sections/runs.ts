import { absent, type Interval, integer, interval, withInterval } from '../../../latent/numbers/index.js';
import type { Estimate, RunResult, Study } from '../../studies/study.js';
import { html, type Markup } from '../html.js';
import { finalOf, type Quantity, type Series, seriesOf } from '../series.js';
import { binarisationNames, isTrained, listed, regimeMeaning, type ScoreWords, scoreWords } from '../words.js';

interface Column {
  readonly quantity: Quantity;
  readonly title: string;
  readonly sign: 1 | -1;
  /** What must be trained for the number to say something. */
  readonly needs: readonly ('encoder' | 'decoder')[];
}

const columnsOf = (words: ScoreWords): readonly Column[] => [
  { quantity: 'rate', title: 'Rate', sign: 1, needs: ['encoder'] },
  { quantity: 'rateMc', title: 'Rate, Monte Carlo', sign: 1, needs: ['encoder'] },
  { quantity: 'score', title: capital(words.score), sign: words.sign, needs: ['decoder'] },
  { quantity: 'elbo', title: capital(words.elbo), sign: words.sign, needs: ['encoder', 'decoder'] },
  { quantity: 'momentKl', title: 'Moment KL', sign: 1, needs: ['encoder'] },
  { quantity: 'momentKlDraws', title: 'Moment KL of draws', sign: 1, needs: ['encoder'] },
];

const capital = (text: string): string => (text === text.toUpperCase() ? text : text[0]!.toUpperCase() + text.slice(1));

/** The value that all have, or undefined. */
const common = <T>(values: readonly T[]): T | undefined =>
  values.every((value) => value === values[0]) ? values[0] : undefined;

const estimatesOf = (runs: readonly RunResult[], quantity: Quantity): Estimate[] =>
  runs.flatMap((run) => run.final?.[quantity] ?? []);

/** Sample size of a column where all runs share it; then it stands in the head once. */
const sharedN = (study: Study, column: Column): string | undefined => {
  const n = common(estimatesOf(study.runs, column.quantity).map((estimate) => estimate.n));
  return n === undefined ? undefined : `n\u00a0=\u00a0${integer(n)}`;
};

interface Row {
  readonly series: Series;
  /** A run of the series, for what it trains and how it ended. */
  readonly run: RunResult;
  readonly seed: number;
  value(column: Column): Interval | undefined;
}

const head = (
  study: Study,
  columns: readonly Column[],
  seedTitle: string,
): Markup => html`<thead role="rowgroup"><tr role="row">
  <th role="columnheader" scope="col">Run</th>${study.seeds.length > 1 && html`<th role="columnheader" scope="col">${seedTitle}</th>`}
  ${columns.map((column) => {
    const n = sharedN(study, column);
    return html`<th role="columnheader" scope="col">${column.title}<small>nats per image${n && html`<br>${n}`}</small></th>`;
  })}
</tr></thead>`;

/** On a phone every row becomes a card, so that each cell carries its column's title. */
const cell = (study: Study, { run, value }: Row, column: Column): Markup => {
  const interval = value(column);
  const n = sharedN(study, column);
  const untrained = interval ? column.needs.filter((part) => !isTrained(run, part)) : [];
  const ownN = n === undefined ? run.final?.[column.quantity].n : undefined;
  return html`<td role="cell" data-label="${column.title}${n && `, ${n}`}"${untrained.length > 0 && html` class="untrained"`}>
    ${interval ? withInterval(interval) : absent}${untrained.map((part) => html`<small>untrained ${part}</small>`)}
    ${ownN !== undefined && html`<small>n = ${integer(ownN)}</small>`}</td>`;
};

const rowHead = ({ series, run }: Row): Markup => html`<th role="rowheader" scope="row">
  <span class="key ${series.dashed ? 'dashed' : 'solid'}" style="border-color: ${series.colour}"></span>${series.label}
  <small>trains ${listed(run.trained)}</small>
  ${run.state !== 'done' && html`<small class="bad">${run.state}${run.error && `: ${run.error}`}</small>`}</th>`;

const table = (study: Study, label: string, seedTitle: string, rows: readonly Row[]): Markup => {
  const columns = columnsOf(scoreWords(study.data.binarisation));
  return html`<div class="scroll" role="region" aria-label="${label}" tabindex="0"><table class="cards-on-phone" role="table">
    ${head(study, columns, seedTitle)}<tbody role="rowgroup">${rows.map(
      (row) => html`<tr role="row" class="s s-${row.series.id}">${rowHead(row)}
        ${study.seeds.length > 1 && html`<td role="cell" data-label="${seedTitle}">${row.seed}</td>`}${columns.map((column) => cell(study, row, column))}</tr>`,
    )}</tbody></table></div>`;
};

/** Every run with its final numbers: ±1.96 standard errors over test images. */
const allRuns = (study: Study): Markup =>
  table(
    study,
    'All runs',
    'Seed',
    seriesOf(study).flatMap((series) =>
      series.all.map(
        (run): Row => ({
          series,
          run,
          seed: run.seed,
          value: ({ quantity, sign }) => {
            const estimate = run.final?.[quantity];
            return estimate && interval([{ ...estimate, value: sign * estimate.value }]);
          },
        }),
      ),
    ),
  );

/** One row a regime and estimator: mean over its finished seeds with Student's interval. */
const overSeeds = (study: Study): Markup =>
  table(
    study,
    'Means over seeds',
    'Seeds',
    seriesOf(study).flatMap((series): Row[] => {
      const [run] = series.runs;
      if (!run) return [];
      return [
        { series, run, seed: series.runs.length, value: ({ quantity, sign }) => finalOf(series, quantity, sign) },
      ];
    }),
  );

/** Noise seeds of the evaluations, said once. */
const noiseSeeds = (study: Study): string => {
  const seeds = study.runs.flatMap((run) => Object.values(run.final ?? {}).flatMap((estimate) => estimate.seed ?? []));
  const distinct = [...new Set(seeds)].sort((a, b) => a - b);
  if (distinct.length === 0) return '';
  return ` Evaluation noise: seed ${listed(distinct.map(String))}.`;
};

/** The table of all runs; with several seeds their means come first. */
export const runsSection = (study: Study): Markup => {
  const words = scoreWords(study.data.binarisation);
  const several = study.seeds.length > 1;
  const regimes = [...new Set(seriesOf(study).map((series) => series.regime))];
  return html`
<section id="runs">
  <h2>What did every run reach?</h2>
  ${several && overSeeds(study)}
  ${several ? html`<details><summary>All ${study.runs.length} runs, seed by seed</summary>${allRuns(study)}</details>` : allRuns(study)}
  <p class="note">Final values ${study.seeds.length === 1 && `of seed ${study.seeds[0]} `}on ${integer(study.data.test)} test images, ${binarisationNames[study.data.binarisation]},
    in nats per image${words.sign === -1 ? `; of ${words.score} and ${words.elbo} less is better` : ''}.
    ± is a 95% interval: ${several ? 'over seeds (Student’s t) in the means, over test images (1.96 standard errors) seed by seed' : '1.96 standard errors over the n values'}.${noiseSeeds(study)}
    A number marked untrained comes from a part that keeps its initial weights.</p>
  <dl class="regimes">${regimes.map((regime) => html`<div><dt>${regime}</dt><dd>${regimeMeaning[regime]}</dd></div>`)}</dl>
</section>`;
};
