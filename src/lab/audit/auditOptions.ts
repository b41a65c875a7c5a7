import { didYouMean, InputError } from '../../engine/errors/index.js';
import type { AuditVerdict } from '../../latent/audit/index.js';
import type { Environment } from '../config/index.js';

/** Verdicts that an audit can be made to fail on. */
const FAILURES = ['mismatched', 'collapsed'] as const satisfies AuditVerdict[];
/** Matrices of these sizes gain little from more threads. */
const MOST_THREADS = 4;

export interface AuditSettings {
  readonly alpha: number;
  readonly seed: number;
  readonly threads: number;
  readonly failOn: readonly AuditVerdict[];
}

interface Given {
  readonly place: string;
  readonly text: string;
}

const given = (flag: string, text: string | undefined, variable?: string, inherited?: string): Given | undefined => {
  if (text !== undefined) return { place: `--${flag}`, text };
  return variable !== undefined && inherited ? { place: variable, text: inherited } : undefined;
};

const isWhole = (value: number, from: number, to: number): boolean =>
  Number.isInteger(value) && value >= from && value <= to;

/**
 * What an audit is run with, from flags and, for seed and threads, the environment.
 *
 * Throws: InputError, a line for each problem.
 */
export const auditSettings = (
  flags: Readonly<Record<'alpha' | 'seed' | 'threads' | 'failOn', string | undefined>>,
  env: Environment,
  cores: number,
): AuditSettings => {
  const problems: string[] = [];
  const check = (value: Given | undefined, expected: string, holds: (number: number) => boolean, otherwise: number) => {
    if (value === undefined) return otherwise;
    const number = value.text.trim() === '' ? Number.NaN : Number(value.text);
    if (!holds(number)) problems.push(`${value.place}: expected ${expected}, got "${value.text}"`);
    return number;
  };
  const alpha = check(
    given('alpha', flags.alpha),
    'a share above 0 and below 0.5',
    (share) => share > 0 && share < 0.5,
    0.01,
  );
  const seed = check(
    given('seed', flags.seed, 'ZDIST_SEED', env.ZDIST_SEED),
    'a whole number in 0 … 4294967295',
    (number) => isWhole(number, 0, 0xffffffff),
    1,
  );
  const asked = given('threads', flags.threads, 'ZDIST_THREADS', env.ZDIST_THREADS);
  const automatic = Math.min(MOST_THREADS, cores);
  const threads = check(
    asked?.text === 'auto' ? undefined : asked,
    'a whole number in 1 … 1024, or auto',
    (number) => isWhole(number, 1, 1024),
    automatic,
  );
  const failOn: AuditVerdict[] = [];
  for (const name of flags.failOn?.split(',') ?? []) {
    const verdict = FAILURES.find((known) => known === name.trim());
    if (verdict) failOn.push(verdict);
    else {
      const near = didYouMean(name, FAILURES);
      problems.push(`--fail-on: expected ${FAILURES.join(' or ')}, or both with a comma, got "${name}"${near}`);
    }
  }
  if (problems.length > 0) throw new InputError(problems.join('\n'));
  return { alpha, seed, threads, failOn };
};
