import type { Measured } from '../../../../latent/audit/index.js';
import { percent } from '../../../../latent/audit/reading/index.js';
import { duration, integer, short, withInterval } from '../../../../latent/numbers/index.js';
import type { RepairResult, SamplerResult } from '../../../../latent/repair/index.js';
import { html, type Markup } from '../../html.js';

interface Column {
  readonly title: string;
  readonly unit: string;
  of(sampler: SamplerResult): Measured | undefined;
  written?(measured: Measured): string;
}

const Z975 = 1.959964;

const withError = ({ value, se }: Measured): string =>
  se === undefined || se === 0 ? short(value) : withInterval({ value, half: Z975 * se });
const share = ({ value }: Measured): string => percent(value);

const columnsOf = ({ extractor, samplers }: RepairResult): readonly Column[] => {
  const k = samplers.find(({ iwae }) => iwae)?.iwae?.k;
  // What decides comes first: a narrow page scrolls to the rest.
  const all: readonly Column[] = [
    { title: 'ln q̂ held out', unit: 'nats', of: ({ heldOutLogQ }) => heldOutLogQ, written: withError },
    { title: 'Gain', unit: 'nats over N(0, I)', of: ({ elboGain }) => elboGain, written: withError },
    { title: `IWAE-${k} gain`, unit: 'nats over N(0, I)', of: ({ iwae }) => iwae?.gain, written: withError },
    { title: 'Hole mass', unit: 'share of draws', of: ({ holeMass }) => holeMass, written: share },
    { title: 'C2ST', unit: 'a guess is 50%', of: ({ c2st }) => c2st, written: share },
    { title: 'Fréchet', unit: extractor?.kind ?? '', of: ({ frechet }) => frechet, written: withError },
    { title: 'Replay', unit: 'near training codes', of: ({ memorisation }) => memorisation?.nearer, written: share },
    { title: 'Precision', unit: 'share', of: ({ precision }) => precision, written: share },
    { title: 'Recall', unit: 'share', of: ({ recall }) => recall, written: share },
    { title: 'Density', unit: '', of: ({ density }) => density },
    { title: 'Coverage', unit: 'share', of: ({ coverage }) => coverage, written: share },
    { title: 'Kernel', unit: 'distance', of: ({ kernelDistance }) => kernelDistance },
    { title: 'ELBO', unit: 'nats', of: ({ elbo }) => elbo, written: withError },
  ];
  return all.filter(({ of }) => samplers.some((sampler) => of(sampler)));
};

const cells = (columns: readonly Column[], sampler: SamplerResult): Markup[] =>
  columns.map(({ title, of, written = ({ value }) => short(value) }) => {
    const measured = of(sampler);
    return html`<td role="cell" data-label="${title}">${measured && written(measured)}</td>`;
  });

const row = (columns: readonly Column[], sampler: SamplerResult, { chosen }: RepairResult): Markup => {
  const { name, family, replays, seconds, notes } = sampler;
  const marks = [...(family === chosen ? ['chosen'] : []), ...(replays ? ['replays training codes'] : []), ...notes];
  const told = [family === name ? [] : [family], marks].flat().join('; ');
  return html`<tr role="row" class="s s-${family}${family === chosen && ' chosen'}"><th role="rowheader" scope="row">${name}${told !== '' && html`<small>${told}</small>`}</th>
    ${cells(columns, sampler)}<td role="cell" data-label="Time">${duration(seconds)}</td></tr>`;
};

/** The decoder's control in the columns of images. */
const controlRow = (columns: readonly Column[], { posterior, samplers }: RepairResult): Markup | undefined => {
  if (!posterior) return undefined;
  const { replays, facts, notes } = samplers[0]!;
  const control = { name: 'posterior control', family: 'control', replays, facts, notes, seconds: 0, ...posterior };
  return html`<tr role="row" class="s s-control control"><th role="rowheader" scope="row">posterior control<small>decoded codes of held-out images</small></th>
    ${cells(columns, control)}<td role="cell" data-label="Time"></td></tr>`;
};

/** Every sampler with every measure; then the families that gave none, and why. */
export const samplersSection = (result: RepairResult): Markup => {
  const columns = columnsOf(result);
  const { samplers, leftOut } = result;
  const bound = samplers.find(({ iwae }) => iwae)?.iwae;
  return html`
<section id="samplers">
  <h2>What is each sampler worth?</h2>
  <div class="scroll" tabindex="0" role="group" aria-label="Measures of samplers">
  <table class="samplers cards-on-phone" role="table">
    <thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Sampler</th>${columns.map(
      ({ title, unit }) =>
        html`<th role="columnheader" scope="col">${title}${unit && html`<small>${unit}</small>`}</th>`,
    )}<th role="columnheader" scope="col">Time</th></tr></thead>
    <tbody role="rowgroup">${samplers.map((sampler) => row(columns, sampler, result))}${controlRow(columns, result)}</tbody>
  </table>
  </div>
  <p class="note">± are 95% intervals; every interval, n and seed stands in repair.json.${
    bound &&
    ` IWAE-${bound.k}: ${integer(bound.gain.n)} held-out images, ${bound.k} draws each, seed ${bound.gain.seed ?? result.seed}.`
  } C2ST: how often a classifier tells draws from held-out codes.</p>
  ${
    leftOut.length > 0 &&
    html`<dl class="leftout">${leftOut.map(({ family, why }) => html`<div><dt>${family}</dt><dd>left out: ${why}</dd></div>`)}</dl>`
  }
</section>`;
};
