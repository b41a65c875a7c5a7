import { withInterval } from '../../../latent/numbers/index.js';
import type { SweepResult, SweepRow } from '../../sweep/result.js';
import { meanOf, type Quantity, type Setting, settingsOf } from '../../sweep/settings.js';
import { html, type Markup } from '../html.js';
import { type PageSection, page } from '../page.js';
import { repairStyle } from '../repair/style.js';
import { figureSection } from '../sections/figures.js';
import { unbroken } from '../words.js';
import { keyCharts, settingsChart } from './charts.js';

const COLUMNS: readonly { readonly quantity: Quantity; readonly title: string; readonly unit: string }[] = [
  { quantity: 'elbo', title: 'ELBO', unit: 'nats an image' },
  { quantity: 'rate', title: 'Rate', unit: 'nats an image' },
  { quantity: 'score', title: 'Score', unit: 'nats an image' },
  { quantity: 'holeMass', title: 'Hole mass', unit: 'share of N(0, I)' },
];

const count = (rows: readonly SweepRow[], state: SweepRow['state']): number =>
  rows.filter((row) => row.state === state).length;

const settingRow = ({ name, rows, done }: Setting, columns: typeof COLUMNS): Markup => {
  const others = [...[...new Set(rows.map(({ state }) => state))].filter((state) => state !== 'done')].map(
    (state) => `${count(rows, state)} ${state === 'open' ? 'not done' : state}`,
  );
  const cells = columns.map(({ quantity, title }) => {
    const mean = meanOf(done, quantity);
    return html`<td role="cell" data-label="${title}">${mean && withInterval(mean)}</td>`;
  });
  return html`<tr role="row"><th role="rowheader" scope="row">${name}${others.length > 0 && html`<small>${others.join(', ')}</small>`}</th>
    <td role="cell" data-label="Seeds">${done.length}</td>${cells}</tr>`;
};

const table = ({ rows }: SweepResult): Markup => {
  const settings = settingsOf(rows);
  const columns = COLUMNS.filter(({ quantity }) => settings.some(({ done }) => meanOf(done, quantity)));
  return html`
<section id="table">
  <h2>All configurations</h2>
  <div class="scroll" tabindex="0" role="group" aria-label="Configurations and what they reached">
  <table class="samplers cards-on-phone" role="table">
    <thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Configuration</th><th role="columnheader" scope="col">Seeds</th>${columns.map(
      ({ title, unit }) => html`<th role="columnheader" scope="col">${title}<small>${unit}</small></th>`,
    )}</tr></thead>
    <tbody role="rowgroup">${settings.map((setting) => settingRow(setting, columns))}</tbody>
  </table>
  </div>
  <p class="note">The highest mean ELBO first. ± are 95% intervals. Every run, with n and standard errors, stands in sweep.csv and sweep.json.</p>
</section>`;
};

/** Runs without numbers, and why. */
const reasons = ({ rows }: SweepResult): Markup | undefined => {
  const without = rows.filter(({ state }) => state !== 'done');
  if (without.length === 0) return undefined;
  const entry = ({ name, state, reason }: SweepRow): Markup =>
    html`<div><dt>${name}</dt><dd>${state === 'open' ? 'not done' : state}${reason && `: ${reason}`}</dd></div>`;
  return html`
<section id="without">
  <h2>Runs without a result</h2>
  <dl class="leftout">${without.map(entry)}</dl>
</section>`;
};

const definitions = html`
<section id="definitions">
  <h2>Definitions</h2>
  <dl class="facts">
    <div><dt>ELBO</dt><dd>score − rate, the mean over test images: a lower bound on ln p(x).</dd></div>
    <div><dt>Rate</dt><dd>KL(q(z|x) ‖ N(0, I)), the mean over test images.</dd></div>
    <div><dt>Score</dt><dd>E ln p(x|z) with z from q(z|x), the mean over test images.</dd></div>
    <div><dt>Hole mass</dt><dd>Share of draws of N(0, I) that lie where hardly any code does. Where it was not measured there is none.</dd></div>
  </dl>
</section>`;

const opening = ({ name, rows, written, versions }: SweepResult, answer: string): Markup => {
  const states = (['done', 'diverged', 'failed', 'open'] as const)
    .map((state) => [state, count(rows, state)] as const)
    .filter(([, n]) => n > 0)
    .map(([state, n]) => `${n} ${state === 'open' ? 'not done' : state}`);
  return html`
<header>
  <h1>Sweep ${name}</h1>
  <p class="verdict">${unbroken(answer)}<span>${rows.length} ${rows.length === 1 ? 'run' : 'runs'}: ${states.join(', ')}.</span></p>
  <p class="byline">Written <time datetime="${written}">${written.slice(0, 16).replace('T', ' ')} UTC</time> by zdist ${versions.zdist}.</p>
</header>`;
};

/** A sweep as one self-contained page: the configurations, a chart for each key that varies, and what failed. */
export const renderSweep = (result: SweepResult): string => {
  const best = settingsChart(result);
  const charts = [
    ...(best ? [{ contents: 'Configurations', figure: best }] : []),
    ...keyCharts(result).map(({ key, figure }) => ({ contents: key, figure })),
  ];
  const without = reasons(result);
  const sections: PageSection[] = [
    ...charts.map(({ contents, figure }) => ({ id: figure.name, contents, markup: figureSection(figure) })),
    { id: 'table', contents: 'Table', markup: table(result) },
    ...(without ? [{ id: 'without', contents: 'Without a result', markup: without }] : []),
    { id: 'definitions', contents: 'Definitions', markup: definitions },
  ];
  return page({
    title: `Sweep ${result.name}`,
    style: repairStyle,
    hovered: [],
    opening: opening(result, best?.answer ?? 'No run has a result.'),
    sections,
  }).text;
};
