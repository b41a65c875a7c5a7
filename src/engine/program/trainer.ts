import { GraphError, NonFiniteError } from '../errors/index.js';
import { type ModelInfo, nextName, toLoopModel, toStepModel } from '../onnx/index.js';
import type { Optimizer } from '../optim/index.js';
import { float32, type HostTensor, int64, type Runtime, type Session } from '../runtime/index.js';
import { findNonFinite } from './diagnose.js';
import { isFiniteTensor, rowOf, type StepFeeds } from './feeds.js';
import { FROZEN, LEARNED, type TracedStep } from './step.js';

export interface TrainerOptions {
  readonly step: TracedStep;
  readonly optimizer: Optimizer;
  readonly runtime: Runtime;
  readonly info: ModelInfo;
  /** Initial values of what learns; the array is not changed. */
  readonly learned: Float32Array;
  readonly frozen: Float32Array;
  /** The number that messages give its first step, where other steps came before; 0 when not given. */
  readonly firstStep?: number;
  /** Where another trainer of the same step was left; `learned` holds the values of that moment. */
  readonly resume?: Pick<Trainer, 'taken' | 'moments'>;
}

/** Runs training steps and holds what they carry from one to the next. */
export interface Trainer {
  /** Values of what learns after the steps so far. */
  readonly parameters: Float32Array;
  /** The optimizer's moments after the steps so far, by name. With `parameters` and `taken`, all that a trainer carries. */
  readonly moments: Readonly<Record<string, Float32Array>>;
  /** Steps taken. */
  readonly taken: number;
  /**
   * Takes `count` steps and gives the reports of the last.
   *
   * Throws: NonFiniteError, naming step and tensor, when a report, a parameter or a moment is not finite; the trainer
   * then still holds the state before this call.
   */
  run(count: number, feeds: StepFeeds): Promise<Readonly<Record<string, number>>>;
  release(): Promise<void>;
}

/** Throws: GraphError when moments to go on from are not those of the step, or of another length. */
export const createTrainer = async (options: TrainerOptions): Promise<Trainer> => {
  const { step, optimizer, runtime, info, learned, frozen, firstStep = 0, resume } = options;
  const names = Object.keys(step.next);
  const moments = resume ? checkedMoments(step, resume.moments, learned.length) : {};
  const session = await runtime.load(runtime.loops ? toLoopModel(step, info) : toStepModel(step, info));
  let state: Readonly<Record<string, HostTensor>> = Object.fromEntries(
    names.map((name) => [
      name,
      float32(name === LEARNED ? learned : (moments[name] ?? new Float32Array(learned.length)), [learned.length]),
    ]),
  );
  let taken = resume?.taken ?? 0;
  const shared = session.inputs.includes(FROZEN) ? { [FROZEN]: float32(frozen, [frozen.length]) } : {};

  const schedules = (from: number, count: number): Record<string, HostTensor> => {
    const values = Array.from({ length: count }, (_, i) => optimizer.schedule(from + i + 1));
    return Object.fromEntries(
      optimizer.scheduled.map((name) => [
        name,
        float32(
          Float32Array.from(values, (v) => v[name]!),
          [count],
        ),
      ]),
    );
  };
  const advance = runtime.loops ? runLoop : runSteps;

  return {
    get parameters() {
      return valuesOf(state[LEARNED]!);
    },
    get moments() {
      return Object.fromEntries(step.moments.map((name) => [name, valuesOf(state[name]!)]));
    },
    get taken() {
      return taken;
    },
    run: async (count, feeds) => {
      const perStep = { ...feeds, ...schedules(taken, count) };
      const wrong = Object.entries(perStep).find(([, x]) => x.shape[0] !== count);
      if (wrong) throw new GraphError(`run: expected ${count} steps of ${wrong[0]}, got ${wrong[1].shape[0]}`);
      const { next, reports } = await advance(session, names, state, perStep, shared, count);
      // A moment that overflowed stops its parameter from learning, with no other sign.
      const finite = Object.values(next).every(isFiniteTensor);
      if (!finite || !Object.values(reports).every(Number.isFinite)) {
        const found = await findNonFinite(step, runtime, info, state, perStep, shared, count);
        const at = firstStep + taken + (found?.step ?? count - 1);
        const tensor = found?.tensor ?? LEARNED;
        throw new NonFiniteError(
          `train: expected finite values, got ${found?.value ?? 'NaN'} in ${tensor} at step ${at}`,
          at,
          tensor,
        );
      }
      state = next;
      taken += count;
      return reports;
    },
    release: () => session.release(),
  };
};

const valuesOf = (x: HostTensor): Float32Array => (x as { data: Float32Array }).data;

const checkedMoments = (
  step: TracedStep,
  moments: Readonly<Record<string, Float32Array>>,
  length: number,
): Readonly<Record<string, Float32Array>> => {
  const told = (of: readonly string[]): string => (of.length === 0 ? 'none' : [...of].sort().join(', '));
  const [expected, got] = [told(step.moments), told(Object.keys(moments))];
  if (expected !== got) throw new GraphError(`resume: expected the moments ${expected}, got ${got}`);
  for (const [name, values] of Object.entries(moments)) {
    if (values.length !== length) {
      throw new GraphError(`resume: expected ${length} values of ${name}, got ${values.length}`);
    }
  }
  return moments;
};

type Advance = (
  session: Session,
  names: readonly string[],
  state: Readonly<Record<string, HostTensor>>,
  perStep: StepFeeds,
  shared: StepFeeds,
  count: number,
) => Promise<{ next: Record<string, HostTensor>; reports: Record<string, number> }>;

const following = (names: readonly string[], out: Readonly<Record<string, HostTensor>>): Record<string, HostTensor> =>
  Object.fromEntries(names.map((name) => [name, out[nextName(name)]!]));

const reported = (names: readonly string[], out: Readonly<Record<string, HostTensor>>): Record<string, number> => {
  const states = new Set(names.map(nextName));
  return Object.fromEntries(
    Object.entries(out)
      .filter(([name]) => !states.has(name))
      .map(([name, x]) => [name, Number(x.data.at(-1))]),
  );
};

const runLoop: Advance = async (session, names, state, perStep, shared, count) => {
  const out = await session.run({ steps: int64([count], []), ...state, ...shared, ...perStep });
  return { next: following(names, out), reports: reported(names, out) };
};

const runSteps: Advance = async (session, names, state, perStep, shared, count) => {
  let next: Record<string, HostTensor> = { ...state };
  let reports: Record<string, number> = {};
  for (let i = 0; i < count; i++) {
    const out = await session.run({ ...next, ...shared, ...rowOf(perStep, i) });
    next = following(names, out);
    reports = reported(names, out);
  }
  return { next, reports };
};
