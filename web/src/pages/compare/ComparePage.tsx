import '../../style/runs.css';
import type { MetricsAnswer, RunDetail } from '../../../../src/lab/server/contract.js';
import { Curves } from '../../figures/Curves.js';
import { Figure } from '../../figures/Figure.js';
import { saveCsv } from '../../figures/save.js';
import { useWidth } from '../../figures/useWidth.js';
import { Chip } from '../../runs/Chip.js';
import { curveTable, pointsOf } from '../../runs/curves.js';
import { QUANTITIES, type Quantity } from '../../runs/look.js';
import { configurationOf, differences } from '../../runs/settings.js';
import { runDetail, runMetrics } from '../../runs/source.js';
import { useRead } from '../../runs/useRead.js';
import { estimateText, holeMasses, holeText } from '../run/words.js';
import { Grids } from './Grids.js';
import { letterOf, runColour } from './letters.js';
import { compareState } from './state.js';

interface Opened {
  readonly run: RunDetail;
  readonly metrics: MetricsAnswer;
}
type Several = { readonly opened: readonly Opened[] };

const open = async (key: string): Promise<Opened> => {
  const [run, metrics] = await Promise.all([runDetail(key), runMetrics(key)]);
  return { run, metrics };
};

const nameOf = ({ run }: Opened): string => `${run.name}, seed ${run.seed}`;

const Legend = ({ opened }: Several) => {
  const { keys } = compareState.read();
  return (
    <ul class="legend">
      {opened.map((each, i) => (
        <li key={each.run.key} class="legend-run" data-letter={letterOf(i)} style={{ '--key': runColour(i) }}>
          <a href={`#/run?key=${each.run.key}`}>{nameOf(each)}</a>
          {each.run.verdict && <Chip word={each.run.verdict} />}
          <button
            type="button"
            class="leave-out"
            aria-label={`Leave out ${nameOf(each)}`}
            onClick={() => compareState.set({ keys: keys.filter((key) => key !== each.run.key) })}
          >
            ✕
          </button>
        </li>
      ))}
    </ul>
  );
};

const captionOf = (opened: readonly Opened[], quantity: Quantity, name: string): string => {
  const last = opened.flatMap(({ run }, i) => (run.final ? [{ letter: letterOf(i), ...run.final[quantity] }] : []));
  if (last.length === 0) return 'Nothing measured yet.';
  const ordered = last.toSorted((a, b) => b.value - a.value);
  const told = ordered.map((each) => `${each.letter} ${estimateText(each)}`).join(', ');
  return `${name} at the end, the highest first, 95% over test images: ${told} nats.`;
};

const Charts = ({ opened }: Several) => {
  const [box, width] = useWidth<HTMLDivElement>();
  const { axis } = compareState.read();
  const chart = width > 760 ? Math.floor((width - 32) / 2) : width;
  const table = () => curveTable(opened.map((each) => ({ name: nameOf(each), curve: each.metrics.curve })));
  return (
    <section id="curves">
      <label class="switch">
        <input
          type="checkbox"
          checked={axis === 'log'}
          onChange={(event) => compareState.set({ axis: event.currentTarget.checked ? 'log' : 'even' })}
        />
        <span>Logarithmic KL</span>
      </label>
      <div class="charts" ref={box}>
        {chart > 0 &&
          QUANTITIES.map(({ quantity, question, axis: y, short }) => (
            <Figure
              key={quantity}
              title={question}
              name={`compare-${quantity}`}
              table={table}
              caption={captionOf(opened, quantity, short)}
            >
              <Curves
                width={chart}
                x="step"
                y={y}
                log={axis === 'log' && (quantity === 'rate' || quantity === 'momentKl')}
                curves={opened.map((each, i) => ({
                  ...{ name: `${letterOf(i)} ${nameOf(each)}`, label: letterOf(i), colour: runColour(i) },
                  points: pointsOf(each.metrics.curve, quantity),
                }))}
              />
            </Figure>
          ))}
      </div>
    </section>
  );
};

const LettersHead = ({ opened, first }: Several & { readonly first: string }) => (
  <thead>
    <tr>
      <th scope="col">{first}</th>
      {opened.map((each, i) => (
        <th key={each.run.key} scope="col" title={nameOf(each)}>
          {letterOf(i)}
        </th>
      ))}
    </tr>
  </thead>
);

const Finals = ({ opened }: Several) => {
  const holes = opened.map(({ run }) => holeMasses(run)[0]);
  return (
    <section id="finals">
      <h2>Where did they end?</h2>
      <section class="wide" aria-label="Final values">
        <table>
          <LettersHead opened={opened} first="nats per image, 95% over test images" />
          <tbody>
            {QUANTITIES.map(({ quantity, short }) => (
              <tr key={quantity}>
                <th scope="row">{short}</th>
                {opened.map(({ run }) => (
                  <td key={run.key}>{run.final && estimateText(run.final[quantity])}</td>
                ))}
              </tr>
            ))}
            {holes.some(Boolean) && (
              <tr>
                <th scope="row">Hole mass of N(0, I), share of draws</th>
                {holes.map((hole, i) => (
                  <td key={opened[i]!.run.key}>{hole ? holeText(hole) : 'not measured'}</td>
                ))}
              </tr>
            )}
          </tbody>
        </table>
      </section>
    </section>
  );
};

const Differences = ({ opened }: Several) => {
  const found = differences(opened.map(({ run }) => configurationOf({ ...run })));
  const save = () =>
    saveCsv('differences', {
      header: ['setting', ...opened.map(nameOf)],
      rows: found.map(({ name, values }) => [name, ...values.map((value) => value ?? null)]),
    });
  return (
    <section id="differences">
      <h2>In what do they differ?</h2>
      {found.length === 0 ? (
        <p class="none">In no setting: they are the same run twice, or of another version.</p>
      ) : (
        <>
          <section class="wide" aria-label="Settings that differ">
            <table>
              <LettersHead opened={opened} first="setting" />
              <tbody>
                {found.map(({ name, values }) => (
                  <tr key={name}>
                    <th scope="row">{name}</th>
                    {values.map((value, i) => (
                      <td key={opened[i]!.run.key}>{value ?? '—'}</td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </section>
          <p class="downloads">
            <button type="button" onClick={save}>
              Save as CSV
            </button>
          </p>
        </>
      )}
    </section>
  );
};

const ComparePage = () => {
  const { keys } = compareState.read();
  const now = useRead(keys.join(), () => Promise.allSettled(keys.map(open)));
  if (keys.length === 0) {
    return (
      <div class="page">
        <h1>Nothing to compare yet</h1>
        <p>
          Choose up to ten <a href="#/">runs</a> by their boxes, then Compare.
        </p>
      </div>
    );
  }
  if (now.state !== 'read') return <p class="waiting">Reading {keys.length} runs…</p>;
  const opened = now.value.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  const missing = now.value.flatMap((each) => (each.status === 'rejected' ? [String(each.reason?.message)] : []));
  return (
    <div class="page">
      <p class="path">
        <a href={`#/?chosen=${keys.join(',')}`}>Runs</a> / compare
      </p>
      <h1>What sets these {opened.length} runs apart?</h1>
      {missing.map((message) => (
        <p key={message} class="fault" role="alert">
          {message}
        </p>
      ))}
      {opened.length > 0 && (
        <>
          <Legend opened={opened} />
          <Charts opened={opened} />
          <Finals opened={opened} />
          <Differences opened={opened} />
          <Grids runs={opened.map(({ run }) => run)} />
        </>
      )}
    </div>
  );
};

export default ComparePage;
