import { z } from 'zod';
import { didYouMean, InputError } from '../../../engine/errors/index.js';
import { fileLayer } from '../../config/index.js';
import { valueIn } from '../valueIn.js';
import { type Distribution, readDistribution } from './distribution.js';
import { SOBOL_DIMENSIONS } from './sobol.js';

/** When a run counts as diverging: the rule is in isDiverging. */
export interface StopRule {
  /** Epochs that every run is left alone. */
  readonly after: number;
  /** Bound of the training loss, nats per image. */
  readonly above: number;
}

/** A sweep as its file describes it. Keys of parameters are configuration keys, with a dot for inner ones. */
export interface SweepFile {
  /** How messages name the file. */
  readonly path: string;
  readonly name: string;
  readonly base: Readonly<Record<string, unknown>>;
  readonly grid: Readonly<Record<string, readonly unknown[]>>;
  readonly random?: { readonly count: number; readonly seed: number; readonly parameters: Parameters } | undefined;
  readonly sobol?:
    | { readonly count: number; readonly seed?: number | undefined; readonly parameters: Parameters }
    | undefined;
  /** Seeds of each configuration, from its own on. */
  readonly repeats: number;
  readonly stop?: StopRule | undefined;
}

export type Parameters = Readonly<Record<string, Distribution>>;

export const MOST_JOBS = 100_000;

const whole = (from: number, to: number) => {
  const error = `a whole number in ${from} … ${to}`;
  return z.number({ error }).int({ error }).min(from, { error }).max(to, { error });
};
const positive = z.number({ error: 'a positive number' }).positive({ error: 'a positive number' });
const name = 'a name of letters, digits, dots, dashes and underscores';
const settings = 'keys of the configuration and their values';

const distribution = z.unknown().transform((given, context): Distribution => {
  const read = readDistribution(given);
  if (typeof read !== 'string') return read;
  context.addIssue({ code: 'custom', message: read });
  return z.NEVER;
});
const parameters = z.record(z.string(), distribution, { error: 'keys of the configuration and their distributions' });
const some = (given: Record<string, unknown>): boolean => Object.keys(given).length > 0;
const drawn = { error: 'at least one key of the configuration' };

const random = z.strictObject({
  count: whole(1, MOST_JOBS),
  seed: whole(0, 2 ** 32 - 1).default(1),
  parameters: parameters.refine(some, drawn),
});
const sobol = z.strictObject({
  count: whole(1, MOST_JOBS),
  seed: whole(0, 2 ** 32 - 1).optional(),
  parameters: parameters
    .refine(some, drawn)
    .refine((given) => Object.keys(given).length <= SOBOL_DIMENSIONS, { error: `at most ${SOBOL_DIMENSIONS} keys` }),
});
const stop = z.strictObject({ after: positive.default(1), above: z.number({ error: 'a number of nats' }) });

const sweepSchema = z.strictObject({
  name: z
    .string({ error: name })
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, { error: name })
    .default('sweep'),
  base: z.record(z.string(), z.unknown(), { error: settings }).default({}),
  grid: z
    .record(z.string(), z.array(z.unknown(), { error: 'a list of values' }).min(1, { error: 'at least one value' }), {
      error: 'keys of the configuration and lists of their values',
    })
    .default({}),
  random: random.optional(),
  sobol: sobol.optional(),
  repeats: whole(1, 10_000).default(1),
  stop: stop.optional(),
});

const KNOWN: Readonly<Record<string, readonly string[]>> = {
  '': Object.keys(sweepSchema.shape),
  random: Object.keys(random.shape),
  sobol: Object.keys(sobol.shape),
  stop: Object.keys(stop.shape),
};

const shapeProblems = (issue: z.core.$ZodIssue, values: unknown): string[] => {
  const where = issue.path.join('.');
  if (issue.code === 'unrecognized_keys') {
    const known = KNOWN[where] ?? [];
    return issue.keys.map((key) => {
      const near = didYouMean(key, known) || `, expected one of ${known.join(', ')}`;
      return `${[...issue.path, key].join('.')}: unknown key${near}`;
    });
  }
  // A distribution says in its own words what it got.
  if (issue.code === 'custom' && /^(expected|\w+: expected)/.test(issue.message)) return [`${where}: ${issue.message}`];
  return [`${where}: expected ${issue.message}, got ${JSON.stringify(valueIn(values, issue.path)) ?? 'nothing'}`];
};

/** What each key says for itself is right; here it is held against the others. */
const clashes = (file: Omit<SweepFile, 'path'>): string[] => {
  const drawnBy = (['random', 'sobol'] as const).flatMap((source) =>
    Object.keys(file[source]?.parameters ?? {}).map((key) => ({ key, place: `${source}.parameters.${key}` })),
  );
  const problems = drawnBy
    .filter(({ key }) => Object.hasOwn(file.grid, key))
    .map(({ key, place }) => `${place}: expected a key that is not in grid.${key}, got both`);
  const varied = [...Object.keys(file.grid).map((key) => ({ key, place: `grid.${key}` })), ...drawnBy];
  const seed = file.repeats > 1 ? varied.find(({ key }) => key === 'seed') : undefined;
  if (seed) problems.push(`repeats: expected 1 beside ${seed.place}, got ${file.repeats}`);
  return problems;
};

/**
 * Reads a sweep. `path` is for messages.
 *
 * Throws: InputError that lists every problem of its shape, a line each; those of configurations come from planSweep.
 */
export const parseSweep = (path: string, text: string): SweepFile => {
  const { values } = fileLayer(path, text);
  const result = sweepSchema.safeParse(values);
  const problems = result.success
    ? clashes(result.data)
    : result.error.issues.flatMap((issue) => shapeProblems(issue, values));
  if (problems.length > 0) throw new InputError([...new Set(problems)].map((line) => `${path}: ${line}`).join('\n'));
  return { path, ...result.data! };
};
