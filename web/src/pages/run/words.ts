/** What a run comes to, in a sentence with numbers. */
import type { RunDetail, RunRow } from '../../../../src/lab/server/contract.js';
import type { AuditResult } from '../../../../src/latent/audit/index.js';
import { percent } from '../../../../src/latent/audit/reading/index.js';
import { integer, interval, withInterval } from '../../../../src/latent/numbers/index.js';
import type { RepairResult } from '../../../../src/latent/repair/index.js';
import type { Estimate } from '../../../../src/vae/training/index.js';

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** As `zdist audit` and `zdist repair` write them; anything else is as if it were not there. */
export const auditOf = ({ audit }: RunDetail): AuditResult | undefined =>
  isRecord(audit) && audit.kind === 'audit' && audit.schema === 1 ? (audit as unknown as AuditResult) : undefined;
export const repairOf = ({ repair }: RunDetail): RepairResult | undefined =>
  isRecord(repair) && repair.kind === 'repair' && repair.schema === 1 ? (repair as unknown as RepairResult) : undefined;

/** `27.23 ± 0.07`, the 95% interval over images. */
export const estimateText = (estimate: Estimate): string => withInterval(interval([estimate]));

const stopped: Readonly<Partial<Record<RunRow['state'], string>>> = {
  running: 'It is still learning.',
  interrupted: 'It was interrupted before its end.',
  failed: 'It failed before its end.',
  crashed: 'Its program died before its end.',
};

/** Of the audit where there is one; else what the last evaluation says. */
export const verdictSentence = (run: RunDetail): string => {
  const audit = auditOf(run);
  if (audit) return audit.summary;
  const rest = stopped[run.state] === undefined ? '' : ` ${stopped[run.state]}`;
  if (!run.final) return `This run was not evaluated yet.${rest}`;
  const { rate, elbo } = run.final;
  if (run.regime === 'random-z') {
    return `The decoder alone learned, on draws from N(0, I): ELBO ${estimateText(elbo)} nats per image (n = ${integer(elbo.n)}, seed ${run.seed}, 95%).${rest}`;
  }
  return `Codes tell at most ${estimateText(rate)} nats of their image, and the ELBO is ${estimateText(elbo)} nats (n = ${integer(elbo.n)}, seed ${run.seed}, 95%).${rest}`;
};

/** Share of draws from N(0, I) that lie where hardly any code is, measured after training. */
export interface HoleMass {
  readonly source: string;
  readonly value: number;
  /** 95%. */
  readonly low: number;
  readonly high: number;
  readonly n: number;
}

const holeMassOf = (source: string, found: Estimate & { readonly interval?: readonly [number, number] }): HoleMass => {
  const { value, se, n, interval: [low, high] = [Math.max(0, value - 1.96 * se), value + 1.96 * se] } = found;
  return { source, value, low, high, n };
};

/** `18.9% (95%: 4.07% to 56%)`. */
export const holeText = ({ value, low, high }: HoleMass): string =>
  `${percent(value)} (95%: ${percent(low)} to ${percent(high)})`;

const estimateAt = (record: unknown, ...path: readonly string[]): Estimate | undefined => {
  let at: unknown = record;
  for (const name of path) at = isRecord(at) ? at[name] : undefined;
  return isRecord(at) && typeof at.value === 'number' && typeof at.se === 'number'
    ? (at as unknown as Estimate)
    : undefined;
};

/** Of N(0, I) and of what was fitted, by the controls after training; else by the audit. */
export const holeMasses = (run: RunDetail): HoleMass[] => {
  const prior = estimateAt(run.record, 'controls', 'prior', 'holeMass');
  const fitted = estimateAt(run.record, 'controls', 'fitted', 'holeMass');
  const audited = estimateAt(auditOf(run)?.statistics, 'holeMass');
  const first = prior ?? audited;
  return [
    ...(first ? [holeMassOf('N(0, I)', first)] : []),
    ...(fitted ? [holeMassOf('the fitted distribution', fitted)] : []),
  ];
};
