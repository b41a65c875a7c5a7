import {
  type AuditResult,
  isMeasured,
  type Statistic,
  type StatisticName,
} from '../../../../src/latent/audit/index.js';
import {
  floorStrip,
  groups,
  names,
  placeOf,
  pText,
  unitText,
  withError,
} from '../../../../src/latent/audit/reading/index.js';
import { integer } from '../../../../src/latent/numbers/index.js';
import { FloorStrip } from '../../figures/FloorStrip.js';
import { saveCsv, type Table } from '../../figures/save.js';
import { Chip } from '../../runs/Chip.js';
import { Command } from '../../runs/Command.js';

/** Whether true draws of N(0, I) have such a value: nothing where that is not known. */
const markOf = (statistic: Statistic): 'like N(0, I)' | 'unlike N(0, I)' | undefined => {
  if (!isMeasured(statistic) || !statistic.floor) return undefined;
  const { low, high, mark } = floorStrip(statistic.value, statistic.floor);
  return mark >= low && mark <= high ? 'like N(0, I)' : 'unlike N(0, I)';
};

const Row = ({ name, audit }: { readonly name: StatisticName; readonly audit: AuditResult }) => {
  const { name: title, meaning, form } = names[name];
  const statistic = audit.statistics[name];
  const mark = markOf(statistic);
  const head = (
    <th scope="row">
      {title}
      <small>{meaning}</small>
    </th>
  );
  if (!isMeasured(statistic)) {
    return (
      <tr class="without">
        <td />
        {head}
        <td colSpan={3}>unavailable: {statistic.unavailable}</td>
      </tr>
    );
  }
  const { n, seed, pValue, floor, saturated, by } = statistic;
  return (
    <tr>
      <td class="mark">
        {mark && (
          <span class={mark === 'like N(0, I)' ? 'like' : 'unlike'} role="img" aria-label={mark} title={mark}>
            {mark === 'like N(0, I)' ? '✓' : '✗'}
          </span>
        )}
      </td>
      {head}
      <td>
        <b>{withError(statistic, form)}</b> {form === 'count' ? `of ${audit.codes.latents}` : unitText(statistic.unit)}
        {saturated && <small>saturated: the rate is above ln N − 1</small>}
        {by && <small>by {by}</small>}
      </td>
      <td>
        n = {integer(n)}
        {seed !== undefined && <small>seed {seed}</small>}
        {pValue !== undefined && <small>{pText(pValue)}</small>}
      </td>
      <td>
        {floor && (
          <>
            <FloorStrip name={title} measured={statistic} floor={floor} />
            <small>{placeOf(statistic.value, floor)}</small>
          </>
        )}
      </td>
    </tr>
  );
};

const table = ({ statistics }: AuditResult): Table => ({
  header: ['statistic', 'value', 'se', 'low', 'high', 'unit', 'n', 'seed', 'p_value', 'floor_2.5', 'floor_97.5'],
  rows: (Object.entries(statistics) as [string, Statistic][]).map(([name, statistic]) => {
    if (!isMeasured(statistic)) return [name, null, null, null, null, null, null, null, null, null, null];
    const { value, se, interval, unit, n, seed, pValue, floor } = statistic;
    return [
      ...[name, value, se ?? null, interval?.[0] ?? null, interval?.[1] ?? null, unit, n, seed ?? null, pValue ?? null],
      ...[floor?.quantiles[0] ?? null, floor?.quantiles[5] ?? null],
    ];
  }),
});

/** Every statistic with its mark, number, interval, and place among true draws of N(0, I). */
export const AuditPanel = ({ audit, folder }: { readonly audit: AuditResult | undefined; readonly folder: string }) => (
  <section id="audit">
    <h2>Do the codes fill the prior?</h2>
    {audit ? (
      <>
        <p>
          <Chip word={audit.verdict} /> {audit.summary}
        </p>
        <ol class="reasons">
          {audit.reasons.map(({ statistic, text }) => (
            <li key={statistic}>{text}</li>
          ))}
        </ol>
        <section class="wide" aria-label="Statistics of the audit">
          <table class="audit">
            <thead>
              <tr>
                <th scope="col">
                  <span class="unseen">Mark</span>
                </th>
                <th scope="col">Statistic</th>
                <th scope="col">Value, 95% interval</th>
                <th scope="col">Sample</th>
                <th scope="col">Among true draws of N(0, I)</th>
              </tr>
            </thead>
            {groups.map(({ title, statistics }) => (
              <tbody key={title}>
                <tr class="group">
                  <th scope="rowgroup" colSpan={5}>
                    {title}
                  </th>
                </tr>
                {statistics.map((name) => (
                  <Row key={name} name={name} audit={audit} />
                ))}
              </tbody>
            ))}
          </table>
        </section>
        {audit.notes.map((note) => (
          <p key={note} class="note">
            {note}
          </p>
        ))}
        <p class="downloads">
          <button type="button" onClick={() => saveCsv('audit', table(audit))}>
            Save as CSV
          </button>
        </p>
      </>
    ) : (
      <>
        <p>No audit lies with this run. This measures it, and it appears here:</p>
        <Command text={`npx zdist audit ${folder} --out ${folder}/audit`} />
      </>
    )}
  </section>
);
