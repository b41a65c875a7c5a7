import { integer, short, withInterval } from '../../../latent/numbers/index.js';
import type { Claim, Study } from '../../studies/study.js';
import { html, type Markup, trusted } from '../html.js';
import { listed, unbroken } from '../words.js';

type Measured = Claim['measured'][number];

/** Numbers that stand open; the rest of a claim's unfold. */
const OPEN = 4;

/** A form for each verdict: it is told by shape and word, colour only helps. */
const marks: Readonly<Record<Claim['verdict'], string>> = {
  holds: '<path d="M4 8.5 7 11.5 12 5" />',
  'does not hold': '<path d="M5 5l6 6M11 5l-6 6" />',
  'cannot tell': '<path d="M5.8 6.2a2.2 2.2 0 1 1 3.3 1.9c-.8.5-1.1.9-1.1 1.7M8 12v.1" />',
};

const mark = (verdict: Claim['verdict']): Markup =>
  trusted(
    `<svg class="mark" viewBox="0 0 16 16" width="22" height="22" aria-hidden="true"><circle cx="8" cy="8" r="7.2" />${marks[verdict]}</svg>`,
  );

const classOf = (verdict: Claim['verdict']): string => verdict.replaceAll(' ', '-');

/** `0.79 ± 0.14 nats`, n below it. */
export const measuredValue = ({ value, half, unit }: Measured): string =>
  `${half === undefined ? short(value) : withInterval({ value, half })}${unit === '' ? '' : ` ${unit}`}`;

export const measuredN = ({ n, of }: Measured): string =>
  n === undefined ? '' : `n = ${integer(n)}${of ? ` ${of}` : ''}`;

const number = (measured: Measured): Markup =>
  html`<div><dt>${unbroken(measured.name)}</dt><dd>${measuredValue(measured)}${
    measured.n !== undefined && html`<small>${measuredN(measured)}</small>`
  }</dd></div>`;

const numbers = (measured: readonly Measured[]): Markup => {
  if (measured.length === 0) return html`<p class="note">Not measured in this study.</p>`;
  const [open, rest] = [measured.slice(0, OPEN), measured.slice(OPEN)];
  return html`<dl class="numbers">${open.map(number)}</dl>${
    rest.length > 0 &&
    html`<details><summary>${rest.length} more ${rest.length === 1 ? 'number' : 'numbers'}</summary><dl class="numbers">${rest.map(number)}</dl></details>`
  }`;
};

const row = (claim: Claim): Markup => html`<tr role="row" id="claim-${claim.id}">
  <td role="cell" class="found ${classOf(claim.verdict)}">${mark(claim.verdict)}<b>${claim.verdict}</b></td>
  <th role="rowheader" scope="row"><span class="letter">${claim.id}</span>${unbroken(claim.claim)}<p class="why">${unbroken(claim.why)}</p></th>
  <td role="cell">${numbers(claim.measured)}</td>
</tr>`;

/** `7 claims hold, 1 does not hold and 1 cannot be told`. */
export const tally = (claims: readonly Claim[]): string => {
  const count = (verdict: Claim['verdict']): number => claims.filter((claim) => claim.verdict === verdict).length;
  const [holds, not, open] = [count('holds'), count('does not hold'), count('cannot tell')];
  return listed([
    ...(holds > 0 ? [`${holds} ${holds === 1 ? 'holds' : 'hold'}`] : []),
    ...(not > 0 ? [`${not} ${not === 1 ? 'does' : 'do'} not hold`] : []),
    ...(open > 0 ? [`${open} cannot be told`] : []),
  ]);
};

/** What ± means in the claims of a study. */
export const intervalBasis = ({ runs }: Pick<Study, 'runs'>): string => {
  const seeds = new Set(runs.filter((run) => run.state === 'done').map((run) => run.seed)).size;
  return seeds > 1
    ? `± is a 95% interval over ${seeds} seeds (Student’s t), of differences seed by seed.`
    : 'One seed: ± is a 95% interval over test images, batches or sets of noise, and says nothing of other seeds.';
};

/** The claims of the founding study, each with its verdict, its numbers and the reason. */
export const claimsSection = (study: Study): Markup => html`
<section id="claims">
  <h2>Which claims hold?</h2>
  ${
    study.claims.length === 0
      ? html`<p>No claims were computed for this study.</p>`
      : html`<p>Of ${study.claims.length} claims ${tally(study.claims)}.</p>
  <table class="claims" role="table">
    <thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Verdict</th><th role="columnheader" scope="col">Claim, and why</th><th role="columnheader" scope="col">Measured</th></tr></thead>
    <tbody role="rowgroup">${study.claims.map(row)}</tbody>
  </table>
  <p class="note">${intervalBasis(study)} A claim cannot be told while the interval of its number reaches the bound that decides it.
    Differences are signed so that the first named less the second is shown. <a href="#definitions">Definitions</a></p>`
  }
</section>`;
