import type { OnAuditProgress, StageName } from '../../latent/audit/index.js';
import { duration } from '../../latent/numbers/index.js';
import type { Environment } from '../config/index.js';
import type { Output } from '../progress/index.js';

export interface AuditProgress {
  readonly onProgress: OnAuditProgress;
  /** A line that stays. */
  note(text: string): void;
  /** Progress of what comes before the audit itself. */
  before(what: string, share: number): void;
  close(): void;
}

export interface AuditProgressOptions {
  readonly stderr: Output;
  readonly env: Environment;
  readonly quiet: boolean;
  readonly now: () => number;
}

const BETWEEN_FRAMES = 100;
/** A stage is worth a line of its own, where lines stay, when the one before took this long. */
const BETWEEN_LINES = 2000;
/** Shares below this say nothing of the time left. */
const TOO_EARLY = 0.05;

const silent: AuditProgress = {
  onProgress: () => undefined,
  note: () => undefined,
  before: () => undefined,
  close: () => undefined,
};

/** One line that is drawn again on a terminal; a line for each long stage elsewhere; or nothing. */
export const auditProgress = ({ stderr, env, quiet, now }: AuditProgressOptions): AuditProgress => {
  if (quiet) return silent;
  const live = stderr.isTTY === true && env.TERM !== 'dumb';
  let start: number | undefined;
  // Where lines stay, what is done in a moment leaves none.
  let last = live ? Number.NEGATIVE_INFINITY : now();
  let stage: string | undefined;

  const erase = (): void => void (live && stderr.write('\r\u001b[2K'));
  const show = (what: string, share: number, left: string): void => {
    const between = live ? BETWEEN_FRAMES : BETWEEN_LINES;
    if (now() - last < between || (!live && what === stage)) return;
    last = now();
    stage = what;
    const line = [`${Math.floor(100 * share)}%`.padStart(4), what, left].filter(Boolean).join('  ');
    if (live) stderr.write(`\r\u001b[2K${line.slice(0, (stderr.columns ?? 80) - 1)}`);
    else stderr.write(`${line.trimStart()}\n`);
  };
  return {
    onProgress: (name: StageName, share: number) => {
      start ??= now();
      const remaining = ((now() - start) * (1 - share)) / share / 1000;
      show(name, share, share < TOO_EARLY || remaining < 0.5 ? '' : `${duration(Math.round(remaining))} left`);
    },
    before: (what, share) => show(what, share, ''),
    note: (text) => {
      erase();
      stderr.write(`${text}\n`);
    },
    close: erase,
  };
};
