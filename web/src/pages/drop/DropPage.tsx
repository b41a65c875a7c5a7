import { useEffect } from 'preact/hooks';
import { STAGES } from '../../../../src/latent/audit/index.js';
import { AuditView } from './AuditView.js';
import { DropZone } from './DropZone.js';
import { Mapping } from './ModelMapping.js';
import { Progress } from './Progress.js';
import { RepairView } from './RepairView.js';
import * as session from './session.js';
import { type DropValues, SAMPLERS, state } from './state.js';
import '../../style/drop.css';

const MINUTE = 60_000;

const SAMPLER_NAMES: Readonly<Record<(typeof SAMPLERS)[number], string>> = {
  fast: 'those fitted in seconds',
  all: 'all, flows and diffusion too',
};

const source = () => {
  const { seed, example } = state.read();
  return session.sourceOf(seed, example === 'yes');
};

/** Looks at the files again: they, or what is said of them, are other ones now. */
const look = (): void => {
  if (
    session.files.value.some(({ role }) => role !== 'weights' && role !== 'unused') ||
    state.read().example === 'yes'
  ) {
    session.start({ type: 'look', source: source() });
  }
};

const audit = (): void => session.start({ type: 'audit', source: source(), alpha: state.read().alpha });

const repair = (): void => {
  const { alpha, samplers, minutes } = state.read();
  session.start({ type: 'repair', source: source(), alpha, samplers, budget: minutes * MINUTE });
};

const DropPage = () => {
  const values = state.read();
  const { looked, audited, repaired, work, fault } = session;
  const running = work.value?.running === true;
  useEffect(() => session.clear, []);
  useEffect(() => {
    if (values.example === 'yes') look();
  }, [values.example]);

  return (
    <div class="page drop">
      <h1>Drop your model: where do its codes live, and what should z be drawn from?</h1>
      <p class="lead">
        The audit and the repair run in this tab. <strong>Nothing leaves it</strong>: no file is uploaded, and the page
        asks for nothing but its own parts.
      </p>
      <DropZone
        onChange={() => {
          state.set({ example: 'no' });
          look();
        }}
        onExample={() => {
          session.clear();
          if (values.example === 'yes') look();
          else state.set({ example: 'yes' });
        }}
      />
      {values.example === 'yes' && (
        <p class="reading">
          The example: 4,000 posteriors in 4 dimensions around eight places on a ring, made up in this tab by the seed.
        </p>
      )}
      {fault.value !== '' && (
        <div class="fault problem" role="alert">
          {fault.value.split('\n').map((line) => (
            <p key={line}>{line}</p>
          ))}
        </div>
      )}
      {looked.value && <Mapping looked={looked.value} onChange={look} />}
      {looked.value && <Settings values={values} running={running} />}
      {work.value && work.value.task !== 'repair' && (
        <Progress work={work.value} planned={work.value.task === 'audit' ? STAGES : []} />
      )}
      <div aria-live="polite">{audited.value && <AuditView result={audited.value} />}</div>
      {audited.value && <Cure values={values} running={running} />}
      {work.value?.task === 'repair' && <Progress work={work.value} planned={[]} />}
      <div aria-live="polite">{repaired.value && <RepairView repaired={repaired.value} />}</div>
    </div>
  );
};

interface ControlProps {
  readonly values: DropValues;
  readonly running: boolean;
}

const Settings = ({ values, running }: ControlProps) => (
  <form
    class="run"
    onSubmit={(event) => {
      event.preventDefault();
      audit();
    }}
  >
    <button type="submit" class="play" disabled={running}>
      Audit
    </button>
    <label>
      <span>seed</span>
      <input
        type="number"
        min={0}
        max={4294967295}
        step={1}
        value={values.seed}
        onChange={(event) => state.set({ seed: event.currentTarget.valueAsNumber })}
      />
    </label>
    <label>
      <span>α of the hole mass</span>
      <input
        type="number"
        min={0.001}
        max={0.49}
        step={0.001}
        value={values.alpha}
        onChange={(event) => state.set({ alpha: event.currentTarget.valueAsNumber })}
      />
    </label>
  </form>
);

const Cure = ({ values, running }: ControlProps) => (
  <section aria-label="Cure">
    <h2>What should z be drawn from?</h2>
    <form
      class="run"
      onSubmit={(event) => {
        event.preventDefault();
        repair();
      }}
    >
      <button type="submit" class="play" disabled={running}>
        Repair
      </button>
      <label>
        <span>samplers to try</span>
        <select
          value={values.samplers}
          onChange={(event) => state.set({ samplers: event.currentTarget.value as DropValues['samplers'] })}
        >
          {SAMPLERS.map((each) => (
            <option key={each} value={each}>
              {SAMPLER_NAMES[each]}
            </option>
          ))}
        </select>
      </label>
      <label>
        <span>minutes at most</span>
        <input
          type="number"
          min={1}
          max={120}
          value={values.minutes}
          onChange={(event) => state.set({ minutes: event.currentTarget.valueAsNumber })}
        />
      </label>
    </form>
  </section>
);

export default DropPage;
