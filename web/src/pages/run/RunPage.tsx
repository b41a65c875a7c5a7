import '../../style/runs.css';
import type { MetricsAnswer, RunDetail } from '../../../../src/lab/server/contract.js';
import { integer } from '../../../../src/latent/numbers/index.js';
import { Chip } from '../../runs/Chip.js';
import { kindOf } from '../../runs/look.js';
import { AuditPanel } from './AuditPanel.js';
import { Provenance } from './Provenance.js';
import { RepairPanel } from './RepairPanel.js';
import { RunCurves } from './RunCurves.js';
import { Samples, sampledSteps } from './Samples.js';
import { runState } from './state.js';
import { useRun } from './useRun.js';
import { auditOf, repairOf, verdictSentence } from './words.js';

const Opening = ({ run }: { readonly run: RunDetail }) => (
  <>
    <p class="path">
      <a href="#/">Runs</a> / {run.study && <a href={`#/study?key=${run.study}`}>study</a>} {run.study && '/'}{' '}
      {run.folder}
    </p>
    <h1 class="verdict">{verdictSentence(run)}</h1>
    <p class="chips">
      {run.verdict && <Chip word={run.verdict} />}
      <Chip word={run.state} />
      <Chip word="fact">{kindOf(run)}</Chip>
      <Chip word="fact">{run.data}</Chip>
      <Chip word="fact">
        {integer(run.latents)} {run.latents === 1 ? 'latent' : 'latents'}
      </Chip>
      <Chip word="fact">β {run.beta}</Chip>
      <Chip word="fact">seed {run.seed}</Chip>
    </p>
    {run.error && (
      <p class="fault" role="alert">
        {run.error}
      </p>
    )}
    <p class="ways">
      <a href={`#/explorer?run=${run.key}`}>Explore its latent space</a>
      <a href={`#/plane?run=${run.key}`}>Its codes in the (μ, σ) plane</a>
      <a href={`#/compare?keys=${run.key}`}>Compare</a>
    </p>
  </>
);

const Charts = ({ run, metrics }: { readonly run: RunDetail; readonly metrics: MetricsAnswer }) => {
  const { step, axis } = runState.read();
  const steps = sampledSteps(run);
  const at = steps.find((each) => step >= 0 && each.step >= step)?.step;
  return (
    <section id="curves">
      <label class="switch">
        <input
          type="checkbox"
          checked={axis === 'log'}
          onChange={(event) => runState.set({ axis: event.currentTarget.checked ? 'log' : 'even' })}
        />
        <span>Logarithmic KL</span>
      </label>
      <RunCurves run={run} metrics={metrics} log={axis === 'log'} {...(at !== undefined && { at })} />
    </section>
  );
};

const RunPage = () => {
  const { key } = runState.read();
  const now = useRun(key);
  if (now.state === 'loading') return <p class="waiting">Reading the run…</p>;
  if (now.state === 'fault') {
    return (
      <div class="page">
        <h1>This run cannot be shown</h1>
        <p class="fault" role="alert">
          {key === '' ? 'The address names no run: expected #/run?key=…' : now.message}
        </p>
        <p>
          It may have been moved or removed. <a href="#/">All runs</a>
        </p>
      </div>
    );
  }
  const { run, metrics } = now;
  return (
    <div class="page run">
      <Opening run={run} />
      <Charts run={run} metrics={metrics} />
      <Samples run={run} />
      <AuditPanel audit={auditOf(run)} folder={run.folder} />
      <RepairPanel repair={repairOf(run)} folder={run.folder} />
      <Provenance run={run} />
    </div>
  );
};

export default RunPage;
