import { z } from 'zod';
import { DRAWS, KL_ESTIMATORS, REGIMES } from '../config/names.js';
import { parseContent } from '../runs/parseContent.js';
import { unstatedStudy } from './stated.js';
import type { Study } from './study.js';

const text = z.string({ error: 'a text' });
const number = z.number({ error: 'a number' });
const choice = <const Names extends readonly string[]>(names: Names) =>
  z.enum(names, { error: `one of ${names.join(', ')}` });
const record = <Shape extends z.core.$ZodLooseShape>(shape: Shape) => z.looseObject(shape, { error: 'an object' });
const list = <Item extends z.ZodType>(item: Item) => z.array(item, { error: 'a list' });

/** A number that is not finite leaves a null in JSON. */
const value = z.union([number, z.null().transform(() => Number.NaN)], { error: 'a number' });
const estimate = record({ value, se: value, n: number });
const quantities = {
  rate: estimate,
  rateMc: estimate,
  score: estimate,
  elbo: estimate,
  momentKl: estimate,
  momentKlDraws: estimate,
};
const images = record({
  frechet: estimate,
  kernelDistance: estimate,
  precision: estimate,
  recall: estimate,
  density: estimate,
  coverage: estimate,
});
const control = { images: images.optional(), holeMass: estimate.optional() };
const controls = record({
  fittedTo: number,
  draws: number,
  posterior: record(control),
  prior: record(control),
  fitted: record({ ...control, name: text, family: text, heldOutLogQ: estimate, gain: estimate }).optional(),
  why: text,
  nearer: record({ posterior: estimate, fitted: estimate.optional() }).optional(),
  shares: record({ decoder: estimate, hole: estimate, fit: estimate }).optional(),
});
const histogram = record({ edges: list(number), counts: list(number) });

const run = record({
  name: text,
  regime: choice(REGIMES),
  kl: choice(KL_ESTIMATORS),
  seed: number,
  latents: number,
  trained: list(choice(['encoder', 'decoder'])),
  state: choice(['done', 'interrupted', 'failed']),
  epochs: number,
  batch: number,
  steps: number,
  parameters: number,
  seconds: value,
  msPerStep: value,
  folder: text,
  final: record(quantities).optional(),
  curve: list(record({ step: number, epoch: number, ...quantities })),
  images: list(
    record({ z: choice(['prior', 'fitted', 'encoder']), file: text, rows: number, columns: number, seed: number }),
  ),
  codes: record({
    n: number,
    dimensionRate: list(number),
    muVariance: list(number),
    zMean: list(number),
    zVariance: list(number),
    activeUnits: list(record({ threshold: number, count: number })),
    marginals: list(record({ dimension: z.union([number, z.literal('all')]), histogram })),
    radius: histogram,
  }).optional(),
  nearest: record({
    samples: number,
    prior: estimate,
    encoder: estimate.optional(),
    fitted: estimate.optional(),
  }).optional(),
  controls: controls.optional(),
  probes: record({ file: text, images: number }).optional(),
});

/** What the report reads of a study. What came later than the first studies has a default, or may be absent. */
const study = record({
  schema: z.literal(1, { error: '1' }),
  kind: z.literal('article', { error: 'article' }),
  state: choice(['done', 'interrupted', 'failed']),
  preset: text,
  epochs: number,
  seeds: list(number),
  draws: choice(DRAWS).default('fresh'),
  data: record({
    name: text,
    train: number,
    test: number,
    width: number,
    height: number,
    binarisation: choice(['threshold', 'static', 'dynamic', 'none']),
    sha256: text,
    source: text,
  }),
  floor: record({ latents: number, batch: number, momentKlDraws: estimate }),
  extractor: record({
    file: text,
    name: text,
    distance: text,
    hash: text,
    accuracy: estimate.optional(),
  }).optional(),
  runs: list(run),
  claims: list(record({ id: text })).default([]),
  verdict: text,
  command: text,
  started: text,
  seconds: number,
  machine: record({ cpu: text, cores: number, memoryGiB: number, platform: text }),
  versions: z.record(z.string(), text, { error: 'an object of texts' }),
});

/**
 * A study as `study.json` holds it. `path` is for messages.
 *
 * Throws: InputError that lists what is wrong, a line each, with the path of the value.
 */
export const parseStudy = (content: unknown, path: string): Study =>
  parseContent(study, unstatedStudy(content), path) as unknown as Study;
