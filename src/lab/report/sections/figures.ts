import type { Figure } from '../figures/index.js';
import { dataUri, html, type Markup, textUri, trusted } from '../html.js';
import { unbroken } from '../words.js';

const legend = (figure: Figure): Markup =>
  html`<ul class="legend">${figure.legend.map(
    (entry) =>
      html`<li class="s s-${entry.id}"><span class="key ${entry.stroke}" style="border-color: ${entry.colour}"></span>${entry.label}</li>`,
  )}</ul>`;

/** A figure with its question as heading, its answer as caption, and its downloads; then what belongs to it. */
export const figureSection = (figure: Figure, more?: Markup): Markup => html`
<section id="${figure.name}">
  <h2>${figure.title}</h2>
  <figure>
    <div class="wide">${trusted(figure.wide)}</div>
    <div class="narrow">${legend(figure)}${trusted(figure.narrow)}</div>
    <figcaption><p class="answer">${unbroken(figure.answer)}</p><p>${unbroken(figure.reading)}</p>
      <span class="downloads">
        <a download="${figure.name}.csv" href="${textUri('text/csv', figure.csv)}">CSV</a>
        <a download="${figure.name}.svg" href="${dataUri('image/svg+xml', figure.svg('light'))}">SVG</a>
        <a href="#definitions">Definitions</a>
      </span>
    </figcaption>
  </figure>${more}
</section>`;
