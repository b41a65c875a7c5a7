import { InputError } from '../../engine/errors/index.js';
import { familiesOf } from '../../latent/samplers/families.js';
import type { SamplerFamily } from '../../latent/samplers/index.js';
import { auditSettings } from '../audit/index.js';
import type { Environment } from '../config/index.js';

export interface RepairSettings {
  readonly seed: number;
  readonly threads: number;
  readonly alpha: number;
  /** Milliseconds. */
  readonly budget: number;
  readonly families: readonly SamplerFamily[];
  /** Families were named one by one: one that replays training codes may then be chosen. */
  readonly replaying: boolean;
}

const DEFAULTS = { samplers: 'all', budget: '5m' };
const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000 };

/** `90s`, `5m`, `1.5h` in milliseconds; undefined for anything else. */
const durationOf = (text: string): number | undefined => {
  const [, number, unit] = /^(\d+(?:\.\d+)?)(s|m|h)$/.exec(text.trim()) ?? [];
  const value = Number(number) * (UNITS[unit ?? ''] ?? Number.NaN);
  return value > 0 ? value : undefined;
};

/**
 * What a repair is run with, from flags and, for seed and threads, the environment.
 *
 * Throws: InputError, a line for each problem.
 */
export const repairSettings = (
  flags: Readonly<Record<'samplers' | 'budget' | 'seed' | 'threads' | 'alpha', string | undefined>>,
  env: Environment,
  cores: number,
): RepairSettings => {
  const problems: string[] = [];
  const attempt = <T>(read: () => T): T | undefined => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      problems.push(error.message);
      return undefined;
    }
  };
  const { seed: seedFlag, threads: threadsFlag, alpha: alphaFlag } = flags;
  const given = { alpha: alphaFlag, seed: seedFlag, threads: threadsFlag, failOn: undefined };
  const settings = attempt(() => auditSettings(given, env, cores));
  const samplers = flags.samplers ?? DEFAULTS.samplers;
  const families = attempt(() => familiesOf(samplers));
  const budget = durationOf(flags.budget ?? DEFAULTS.budget);
  if (budget === undefined) problems.push(`--budget: expected a time as 90s, 5m or 1h, got "${flags.budget}"`);
  if (!settings || !families || budget === undefined) throw new InputError(problems.join('\n'));
  const { seed, threads, alpha } = settings;
  const replaying = !samplers.split(',').some((name) => ['all', 'fast'].includes(name.trim()));
  return { seed, threads, alpha, budget, families, replaying };
};
