import {
  type AuditResult,
  isMeasured,
  type Measured,
  type Statistic,
  type StatisticName,
} from '../../../../latent/audit/index.js';
import {
  bareValue,
  groups,
  names,
  percent,
  pText,
  unitText,
  withError,
} from '../../../../latent/audit/reading/index.js';
import { integer, short } from '../../../../latent/numbers/index.js';
import { html, type Markup } from '../../html.js';
import { noiseFloorStrip } from '../strip.js';

/** What saturation does to a number, and what is known none the less. */
const saturation = (name: StatisticName, { bracket }: AuditResult): string => {
  const between = (range: readonly [number, number]): string => `between ${range.map(short).join(' and ')} nats`;
  if (name === 'marginalKl')
    return `saturated: an upper estimate${bracket ? `; known is ${between(bracket.marginalKl)}` : ''}`;
  if (name === 'mutualInformation') {
    return `saturated: held down by ln N${bracket ? `; known is ${between(bracket.mutualInformation)}` : ''}`;
  }
  return 'saturated: the rate is above ln N − 1';
};

const value = (name: StatisticName, measured: Measured, result: AuditResult): Markup => {
  const { form } = names[name];
  const all = withError(measured, form);
  const alone = bareValue(measured, form);
  // The interval takes a line of its own where it does not follow a ±.
  const interval = all.startsWith(`${alone} (`) ? all.slice(alone.length + 2, -1) : undefined;
  const unit = form === 'count' ? `of ${integer(result.codes.latents)}` : unitText(measured.unit);
  return html`<b>${interval === undefined ? all : alone}</b> ${unit && html`<span class="unit">${unit}</span>`}
    ${interval && html`<small>95%: ${interval}</small>`}
    ${measured.saturated && html`<small class="saturated">${saturation(name, result)}</small>`}`;
};

const row = (name: StatisticName, statistic: Statistic, result: AuditResult): Markup => {
  const { name: title, meaning } = names[name];
  const head = html`<th scope="row" id="${name}">${title}<small>${meaning}</small>${
    isMeasured(statistic) && statistic.by && html`<small class="by">by ${statistic.by}</small>`
  }</th>`;
  if (!isMeasured(statistic)) {
    return html`<tr class="without">${head}<td colspan="3"><b>unavailable</b><small>${statistic.unavailable}</small></td></tr>`;
  }
  const { n, seed, pValue, floor } = statistic;
  return html`<tr>${head}<td class="value">${value(name, statistic, result)}</td>
    <td class="sample"><span>n = ${integer(n)}</span>${seed !== undefined && html` <span>seed ${seed}</span>`}${pValue !== undefined && html` <span class="p">${pText(pValue)}</span>`}</td>
    <td class="floor">${floor ? noiseFloorStrip(title, statistic, floor) : expected(name, result)}</td></tr>`;
};

/** What codes that are N(0, I) would read, of the statistics where that is known without draws. */
const expected = (name: StatisticName, { alpha }: AuditResult): Markup | undefined => {
  if (name === 'holeMass') return html`<small>N(0, I) would have ${percent(alpha)}</small>`;
  if (name === 'c2st') return html`<small>N(0, I) would have 50%</small>`;
  if (name === 'c2stAuc') return html`<small>N(0, I) would have 0.5</small>`;
  return undefined;
};

/** Of a floor that has one: of how many sets. */
const replicatesOf = ({ statistics }: AuditResult): number | undefined =>
  groups
    .flatMap((group) => group.statistics.map((name) => statistics[name]))
    .flatMap((statistic) => (isMeasured(statistic) && statistic.floor ? [statistic.floor.replicates] : []))
    .at(0);

/** Every statistic: value, interval, n, seed, p-value, and where it lies among true draws of N(0, I). */
export const statisticsSection = (result: AuditResult): Markup => {
  const replicates = replicatesOf(result);
  return html`
<section id="statistics">
  <h2>What was measured?</h2>
  <p class="note">± and ranges are 95% intervals; information in nats, summed over latents, averaged over images.${
    replicates !== undefined &&
    ` Strips: the same statistic of ${integer(replicates)} sets of true N(0, I) draws of the same size (pale 2.5% to 97.5%, dark 25% to 75%, line at the median), and ours as a diamond; a break means that ours is further off than the strip is long.`
  }</p>
  <table class="statistics">
    <thead><tr><th scope="col">Statistic</th><th scope="col">Value</th><th scope="col">Sample</th><th scope="col">Against true N(0, I)</th></tr></thead>
    ${groups.map(
      ({ title, statistics }) =>
        html`<tbody><tr class="group"><th scope="rowgroup" colspan="4">${title}</th></tr>${statistics.map((name) =>
          row(name, result.statistics[name], result),
        )}</tbody>`,
    )}
  </table>
</section>`;
};
