import '../../style/runs.css';
import { useEffect, useMemo } from 'preact/hooks';
import type { RunsAnswer, StudyRow } from '../../../../src/lab/server/contract.js';
import { integer } from '../../../../src/latent/numbers/index.js';
import { saveCsv, type Table } from '../../figures/save.js';
import { Command } from '../../runs/Command.js';
import { fault, liveness, runs, startLive } from '../../runs/live.js';
import { COLUMNS, whenText } from './columns.js';
import { Empty, Problems } from './Empty.js';
import { Filters } from './Filters.js';
import { RunTable } from './RunTable.js';
import { rowsOf, type TableRow } from './select.js';
import { MOST_COMPARED, table } from './state.js';

/** A row a run, groups too: means can be taken again, runs cannot be taken apart. */
const csvOf = (rows: readonly TableRow[]): Table => ({
  header: [
    ...['key', 'folder', 'group'],
    ...COLUMNS.flatMap(({ id, measured }) => (measured ? [`${id}_nats`, `${id}_se`, `${id}_n`] : [id])),
  ],
  rows: rows.flatMap(({ runs: members }) =>
    members.map((run) => [
      ...[run.key, run.folder, run.group],
      ...COLUMNS.flatMap(({ value, measured }) => {
        if (!measured) return [value(run) ?? null];
        const found = measured(run);
        return found ? [found.value, found.se, found.n] : [null, null, null];
      }),
    ]),
  ),
});

const Studies = ({ studies }: { readonly studies: readonly StudyRow[] }) =>
  studies.length === 0 ? null : (
    <section class="studies">
      <h2>Studies</h2>
      <ul>
        {studies.map(({ key, folder, verdict, seeds, data, started, runs: members }) => (
          <li key={key}>
            <a href={`#/study?key=${key}`}>{folder === '.' ? 'This study' : folder}</a>
            <small>
              {data}, {members.length} runs, seeds {seeds.join(', ')}, {whenText(started)}
            </small>
            <p>{verdict}</p>
          </li>
        ))}
      </ul>
    </section>
  );

const Chosen = () => {
  const { chosen } = table.read();
  if (chosen.length === 0) return null;
  return (
    <div class="chosen" role="status">
      <span>
        {chosen.length} of at most {MOST_COMPARED} runs chosen
      </span>
      <a class="act" href={`#/compare?keys=${chosen.join(',')}`}>
        Compare
      </a>
      <button type="button" class="button" onClick={() => table.set({ chosen: [] })}>
        Choose none
      </button>
    </div>
  );
};

const LIVE_WORDS = {
  live: 'Live: new runs and values appear by themselves.',
  reconnecting: 'The connection to zdist ui is lost; trying again.',
} as const;

const Runs = ({ answer }: { readonly answer: RunsAnswer }) => {
  const values = table.read();
  const { q, state, regime, data, verdict, sort, order, by } = values;
  const rows = useMemo(
    () => rowsOf(answer.runs, values),
    [answer.runs, q, state, regime, data, verdict, sort, order, by],
  );
  const now = liveness.value;
  const count = rows.reduce((sum, row) => sum + row.runs.length, 0);
  const reset = () => table.set({ q: '', state: '', regime: '', data: '', verdict: '' });
  return (
    <>
      <Filters all={answer.runs} />
      <p class="tally" role="status">
        {integer(count)} of {integer(answer.runs.length)} runs
        {by === 'seeds' && ` in ${integer(rows.length)} groups; mean ± 95% interval over n seeds (Student’s t)`}.{' '}
        <button type="button" class="inline" onClick={() => saveCsv('runs', csvOf(rows))}>
          Save as CSV
        </button>
        {(now === 'live' || now === 'reconnecting') && <span class={`live ${now}`}>{LIVE_WORDS[now]}</span>}
      </p>
      {rows.length > 0 ? (
        <RunTable rows={rows} />
      ) : (
        <p class="none">
          No run is like this.{' '}
          <button type="button" class="inline" onClick={reset}>
            Show all {integer(answer.runs.length)}
          </button>
        </p>
      )}
      <Problems problems={answer.problems} />
      <Chosen />
    </>
  );
};

/** A static site without runs, or a server that is gone: what can be done here all the same. */
const Failed = () => (
  <div class="page">
    <h1>No runs to show</h1>
    <p class="lead">
      This page reads runs from <code>zdist ui</code>, or from files beside it; neither answered.
    </p>
    <p class="fault" role="alert">
      {fault.value}
    </p>
    <Command text="npx zdist ui runs" />
    <p>
      Or <a href="#/train">train a model here, in this tab</a>, which needs neither.
    </p>
  </div>
);

const RunsPage = () => {
  useEffect(() => void startLive(), []);
  const answer = runs.value;
  if (!answer) return liveness.value === 'failed' ? <Failed /> : <p class="waiting">Reading runs…</p>;
  return (
    <div class="page">
      <h1>Where do the codes of these runs live?</h1>
      {answer.runs.length === 0 ? (
        <Empty problems={answer.problems} />
      ) : (
        <>
          <p class="lead">
            Matched: N(0, I) is where the codes are. Mismatched: it is not, and draws from it fall beside them.
            Collapsed: codes say nothing of their image.
          </p>
          <Runs answer={answer} />
          <Studies studies={answer.studies} />
        </>
      )}
    </div>
  );
};

export default RunsPage;
