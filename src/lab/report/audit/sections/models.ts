import type { AuditResult } from '../../../../latent/audit/index.js';
import { html, type Markup } from '../../html.js';
import { modelLines } from '../modelLines.js';

/** The user's models: ports, what was taken for what, likelihood, scale and places. */
export const modelsSection = ({ model }: AuditResult): Markup | undefined =>
  model &&
  html`
<section id="models">
  <h2>Which models, and what was taken for what?</h2>
  <table>
    <tbody>${modelLines(model).map(([what, text]) => html`<tr><th scope="row">${what}</th><td>${text}</td></tr>`)}</tbody>
  </table>
  <p class="note">Outputs are told by their names, else by size and values; --outputs, --layout, --range and --likelihood say
    otherwise. Score and ELBO are of one draw z ~ q(z | x) for each of ${(model.score ?? model.crossEntropy ?? model.error)?.n ?? 0} held-out images.</p>
</section>`;
