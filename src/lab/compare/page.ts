/** A comparison as one self-contained page: settings, values, differences, curves over each other, images. */
import { join } from 'node:path';
import { short, withInterval } from '../../latent/numbers/index.js';
import type { Binarisation } from '../../vae/training/index.js';
import { csv } from '../report/csv.js';
import { type Figure, inlineSheet, type Sheet, standaloneSheet } from '../report/figures/figure.js';
import { drawPanel, type Panel } from '../report/figures/panel.js';
import { html, type Markup } from '../report/html.js';
import { page } from '../report/page.js';
import { type ColourName, colour } from '../report/palette.js';
import { inOrder, pictureTaker, type StudyFiles } from '../report/picture.js';
import { figureSection } from '../report/sections/figures.js';
import { type MeasuredRun, type Quantity, quantities, type Series, trace } from '../report/series.js';
import { styleSheet } from '../report/style.js';
import { scoreWords } from '../report/words.js';
import { type ComparedRun, type Comparison, settingText } from './comparison.js';

/** Hues of groups in their order; from the sixth on lines are dashed. */
const HUES: readonly ColourName[] = ['joint', 'encoder-analytic', 'encoder-mc', 'separate', 'tandem'];

const CURVES: readonly (readonly [Quantity, string])[] = [
  ['elbo', 'Who reaches the best bound?'],
  ['rate', 'How much do the codes carry?'],
  ['score', 'How well are images described?'],
  ['momentKl', 'How far are the codes from N(0, I), by their moments?'],
];

type Line = Pick<Series, 'id' | 'label' | 'colour' | 'dashed' | 'runs'>;

const linesOf = ({ groups }: Comparison, runs: readonly ComparedRun[]): Line[] =>
  groups.map((group, i) => ({
    id: `group-${i + 1}`,
    label: group.label,
    colour: colour(HUES[i % HUES.length]!),
    dashed: i >= HUES.length,
    runs: runs
      .filter(({ path, result }) => group.runs.includes(path) && result.final && result.curve.length > 0)
      .map(({ result }) => result as MeasuredRun),
  }));

const curves = (lines: readonly Line[], quantity: Quantity, title: string, binarisation: Binarisation): Figure => {
  const words = scoreWords(binarisation);
  const sign = quantity === 'elbo' || quantity === 'score' ? words.sign : 1;
  const traces = lines.map((line) => trace(line as Series, quantity, sign));
  // The first tenth of a training, far off, would press all the rest into one line.
  const last = Math.max(0, ...traces.flatMap((points) => points.at(-1)?.epoch ?? []));
  const seen = traces
    .flat()
    .filter(({ epoch }) => epoch >= last / 10)
    .flatMap(({ low, high }) => [low, high]);
  const finite = seen.filter(Number.isFinite);
  const [low, high] = finite.length > 0 ? [Math.min(...finite), Math.max(...finite)] : [0, 1];
  const pad = 0.06 * Math.max(high - low, 1e-6);
  const ends = lines.map((line, i) => `${line.label} ${short(traces[i]!.at(-1)?.value ?? Number.NaN)}`);
  const sheet = (size: Pick<Panel, 'width' | 'height' | 'marginRight'>): Sheet => {
    const svg = drawPanel({
      ...size,
      yLabel: `${quantity} (nats per image)`,
      yType: 'linear',
      yDomain: [low - pad, high + pad],
      lines: lines.map((line, i) => ({
        series: line,
        trace: traces[i]!,
        end: short(traces[i]!.at(-1)?.value ?? Number.NaN),
      })),
    });
    return { width: size.width, height: size.height, panels: [{ svg, x: 0, y: 0 }] };
  };
  const [wide, narrow] = [
    sheet({ width: 960, height: 380, marginRight: 90 }),
    sheet({ width: 348, height: 300, marginRight: 66 }),
  ];
  const name = `curve-${quantity}`;
  const description = `Line chart of ${quantity} in nats per image over training; at the end: ${ends.join('; ')}.`;
  return {
    ...{ name, title, description },
    answer: `At the end: ${ends.join('; ')}.`,
    reading:
      'Lines are means over seeds, bands reach from the lowest to the highest seed; of a single run, ±1.96 standard errors.',
    csv: csv(
      ['quantity', 'group', 'epoch', 'value', 'low', 'high'],
      lines.flatMap((line, i) => traces[i]!.map((p) => [quantity, line.label, p.epoch, p.value, p.low, p.high])),
    ),
    wide: inlineSheet(`${name}-wide`, title, description, wide),
    narrow: inlineSheet(`${name}-narrow`, title, description, narrow),
    legend: lines.map(({ id, label, colour: hue, dashed }) => ({
      ...{ id, label, colour: hue },
      stroke: dashed ? ('dashed' as const) : ('solid' as const),
    })),
    svg: (theme) => standaloneSheet(name, title, description, wide, theme),
  };
};

const rows = (head: readonly string[], body: readonly (readonly (string | Markup)[])[]): Markup => html`
<div class="scroll"><table><thead><tr>${head.map((cell) => html`<th scope="col">${cell}</th>`)}</tr></thead>
<tbody>${body.map(([first, ...rest]) => html`<tr><th scope="row">${first}</th>${rest.map((cell) => html`<td>${cell}</td>`)}</tr>`)}</tbody></table></div>`;

const valuesSection = ({ groups, differences }: Comparison, lines: readonly Line[]): Markup => {
  const key = (i: number): Markup =>
    html`<span class="key ${lines[i]!.dashed && 'dashed'}" style="border-color: ${lines[i]!.colour}"></span>${groups[i]!.label}`;
  const body = groups.map(({ seeds, values }, i) => [
    key(i),
    seeds.join(', '),
    ...quantities.map((name) => (values[name] ? withInterval(values[name]) : '')),
  ]);
  const told = differences.map(({ of, from, quantity, value, half, method, n }) => [
    `${of} − ${from}`,
    quantity,
    half === undefined ? short(value) : withInterval({ value, half }),
    `${method}, n ${[...new Set(n)].join(' and ')}`,
  ]);
  return html`<section id="values"><h2>What did they reach?</h2>
<p>On the test set, nats per image, with 95% intervals: over seeds where a group has several, else over test images.</p>
${rows(['group', 'seeds', ...quantities], body)}
<h3>Differences</h3>${rows(['difference', '', 'nats per image', 'interval'], told)}</section>`;
};

/** One run a group, of a seed that all groups have where there is one: then their grids share their noise. */
const imagesSection = async (
  { groups }: Comparison,
  runs: readonly ComparedRun[],
  files: StudyFiles,
): Promise<Markup> => {
  const seed = groups[0]!.seeds.find((each) => groups.every(({ seeds }) => seeds.includes(each)));
  const shown = groups.map((group) => {
    const all = runs.filter(({ path }) => group.runs.includes(path));
    return all.find(({ record }) => record.config.seed === seed) ?? all[0]!;
  });
  const same = seed !== undefined && new Set(shown.map(({ record }) => record.config.latents)).size === 1;
  const take = pictureTaker(files);
  const cards: Markup[] = [];
  for (const [i, { folder, result }] of shown.entries()) {
    const pictures: Markup[] = [];
    for (const grid of inOrder(result.images)) {
      pictures.push((await take(result, { ...grid, file: join(folder, 'samples', `${grid.z}.png`) })).markup);
    }
    cards.push(
      html`<article><h3>${groups[i]!.label}</h3><p>seed ${result.seed}</p><div class="pair">${pictures}</div></article>`,
    );
  }
  const noise = same
    ? 'All grids are made from the same noise.'
    : 'The grids are not made from the same noise: seeds or latents differ.';
  return html`<section id="images"><h2>What do they draw?</h2><p>${noise}</p><div class="cards">${cards}</div></section>`;
};

/** `files` reads images by their absolute path. */
export const comparisonPage = async (
  comparison: Comparison,
  runs: readonly ComparedRun[],
  files: StudyFiles,
): Promise<string> => {
  const lines = linesOf(comparison, runs);
  const binarisation = (runs[0]!.record.config.binarisation ?? 'threshold') as Binarisation;
  const { data, settings, groups, warnings } = comparison;
  const title = `${runs.length} runs on ${data.name}`;
  const figures = CURVES.map(([quantity, question]) => curves(lines, quantity, question, binarisation));
  const sections = [
    {
      id: 'settings',
      contents: 'Settings',
      markup: html`<section id="settings"><h2>In what do they differ?</h2>${rows(
        ['setting', ...groups.map(({ label }) => label)],
        settings.map(({ key, values }) => [key, ...values.map(settingText)]),
      )}</section>`,
    },
    { id: 'values', contents: 'Values', markup: valuesSection(comparison, lines) },
    ...figures.map((figure) => ({ id: figure.name, contents: figure.title, markup: figureSection(figure) })),
    { id: 'images', contents: 'Images', markup: await imagesSection(comparison, runs, files) },
    {
      id: 'definitions',
      contents: 'Definitions',
      markup: html`<section id="definitions"><h2>Definitions</h2><p>rate: mean KL(q(z|x) ‖ N(0, I)); rateMc: the same by one draw an
image; score: mean log p(x|z); elbo: score − rate; momentKl: KL of the Gaussian that has the moments of the codes from N(0, I);
momentKlDraws: the same of draws. Nats per image. Data: ${data.name}${data.sha256 && html`, SHA-256 <span class="hash">${data.sha256}</span>`}.</p></section>`,
    },
  ];
  const opening = html`<h1>zdist compare</h1><p class="verdict">${title}</p>
<p class="byline">${runs.map(({ path }) => path).join(', ')}</p>
${warnings.length > 0 && html`<div class="warning"><ul>${warnings.map((each) => html`<li>${each}</li>`)}</ul></div>`}`;
  return page({ title, style: styleSheet, hovered: lines.map(({ id }) => id), opening, sections }).text;
};
