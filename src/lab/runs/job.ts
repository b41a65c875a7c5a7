import { regimes, trainedParts } from '../../vae/regimes/index.js';
import type { Progress } from '../../vae/training/index.js';
import type { RunConfig } from '../config/index.js';
import type { CurvePoint, RunResult } from '../studies/study.js';

/** One run, as the parent hands it to a child process. */
export interface RunJob {
  readonly name: string;
  /** Absolute path of the run folder. */
  readonly folder: string;
  readonly config: RunConfig;
  /** Where data sets lie and are cached; absent for the defaults. */
  readonly dataDir?: string;
  readonly cacheDir?: string;
  /** Go on with the run that is in the folder, if there is one; else the folder must hold none. */
  readonly resume?: boolean;
  /** Least seconds from one checkpoint to the next; CHECKPOINT_SECONDS when absent. */
  readonly checkpointSeconds?: number;
  /** Absolute path of the feature extractor that samples are compared over; absent where they are not. */
  readonly extractor?: string;
}

/** Writing one of a model of 700,000 parameters takes about 0.1 s: a third of a percent. */
export const CHECKPOINT_SECONDS = 30;

export interface RunOutcome {
  /** Paths of files are relative to the run folder, which is `.`. */
  readonly result: RunResult;
  /** Codes in each batch of the moment-matched KL, where the run got so far. */
  readonly momentBatch?: number;
  /** What failed, where the runs after this one would fail as well: the disk, or what the user asked for. */
  readonly hopeless?: 'disk' | 'input';
  /** The run failed because a number was not finite: it would again. */
  readonly nonFinite?: true;
  readonly stack?: string;
}

export type ToChild =
  | { readonly type: 'start'; readonly job: RunJob }
  | { readonly type: 'stop'; readonly reason: string };

export type FromChild =
  | { readonly type: 'progress'; readonly progress: Progress }
  | { readonly type: 'evaluation'; readonly point: CurvePoint }
  | { readonly type: 'note'; readonly text: string }
  | { readonly type: 'checkpoint' }
  | { readonly type: 'outcome'; readonly outcome: RunOutcome };

/** The result of a run of which nothing but its curve so far is known. */
export const resultSoFar = (
  { name, config }: RunJob,
  reached: {
    curve: readonly CurvePoint[];
    progress?: Pick<Progress, 'step' | 'msPerStep'> | undefined;
    seconds: number;
  },
): Omit<RunResult, 'state'> => {
  const last = reached.curve.at(-1);
  return {
    name,
    regime: config.regime,
    kl: config.kl,
    seed: config.seed,
    preset: config.preset,
    latents: config.latents,
    trained: trainedParts(regimes[config.regime]),
    epochs: config.epochs,
    batch: config.batch,
    steps: reached.progress?.step ?? last?.step ?? 0,
    parameters: 0,
    seconds: reached.seconds,
    msPerStep: reached.progress?.msPerStep ?? 0,
    folder: '.',
    ...(last && { final: finalOf(last) }),
    curve: reached.curve,
    images: [],
  };
};

const finalOf = ({ step: _step, epoch: _epoch, ...final }: CurvePoint) => final;
