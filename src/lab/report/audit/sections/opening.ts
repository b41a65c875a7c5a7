import type { AuditResult, AuditVerdict } from '../../../../latent/audit/index.js';
import { names, percent } from '../../../../latent/audit/reading/index.js';
import { integer } from '../../../../latent/numbers/index.js';
import { html, type Markup } from '../../html.js';

export const auditTitle = ({ codes }: AuditResult): string =>
  `Where do the codes live? An audit of ${codes.train.source}`;

const WORDS: Readonly<Record<AuditVerdict, { readonly word: string; readonly meaning: string }>> = {
  matched: { word: 'Matched', meaning: 'N(0, I) draws where the codes are' },
  mismatched: { word: 'Mismatched', meaning: 'N(0, I) draws where the codes are not' },
  collapsed: { word: 'Collapsed', meaning: 'the codes say nothing of their images' },
};

/** A tick, a cross, a ring: the verdict without its colour. */
const MARKS: Readonly<Record<AuditVerdict, Markup>> = {
  matched: html`<path d="M9 16.5l5 5 9.5-11"></path>`,
  mismatched: html`<path d="M10.5 10.5l11 11m0-11l-11 11"></path>`,
  collapsed: html`<path d="M9 16h14"></path>`,
};

/** Title, verdict, summary, reasons, and what to sample from. */
export const opening = (result: AuditResult): Markup => {
  const { verdict, summary, reasons, sampleFrom, codes, alpha, seed } = result;
  const { word, meaning } = WORDS[verdict];
  return html`
<header>
  <h1>${auditTitle(result)}</h1>
  <p class="word ${verdict}"><svg viewBox="0 0 32 32" width="44" height="44" aria-hidden="true"><circle cx="16" cy="16" r="15"></circle>${MARKS[verdict]}</svg><span>${word}<small>${meaning}</small></span></p>
  <p class="verdict">${summary}</p>
  <ol class="reasons">${reasons.map(({ statistic, text }) => html`<li><a href="#${statistic}">${names[statistic].name}</a><span>${text}</span></li>`)}</ol>
  <p class="cure"><span>Sample from</span> <b>${sampleFrom}</b></p>
  <p class="byline">${integer(codes.test.n)} held-out codes, ${integer(codes.train.n)} training codes, ${integer(codes.latents)} ${codes.latents === 1 ? 'latent' : 'latents'} · seed ${seed} · α = ${percent(alpha)}</p>
</header>`;
};
