import { duration, integer, short } from '../../../latent/numbers/index.js';
import type { Study } from '../../studies/study.js';
import { html, type Markup } from '../html.js';

/** When, where and with which versions the study ran. */
export const provenanceSection = (study: Study): Markup => html`
<section id="provenance">
  <h2>Where do the numbers come from?</h2>
  <div class="columns">
    <dl>
      <div><dt>Started</dt><dd><time datetime="${study.started}">${study.started.replace('T', ' ').replace(/\.\d+Z$|Z$/, ' UTC')}</time></dd></div>
      <div><dt>Took</dt><dd>${duration(study.seconds)}</dd></div>
      <div><dt>Machine</dt><dd>${study.machine.cpu}, ${integer(study.machine.cores)} cores, ${short(study.machine.memoryGiB)} GiB, ${study.machine.platform}</dd></div>
    </dl>
    <dl>${Object.entries(study.versions).map(([name, version]) => html`<div><dt>${name}</dt><dd>${version}</dd></div>`)}</dl>
  </div>
</section>`;
