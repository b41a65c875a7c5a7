import { integer, short } from '../../../latent/numbers/index.js';
import type { Study } from '../../studies/study.js';
import { html, type Markup } from '../html.js';
import { binarisationNames, listed } from '../words.js';

const distinct = (values: readonly (string | number)[]): string =>
  listed([...new Set(values)].map((value) => (typeof value === 'number' ? integer(value) : value)));

/** What was trained and on which data, and the command that does it again. */
export const configurationSection = (study: Study): Markup => {
  const { data, runs, floor } = study;
  return html`
<section id="configuration">
  <h2>What was trained, on what?</h2>
  <div class="columns">
    <dl>
      <div><dt>Preset</dt><dd>${study.preset}</dd></div>
      <div><dt>Latents</dt><dd>${distinct(runs.map((run) => run.latents))}</dd></div>
      <div><dt>Parameters</dt><dd>${distinct(runs.map((run) => run.parameters))}</dd></div>
      <div><dt>Epochs</dt><dd>${integer(study.epochs)}</dd></div>
      <div><dt>Batch</dt><dd>${distinct(runs.map((run) => run.batch))} images</dd></div>
      <div><dt>Seeds</dt><dd>${listed(study.seeds.map(String))}</dd></div>
      <div><dt>Order and noise</dt><dd>${study.draws === 'fresh' ? 'drawn anew each epoch' : 'the same in every epoch: expect overfitting to the noise'}</dd></div>
      <div><dt>Noise floor</dt><dd>${integer(floor.momentKlDraws.n)} batches of ${integer(floor.batch)} draws in ${integer(floor.latents)} dimensions${floor.momentKlDraws.seed !== undefined && `, seed ${floor.momentKlDraws.seed}`}</dd></div>
    </dl>
    <dl>
      <div><dt>Data</dt><dd>${data.name}</dd></div>
      <div><dt>Images</dt><dd>${integer(data.train)} to train, ${integer(data.test)} to test, ${data.width} × ${data.height} pixels</dd></div>
      <div><dt>Pixels</dt><dd>${binarisationNames[data.binarisation]}</dd></div>
      <div><dt>Source</dt><dd>${data.source}</dd></div>
      <div><dt>SHA-256</dt><dd><code class="hash">${data.sha256}</code></dd></div>
    </dl>
  </div>
  <details><summary>Steps and time of every run</summary>
  <div class="scroll" role="region" aria-label="Steps and time" tabindex="0"><table>
    <thead><tr><th scope="col">Run</th><th scope="col">State</th><th scope="col">Steps</th><th scope="col">Median step<small>ms</small></th><th scope="col">Whole run<small>s</small></th></tr></thead>
    <tbody>${runs.map(
      (run) =>
        html`<tr><th scope="row"><code>${run.name}</code></th><td>${run.state}</td><td>${integer(run.steps)}</td><td>${short(run.msPerStep)}</td><td>${short(run.seconds)}</td></tr>`,
    )}</tbody>
  </table></div></details>
</section>`;
};

export const commandSection = (study: Study): Markup => html`
<section id="command">
  <h2>How is this study made again?</h2>
  <pre tabindex="0"><code>${study.command}</code></pre>
  <p class="note">Same seed, same data, same threads: same numbers.</p>
</section>`;
