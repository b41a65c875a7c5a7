import { percent } from '../../../../latent/audit/reading/index.js';
import { integer } from '../../../../latent/numbers/index.js';
import type { RepairResult, RepairVerdict } from '../../../../latent/repair/index.js';
import { html, type Markup } from '../../html.js';
import { chosenOf } from '../words.js';

export const repairTitle = ({ codes }: RepairResult): string =>
  `Where should z be drawn from? A repair of ${codes.train.source.replace(/, training images/, '')}`;

const WORDS: Readonly<Record<RepairVerdict, { readonly word: string; readonly meaning: string }>> = {
  repaired: { word: 'Repaired', meaning: 'a fitted sampler draws where the codes are' },
  improved: {
    word: 'Improved',
    meaning: 'a fitted sampler is better than N(0, I); its draws can still be told from codes',
  },
  matched: { word: 'Matched', meaning: 'nothing fitted is better than N(0, I)' },
  collapsed: { word: 'Collapsed', meaning: 'the codes say nothing of their images: there is nothing to gain' },
  undecided: { word: 'Undecided', meaning: 'nothing was fitted that could be compared with N(0, I)' },
};

const TICK = html`<path d="M9 16.5l5 5 9.5-11"></path>`;
const DASH = html`<path d="M9 16h14"></path>`;

/** The verdict without its colour: a tick, an arrow upwards, a dash, a question. */
const MARKS: Readonly<Record<RepairVerdict, Markup>> = {
  repaired: TICK,
  matched: TICK,
  improved: html`<path d="M16 23v-13m-6 6l6-6l6 6"></path>`,
  collapsed: DASH,
  undecided: html`<path d="M12 12.5a4 4 0 1 1 5.5 4c-1 .5-1.5 1.2-1.5 2.5m0 4v.2"></path>`,
};

const reason = (id: string, name: string, text: string): Markup =>
  html`<li><a href="#${id}">${name}</a><span>${text}</span></li>`;

/** Title, verdict, summary, why, whose fault it was, and what to sample from. */
export const opening = (result: RepairResult): Markup => {
  const { verdict, summary, why, attribution, imageMemorisation, codes, seed, alpha, draws, ended } = result;
  const { word, meaning } = WORDS[verdict];
  const { name, memorisation } = chosenOf(result);
  return html`
<header>
  <h1>${repairTitle(result)}</h1>
  <p class="word ${verdict}"><svg viewBox="0 0 32 32" width="44" height="44" aria-hidden="true"><circle cx="16" cy="16" r="15"></circle>${MARKS[verdict]}</svg><span>${word}<small>${meaning}</small></span></p>
  <p class="verdict">${summary}</p>
  <ol class="reasons">
    ${reason('samplers', verdict === 'collapsed' ? 'Why' : 'Choice', why)}
    ${attribution && reason('repair-quality', 'Cause', attribution.text)}
    ${memorisation && reason('samplers', 'Memory, codes', memorisation.text)}
    ${imageMemorisation && reason('made', 'Memory, images', imageMemorisation.text)}
    ${ended && reason('samplers', 'Ended early', `${ended}: what had its turn is here, what had none is named below`)}
  </ol>
  <p class="cure"><span>Sample from</span> <b>${name}</b></p>
  <p class="byline">${integer(codes.train.n)} codes to fit to, ${integer(codes.test.n)} held out, ${integer(codes.latents)} ${codes.latents === 1 ? 'latent' : 'latents'}, ${integer(draws)} draws of each sampler · seed ${seed} · α = ${percent(alpha)}</p>
</header>`;
};
