import { NonFiniteError } from '../../../engine/errors/index.js';
import { input, mean, named } from '../../../engine/graph/index.js';
import { createOptimizer, type Optimizer } from '../../../engine/optim/index.js';
import { createTrainer, type TracedStep, traceStep } from '../../../engine/program/index.js';
import type { Runtime } from '../../../engine/runtime/index.js';
import { VERSION } from '../../../vae/training/index.js';
import type { FitOptions, TrainingCodes } from '../sampler.js';
import { CODES, codeBatches, type Parted, part } from './draws.js';
import type { LatentModel } from './latentModel.js';
import { steadied, warmCosine } from './optimizer.js';
import { rowValues } from './rowValues.js';
import { type Whitening, whitened } from './whitening.js';

/** How long and how fast a model learns. */
export interface Schedule {
  readonly batch: number;
  readonly rate: number;
  /** Passes over the codes, within the bounds of `steps`. */
  readonly epochs: number;
  readonly steps: readonly [least: number, most: number];
}

export interface TrainedLatents {
  readonly parameters: Float32Array;
  readonly notes: readonly string[];
  readonly facts: Readonly<Record<string, number>>;
}

/** Steps in one call of the runtime. */
const CHUNK = 25;
/** Held-out evaluations over a whole training, and how many in a row may bring nothing before it ends. */
const EVALUATIONS = 60;
const PATIENCE = 12;
const CLIP = 5;
/** Parameters are averaged over about so many evaluations. */
const AVERAGED = 1;

/** Codes that a model of so many latents takes at least. */
export const leastCodes = (latents: number): number => Math.max(64, 4 * latents);

/**
 * Descends the model's loss on draws of the codes by Adam, its gradient clipped and its rate let down along a cosine, and
 * keeps the parameters of the least loss on held-out draws. Ends early when that loss has not fallen for long, when the
 * deadline has come, or when a value is not finite: it then gives the best there is and says so. Where the deadline leaves
 * no time for all steps, the rate comes down over those that it does leave time for.
 *
 * The fact `heldOutLoss` is that of whitened codes, in nats for a flow.
 *
 * The result depends on codes, seed and the runtime's threads alone, unless the deadline ends it.
 */
export const trainLatents = async (
  model: LatentModel,
  whitening: Whitening,
  codes: TrainingCodes,
  options: FitOptions,
  schedule: Schedule,
): Promise<TrainedLatents> => {
  const { seed, runtime, deadline, onProgress } = options;
  const { rows, heldOut } = part(codes, options.heldOut, model.chances, seed);
  const batch = Math.min(schedule.batch, rows.length);
  const [least, most] = schedule.steps;
  const steps = Math.min(most, Math.max(least, Math.ceil((schedule.epochs * rows.length) / batch)));
  let planned = steps;
  const optimizer = steadied(
    createOptimizer({ name: 'adam', lr: schedule.rate, beta1: 0.9, beta2: 0.999, eps: 1e-8 }),
    { clip: CLIP, factor: warmCosine(() => planned, Math.min(100, Math.ceil(steps / 10))) },
  );
  const learned = model.initial(seed);
  const trainer = await createTrainer({
    step: stepOf(model, whitening, batch, optimizer),
    optimizer,
    runtime,
    info: { version: VERSION },
    learned,
    frozen: new Float32Array(0),
  });
  const lossOf = await heldOutLoss(model, whitening, heldOut, runtime);
  const batches = codeBatches(codes, rows, batch, model.chances, seed);
  const evaluateEvery = CHUNK * Math.ceil(steps / EVALUATIONS / CHUNK);
  const notes: string[] = whitening.note === undefined ? [] : [whitening.note];
  try {
    let best = { parameters: learned, loss: await lossOf.evaluate(learned), step: 0 };
    const average = runningAverage(learned, (AVERAGED * evaluateEvery) / CHUNK);
    const evaluate = async (): Promise<void> => {
      const loss = await lossOf.evaluate(average.values);
      if (loss < best.loss) best = { parameters: average.values.slice(), loss, step: trainer.taken };
    };
    const pace = stepsInTime(steps, deadline);
    while (trainer.taken < steps && trainer.taken - best.step < PATIENCE * evaluateEvery) {
      planned = pace(trainer.taken);
      if (planned <= trainer.taken) {
        notes.push(`the time was up after ${trainer.taken} of ${steps} steps`);
        break;
      }
      const count = Math.min(CHUNK, steps - trainer.taken);
      try {
        await trainer.run(count, batches(trainer.taken, count));
      } catch (error) {
        if (!(error instanceof NonFiniteError)) throw error;
        notes.push(`training ended at step ${error.step}: ${error.tensor} was not finite`);
        break;
      }
      average.add(trainer.parameters);
      onProgress?.(trainer.taken / steps);
      if (trainer.taken % evaluateEvery === 0) await evaluate();
    }
    await evaluate();
    return {
      parameters: best.parameters,
      notes,
      facts: { parameters: learned.length, steps: trainer.taken, bestStep: best.step, heldOutLoss: best.loss },
    };
  } finally {
    await trainer.release();
    await lossOf.release();
  }
};

/** How many steps there will be when so many are taken: all, or as many chunks as the deadline leaves time for at this pace. */
const stepsInTime = (steps: number, deadline: FitOptions['deadline']): ((taken: number) => number) => {
  if (!deadline) return () => steps;
  const began = deadline.now();
  return (taken) => {
    const now = deadline.now();
    if (now >= deadline.at) return taken;
    if (taken === 0) return steps;
    const chunks = Math.floor(((deadline.at - now) * taken) / (now - began) / CHUNK);
    return Math.min(steps, taken + CHUNK * chunks);
  };
};

/** The mean of the last vectors, of about so many: the plain mean until there are more. */
const runningAverage = (first: Float32Array, horizon: number) => {
  const values = first.slice();
  let added = 0;
  return {
    values,
    add: (next: Float32Array): void => {
      added++;
      const share = Math.max(1 / added, 1 / horizon);
      for (let i = 0; i < values.length; i++) values[i]! += share * (next[i]! - values[i]!);
    },
  };
};

const stepOf = (model: LatentModel, whitening: Whitening, batch: number, optimizer: Optimizer): TracedStep =>
  traceStep({
    learned: model.shapes,
    frozen: {},
    optimizer,
    perStep: [CODES, ...model.chances.map(({ name }) => name)],
    trace: (parameters) => {
      const chances = Object.fromEntries(model.chances.map(({ name, width }) => [name, input(name, [batch, width])]));
      const white = whitened(whitening, input(CODES, [batch, whitening.latents]));
      const loss = named('loss', mean(model.loss(parameters, white, chances)));
      return { lessons: [{ loss, learns: Object.keys(model.shapes) }], reports: { loss } };
    },
  });

/** The mean loss of held-out draws, of parameters. A loss that is not finite is infinite: never the best. */
const heldOutLoss = async (
  model: LatentModel,
  whitening: Whitening,
  { feeds }: Parted['heldOut'],
  runtime: Runtime,
): Promise<{ evaluate(parameters: Float32Array): Promise<number>; release(): Promise<void> }> => {
  const widths = { [CODES]: whitening.latents, ...Object.fromEntries(model.chances.map((c) => [c.name, c.width])) };
  const rows = await rowValues(
    (parameters, { [CODES]: z, ...chances }) => model.loss(parameters, whitened(whitening, z!), chances),
    model.shapes,
    widths,
    runtime,
  );
  return {
    evaluate: async (parameters) => {
      const losses = await rows.run(parameters, feeds);
      const loss = losses.reduce((sum, value) => sum + value, 0) / losses.length;
      return Number.isFinite(loss) ? loss : Number.POSITIVE_INFINITY;
    },
    release: () => rows.release(),
  };
};
