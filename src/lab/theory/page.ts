import type { Figure } from '../report/figures/index.js';
import { html, type Markup } from '../report/html.js';
import { page } from '../report/page.js';
import { figureSection } from '../report/sections/figures.js';
import { styleSheet } from '../report/style.js';
import { type Finding, findings, theoryVerdict } from './findings.js';
import type { TheorySummary } from './summary.js';

const TITLE = 'What does the KL term do to a code?';

const finding = ({ what, found }: Finding): Markup => html`<div><dt>${what}</dt><dd>${found}</dd></div>`;

const definitions = html`
<section id="definitions">
  <h2>What do the numbers mean?</h2>
  <dl class="definitions">
    <div><dt>KL</dt><dd>KL(N(μ, σ²) ‖ N(0, 1)) = F(μ) + G(σ) with F(μ) = ½ μ² and G(σ) = ½ (σ² − 1) − ln σ; natural logarithms, so nats.
      σ is a standard deviation. The KL of a code of many dimensions is the sum over them.</dd></div>
    <div><dt>Monte Carlo</dt><dd>The mean of ln q(z) − ln p(z) over n draws z = μ + σ ε, with the same ε for the whole plane.</dd></div>
    <div><dt>Gradient flow</dt><dd>dμ/dt = −μ, dσ/dt = 1/σ − σ. Closed form: μ(t) = μ₀ e⁻ᵗ, σ(t)² = 1 + (σ₀² − 1) e⁻²ᵗ.</dd></div>
    <div><dt>Heavy ball</dt><dd>x″ = −∇KL(x) − γ x′ with friction γ: gradient descent with momentum, in small steps. Its energy is KL + ½ |x′|².</dd></div>
    <div><dt>Natural time</dt><dd>The time of the flow, in which μ falls by a factor e per unit. A step of SGD at rate η takes η of it.</dd></div>
    <div><dt>Eigenvalues</dt><dd>Of the flow, linearised at (0, 1): the rates at which what is left decays, and, where complex, at which it turns.</dd></div>
  </dl>
</section>`;

/** The theory's figures and findings as one self-contained page. `command` makes it again. */
export const theoryPage = (summary: TheorySummary, figures: readonly Figure[], command: string): string =>
  page({
    title: TITLE,
    style: styleSheet,
    hovered: figures.flatMap(({ legend }) => legend.map(({ id }) => id)),
    opening: html`
<header>
  <h1>${TITLE}</h1>
  <p class="verdict">${theoryVerdict(summary)}</p>
  <p class="byline">One latent dimension, no training; at (0, 1) a code is N(0, 1) and says nothing about its image.
    Monte Carlo draws by seed <b>${summary.seed}</b>.<br><code>${command}</code></p>
</header>`,
    sections: [
      {
        id: 'findings',
        contents: 'What was found?',
        markup: html`
<section id="findings">
  <h2>What was found?</h2>
  <dl class="definitions">${findings(summary).map(finding)}</dl>
</section>`,
      },
      ...figures.map((figure) => ({ id: figure.name, contents: figure.title, markup: figureSection(figure) })),
      { id: 'definitions', contents: 'What do the numbers mean?', markup: definitions },
    ],
  }).text;
