import type { AuditResult, CodeSet } from '../../../../latent/audit/index.js';
import { percent, withError } from '../../../../latent/audit/reading/index.js';
import { duration, integer } from '../../../../latent/numbers/index.js';
import { html, type Markup } from '../../html.js';

const set = ({ n, posteriors, source }: CodeSet): string =>
  `${integer(n)} ${posteriors ? 'posteriors (μ, σ)' : 'draws z'}, from ${source}`;

/** Every density that was tried on held-out codes: what a repaired prior would gain. */
export const densitiesSection = ({ heldOut, sampleFrom }: AuditResult): Markup | undefined => {
  if (heldOut.length === 0) return undefined;
  const sorted = [...heldOut].sort((a, b) => b.gain.value - a.gain.value);
  return html`
<section id="densities">
  <h2>Which density describes held-out codes best?</h2>
  <table class="densities">
    <thead><tr><th scope="col">Density</th><th scope="col">Gain over N(0, I), nats</th><th scope="col">n</th></tr></thead>
    <tbody>${sorted.map(
      ({ density, gain }) =>
        html`<tr${density === sampleFrom && html` class="chosen"`}><th scope="row">${density}${density === sampleFrom && html`<small>to sample from</small>`}</th><td>${withError(gain)}</td><td>${integer(gain.n)}</td></tr>`,
    )}</tbody>
  </table>
  <p class="note">Mean of ln q̂(z) − ln p(z) over held-out codes, q̂ fitted on training codes. Each is a lower bound on the marginal KL,
    and a nat of it is a nat of ELBO that sampling from q̂ gains. Below 0 a density describes unseen codes worse than N(0, I) does.</p>
</section>`;
};

/** The sets, their sizes, seed and α, what the reader must know, and the versions. */
export const auditedSection = ({ codes, seed, alpha, notes, seconds, versions }: AuditResult): Markup => html`
<section id="audited">
  <h2>What was audited?</h2>
  <div class="columns">
    <dl>
      <div><dt>Training codes</dt><dd>${set(codes.train)}</dd></div>
      <div><dt>Held-out codes</dt><dd>${set(codes.test)}</dd></div>
      <div><dt>Latents</dt><dd>${integer(codes.latents)}</dd></div>
      <div><dt>Seed</dt><dd>${seed}</dd></div>
      <div><dt>α</dt><dd>${percent(alpha)} of held-out codes count as rare</dd></div>
    </dl>
    <dl>
      <div><dt>Took</dt><dd>${duration(seconds)}</dd></div>
      ${Object.entries(versions).map(([name, version]) => html`<div><dt>${name}</dt><dd>${version}</dd></div>`)}
    </dl>
  </div>
  ${notes.length > 0 && html`<div class="notes" role="note"><p><b>To know:</b></p><ul>${notes.map((note) => html`<li>${note}</li>`)}</ul></div>`}
</section>`;
