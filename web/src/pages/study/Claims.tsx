import type { Claim, Study } from '../../../../src/lab/studies/study.js';
import { integer, short, withInterval } from '../../../../src/latent/numbers/index.js';
import { saveCsv, type Table } from '../../figures/save.js';
import { Chip } from '../../runs/Chip.js';

type Measured = Claim['measured'][number];

const valueText = ({ value, half, unit }: Measured): string =>
  `${half === undefined ? short(value) : withInterval({ value, half })}${unit === '' ? '' : ` ${unit}`}`;

const sampleText = ({ n, of }: Measured): string => (n === undefined ? '' : `n = ${integer(n)}${of ? ` ${of}` : ''}`);

const tableOf = (claims: readonly Claim[]): Table => ({
  header: ['claim', 'verdict', 'measured', 'value', 'half_width', 'unit', 'n', 'of'],
  rows: claims.flatMap(({ id, verdict, measured }) =>
    measured.map(({ name, value, half, unit, n, of }) => [
      ...[id, verdict, name, value, half ?? null, unit, n ?? null, of ?? null],
    ]),
  ),
});

const Numbers = ({ measured }: { readonly measured: Claim['measured'] }) => (
  <>
    {measured.map((each) => (
      <div key={each.name}>
        {each.name} <b>{valueText(each)}</b> <small>{sampleText(each)}</small>
      </div>
    ))}
  </>
);

/** Numbers that stand open; the rest of a claim's unfold. */
const OPEN = 3;

/** The claims of the founding study, each with mark, numbers and reason. */
export const Claims = ({ study: { claims } }: { readonly study: Study }) => (
  <section id="claims">
    <h2>Which claims hold?</h2>
    {claims.length === 0 ? (
      <p class="none">No claims were computed for this study.</p>
    ) : (
      <>
        <section class="wide" aria-label="Claims">
          <table class="claims">
            <thead>
              <tr>
                <th scope="col">Verdict</th>
                <th scope="col">Claim, and why</th>
                <th scope="col">Measured, 95% intervals</th>
              </tr>
            </thead>
            <tbody>
              {claims.map(({ id, claim, verdict, why, measured }) => (
                <tr key={id}>
                  <td>
                    <Chip word={verdict} />
                  </td>
                  <th scope="row">
                    {claim}
                    <small>{why}</small>
                  </th>
                  <td>
                    <Numbers measured={measured.slice(0, OPEN)} />
                    {measured.length > OPEN && (
                      <details>
                        <summary>{measured.length - OPEN} more</summary>
                        <Numbers measured={measured.slice(OPEN)} />
                      </details>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
        <p class="downloads">
          <button type="button" onClick={() => saveCsv('claims', tableOf(claims))}>
            Save as CSV
          </button>
        </p>
      </>
    )}
  </section>
);
