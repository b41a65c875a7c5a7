import { integer } from '../../../latent/numbers/index.js';
import type { Study } from '../../studies/study.js';
import { html, type Markup } from '../html.js';
import { binarisationNames, listed, unbroken } from '../words.js';

export const studyTitle = (study: Study): string => `Where do the codes of a VAE live? A study on ${study.data.name}`;

/** Runs and studies that did not reach their end are named before anything is claimed. */
const incomplete = (study: Study): Markup | false => {
  const broken = study.runs.filter((run) => run.state !== 'done');
  if (study.state === 'done' && broken.length === 0) return false;
  const done = study.runs.length - broken.length;
  return html`<div class="warning" role="note">
    <p><strong>${study.state === 'done' ? 'Not every run was finished' : `This study is ${study.state}`}:</strong>
      ${integer(done)} of ${integer(study.runs.length)} runs are complete. What follows holds for what there is.</p>
    ${
      broken.length > 0 &&
      html`<ul>${broken.map((run) => html`<li><code>${run.name}</code> ${run.state} after ${integer(run.steps)} steps${run.error ? `: ${run.error}` : ''}</li>`)}</ul>`
    }
  </div>`;
};

/** The first sentence large, what follows from it smaller. */
const verdict = (said: string): Markup => {
  const text = unbroken(said);
  const end = /[.)] (?=[A-Z])/.exec(text);
  if (!end) return html`<p class="verdict">${text}</p>`;
  return html`<p class="verdict">${text.slice(0, end.index + 1)}<span> ${text.slice(end.index + 2)}</span></p>`;
};

/** Title and verdict. */
export const opening = (study: Study): Markup => html`
<header>
  <h1>${studyTitle(study)}</h1>
  ${verdict(study.verdict)}
  <p class="byline">Preset <b>${study.preset}</b> · ${integer(study.epochs)} epochs ·
    ${study.seeds.length === 1 ? 'seed' : 'seeds'} ${listed(study.seeds.map(String))} ·
    images ${binarisationNames[study.data.binarisation]} · <time datetime="${study.started}">${study.started.slice(0, 10)}</time></p>
  ${incomplete(study)}
</header>`;
