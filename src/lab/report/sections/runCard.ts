import { short } from '../../../latent/numbers/index.js';
import type { RunResult, Study } from '../../studies/study.js';
import { html, type Markup } from '../html.js';
import type { Picture } from '../picture.js';
import type { Series } from '../series.js';
import { isTrained, regimeMeaning, scoreWords } from '../words.js';

export const capitalised = (text: string): string => text[0]!.toUpperCase() + text.slice(1);

/** Space between the pictures of a pair, as in the style sheet. */
const pairGap = 12;

const remark = (run: RunResult, study: Study): string => {
  if (!isTrained(run, 'decoder'))
    return 'The decoder keeps its initial weights, so that every z gives nearly the same grey.';
  if (!run.final) return '';
  const { score, sign } = scoreWords(study.data.binarisation);
  const number = `${capitalised(score)} ${short(sign * run.final.score.value)}`;
  return isTrained(run, 'encoder')
    ? `${number}, rate ${short(run.final.rate.value)} nats per image.`
    : `${number} nats per image.`;
};

/** The image grids of one run, side by side, under its name. */
export const runCard = (study: Study, series: Series, run: RunResult, pictures: readonly Picture[]): Markup => {
  const width = Math.max(
    484,
    pictures.reduce((sum, each) => sum + each.width, pairGap * (pictures.length - 1)),
  );
  return html`<article class="s s-${series.id}" style="width: min(100%, ${width}px)">
      <h3><span class="key ${series.dashed ? 'dashed' : 'solid'}" style="border-color: ${series.colour}"></span>${series.label}</h3>
      <p>${capitalised(regimeMeaning[run.regime])}. ${remark(run, study)}</p>
      <div class="pair">${pictures.length > 0 ? pictures.map((each) => each.markup) : html`<p class="absent">No images: the run ${run.state === 'done' ? 'left none' : `is ${run.state}`}.</p>`}</div>
    </article>`;
};
