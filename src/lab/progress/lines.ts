import { duration, short } from '../../latent/numbers/index.js';
import { type EndedRun, type FollowedRun, shareDone } from './progress.js';
import { runTimeLeft } from './timeLeft.js';

export const left = (milliseconds: number | undefined): string =>
  milliseconds === undefined || milliseconds < 500 ? '' : `${duration(Math.round(milliseconds / 1000))} left`;

const percent = (share: number): string => `${Math.floor(100 * share)}%`;

/** Blank where a phase of the training does not compute it. */
const measure = (name: string, value: number | undefined): string =>
  (value === undefined ? '' : `${name} ${short(value)}`).padEnd(name.length + 7);

/** `joint-analytic-seed1  42%  epoch 8.4  loss 98.1  rate 19.2  score −78.9  4.3 ms/step  31 s left`, in columns. */
export const activeLine = (run: FollowedRun, nameWidth: number, now: number): string => {
  const { latest } = run;
  if (!latest) return `${run.name.padEnd(nameWidth)}  starting`;
  return [
    run.name.padEnd(nameWidth),
    percent(shareDone(run)).padStart(4),
    `epoch ${latest.epoch.toFixed(1)}`.padEnd(10),
    measure('loss', latest.loss),
    measure('rate', latest.rate),
    measure('score', latest.score),
    `${latest.msPerStep.toFixed(1)} ms/step`,
    left(runTimeLeft(run, now)),
  ]
    .join('  ')
    .trimEnd();
};

/** `joint-analytic-seed1: done in 41 s, rate 19.4, score −77.3 nats on the test set`. */
export const endLine = (result: EndedRun): string => {
  const values = result.final
    ? `, rate ${short(result.final.rate.value)}, score ${short(result.final.score.value)} nats on the test set`
    : '';
  const reason = result.error === undefined ? '' : `: ${result.error}`;
  return result.state === 'done'
    ? `${result.name}: done in ${duration(result.seconds)}${values}`
    : `${result.name}: ${result.state} after ${duration(result.seconds)}${reason}`;
};
