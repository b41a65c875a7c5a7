import { z } from 'zod';
import type { OptimizerConfig } from '../../engine/optim/index.js';
import type { TrainConfig } from '../../vae/training/index.js';
import { DRAWS, KL_ESTIMATORS, REGIMES } from './names.js';

/** A run as its `config.yaml` holds it: the training configuration, the data and the threads. Decides every byte. */
export interface RunConfig extends TrainConfig {
  /** Name or path of the data set. */
  readonly data: string;
  /** Train on the first `limit` images and test on the first `limit / 6`. */
  readonly limit?: number;
  readonly threads: number;
}

const whole = (from: number, to: number, error: string) =>
  z.number({ error }).int({ error }).min(from, { error }).max(to, { error });
const choice = <const Names extends readonly string[]>(names: Names) =>
  z.enum(names, { error: `one of ${names.join(', ')}` });
const positive = z.number({ error: 'a positive number' }).positive({ error: 'a positive number' });
const fraction = (error = 'a number in [0, 1)') => z.number({ error }).min(0, { error }).lt(1, { error });
const width = whole(1, 65536, 'a whole number in 1 … 65536');

/** An optimizer named without its settings gets PyTorch's defaults. */
const optimizers = {
  sgd: z.strictObject({ name: z.literal('sgd'), lr: positive.default(1e-3) }),
  momentum: z.strictObject({
    name: z.literal('momentum'),
    lr: positive.default(1e-3),
    momentum: fraction().default(0.9),
  }),
  rmsprop: z.strictObject({
    name: z.literal('rmsprop'),
    lr: positive.default(1e-2),
    alpha: fraction('a number in (0, 1)').gt(0, { error: 'a number in (0, 1)' }).default(0.99),
    eps: positive.default(1e-8),
    centered: z.boolean({ error: 'true or false' }).default(false),
  }),
  adam: z.strictObject({
    name: z.literal('adam'),
    lr: positive.default(1e-3),
    beta1: fraction().default(0.9),
    beta2: fraction().default(0.999),
    eps: positive.default(1e-8),
  }),
  adamw: z.strictObject({
    name: z.literal('adamw'),
    lr: positive.default(1e-3),
    beta1: fraction().default(0.9),
    beta2: fraction().default(0.999),
    eps: positive.default(1e-8),
    weightDecay: fraction().default(1e-2),
  }),
} satisfies Record<OptimizerConfig['name'], z.ZodType<OptimizerConfig>>;

export const OPTIMIZERS = Object.keys(optimizers);

const threadsText = 'a whole number in 1 … 1024, or auto';
const threads = z.union([z.literal('auto'), whole(1, 1024, threadsText)], { error: threadsText });

/** Keys that `zdist train` takes, from any source. */
export const runSchema = z.strictObject({
  preset: z.string({ error: 'the name of a preset' }),
  regime: choice(REGIMES),
  kl: choice(KL_ESTIMATORS),
  seed: whole(0, 0xffffffff, 'a whole number in 0 … 4294967295'),
  epochs: positive,
  batch: whole(1, 1 << 20, 'a whole number in 1 … 1048576'),
  hidden: z.array(width, { error: 'a list of widths' }),
  latents: width,
  scale: choice(['softplus', 'log_var']),
  binarisation: choice(['threshold', 'static', 'dynamic', 'none']),
  optimizer: z.discriminatedUnion(
    'name',
    [optimizers.sgd, optimizers.momentum, optimizers.rmsprop, optimizers.adam, optimizers.adamw],
    { error: `one of ${OPTIMIZERS.join(', ')}` },
  ),
  draws: choice(DRAWS),
  beta: z.exactOptional(positive),
  data: z.string({ error: 'the name or path of a data set' }).min(1, { error: 'the name or path of a data set' }),
  limit: z.exactOptional(whole(6, 2 ** 31, 'a whole number of at least 6')),
  threads,
});

/** Keys that `zdist study` takes: those of a run, for several regimes and seeds. */
export const studySchema = runSchema.omit({ regime: true, kl: true }).extend({
  regimes: z.array(choice(REGIMES), { error: 'a list of regimes' }).min(1, { error: 'at least one regime' }),
  seeds: whole(1, 10_000, 'a whole number in 1 … 10000'),
  workers: threads,
});

/** The keys that are known at a path of the configuration, to suggest the nearest. */
export const knownKeys = (
  schema: typeof runSchema | typeof studySchema,
  path: readonly PropertyKey[],
  value: unknown,
): string[] => {
  if (path.length === 0) return Object.keys(schema.shape);
  const name = value !== null && typeof value === 'object' && 'name' in value ? value.name : undefined;
  const optimizer = Object.entries(optimizers).find(([known]) => known === name)?.[1];
  return optimizer ? Object.keys(optimizer.shape) : [];
};
