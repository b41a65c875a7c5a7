import { integer, withInterval } from '../../../latent/numbers/index.js';
import type { Controls, Estimate, Study } from '../../studies/study.js';
import {
  type ControlledSeries,
  controlledSeries,
  imageMeasure,
  overRuns,
  SOURCES,
  type Source,
  sourceNames,
} from '../controlled.js';
import { controlsTitle } from '../figures/index.js';
import { html, type Markup } from '../html.js';
import { inOrder, type Picture, type pictureTaker } from '../picture.js';
import { listed, scoreWords, unbroken } from '../words.js';
import { runCard } from './runCard.js';

/** In place of the figure where a study holds none of its numbers. */
export const withoutControls: Markup = html`
<section id="repair">
  <h2>${controlsTitle}</h2>
  <p class="absent">The finished runs of this study were not measured with z from the encoder, from a fitted q(z) and from N(0, I).</p>
</section>`;

interface Column {
  readonly title: string;
  readonly unit: string;
  readonly of: (source: Source) => (controls: Controls) => Estimate | undefined;
}

const columnsOf = (study: Study): readonly Column[] => [
  { title: 'Fréchet distance', unit: 'units², less is better', of: (source) => imageMeasure(source, 'frechet') },
  { title: 'Kernel distance', unit: 'less is better', of: (source) => imageMeasure(source, 'kernelDistance') },
  { title: 'Precision', unit: 'share', of: (source) => imageMeasure(source, 'precision') },
  { title: 'Recall', unit: 'share', of: (source) => imageMeasure(source, 'recall') },
  { title: 'Density', unit: 'balls / 5', of: (source) => imageMeasure(source, 'density') },
  { title: 'Coverage', unit: 'share', of: (source) => imageMeasure(source, 'coverage') },
  {
    title: 'Hole mass',
    unit: 'share; 0.01 for codes',
    of: (source) => (controls) => (source === 'posterior' ? undefined : controls[source]?.holeMass),
  },
  {
    title: `${scoreWords(study.data.binarisation).elbo} gained`,
    unit: 'nats per image',
    of: (source) => (controls) => (source === 'fitted' ? controls.fitted?.gain : undefined),
  },
];

const row = (columns: readonly Column[], { series, runs }: ControlledSeries, source: Source): Markup | false => {
  const found = columns.map(({ of }) => overRuns(runs, of(source)));
  if (found.every((value) => value === undefined)) return false;
  return html`<tr role="row" class="s s-${series.id}"><th role="rowheader" scope="row">
    <span class="key ${series.dashed ? 'dashed' : 'solid'}" style="border-color: ${series.colour}"></span>${series.label}
    <small>${sourceNames[source]}</small></th>${columns.map(({ title }, i) => {
      const value = found[i];
      return html`<td role="cell" data-label="${title}">${value && withInterval(value)}</td>`;
    })}</tr>`;
};

const table = (study: Study, all: readonly ControlledSeries[]): Markup => {
  const columns = columnsOf(study);
  return html`<div class="scroll" role="region" aria-label="Measures of z of three sources" tabindex="0"><table class="cards-on-phone" role="table">
    <thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Run, and where z came from</th>${columns.map(
      ({ title, unit }) => html`<th role="columnheader" scope="col">${title}<small>${unit}</small></th>`,
    )}</tr></thead>
    <tbody role="rowgroup">${all.flatMap((each) => SOURCES.map((source) => row(columns, each, source)))}</tbody></table></div>`;
};

const firstSentence = (text: string): string => `${text.split(/\.(?= [A-Z])/)[0]!.replace(/\.$/, '')}.`;

/** Which sampler, and what makes samples of N(0, I) worse than real images; or why there is none. */
const causeOf = ({ runs }: ControlledSeries): string => {
  const unfitted = runs.find(({ controls }) => !controls.fitted);
  if (unfitted) return firstSentence(unfitted.controls.why);
  const names = listed([...new Set(runs.map(({ controls }) => controls.fitted!.name))]);
  const shares = (['hole', 'fit', 'decoder'] as const).flatMap((cause) => {
    const found = overRuns(runs, (controls) => controls.shares?.[cause]);
    return found ? [`${cause} ${withInterval({ value: 100 * found.value, half: 100 * found.half })}%`] : [];
  });
  return `${names}.${shares.length > 0 ? ` Of the excess of N(0, I) over real images: ${shares.join(', ')}.` : ''}`;
};

const causes = (all: readonly ControlledSeries[]): Markup =>
  html`<dl class="regimes causes">${all.map((each) => html`<div><dt>${each.series.label}</dt><dd>${unbroken(causeOf(each))}</dd></div>`)}</dl>`;

/** The first run that has a grid of its fitted sampler, all its grids side by side. */
const pictures = async (
  study: Study,
  all: readonly ControlledSeries[],
  take: ReturnType<typeof pictureTaker>,
): Promise<Markup | false> => {
  for (const { series, runs } of all) {
    const run = runs.find(({ images }) => images.some(({ z }) => z === 'fitted'));
    if (!run) continue;
    const grids: Picture[] = [];
    for (const grid of inOrder(run.images)) grids.push(await take(run, grid));
    return html`<div class="cards halved">${runCard(study, series, run, grids)}</div>
      <p class="note">The three grids are drawn from the same noise, image by image: they differ by the distribution of z alone.</p>`;
  }
  return false;
};

/** What stands under the figure of the three sources: images, the measures as a table, causes, and how to repair a run. */
export const repairDetails = async (study: Study, take: ReturnType<typeof pictureTaker>): Promise<Markup> => {
  const all = controlledSeries(study);
  const [first] = all;
  const { controls } = first!.runs[0]!;
  const several = study.seeds.length > 1;
  const example = all.find(({ runs }) => runs.some((run) => run.controls.fitted)) ?? first!;
  return html`
  ${await pictures(study, all, take)}
  ${table(study, all)}
  <p class="note">${integer(controls.draws)} draws of each source against as many test images; precision, recall, density and coverage with k = 5. ± is a 95%
    interval: ${several ? 'over seeds (Student’s t)' : 'by jackknife for distances, over codes or images for the rest'}. The gain is the mean of ln q(z) − ln N(z; 0, I) over held-out codes.</p>
  ${causes(all)}
  <p class="note">To fit more samplers to a run, certify the best and write it joined with the decoder, in the folder of this study:</p>
  <pre>zdist repair ${example.runs[0]!.folder}</pre>`;
};
