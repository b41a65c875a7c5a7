/** The schema of `repair.json`, version 1. docs/repair.md says what every key means. */
import { z } from 'zod';
import { InputError } from '../../engine/errors/index.js';
import { statedMeasures } from '../../latent/audit/index.js';
import type { RepairResult } from '../../latent/repair/index.js';
import { codeSet, inputHashes, measured } from '../audit/schema.js';
import { parseContent } from '../runs/parseContent.js';

const number = z.number();
const text = z.string();
const texts = z.array(text).readonly();
const optional = z.exactOptional(measured);

const memorisation = z.strictObject({
  nearer: measured,
  alpha: number,
  threshold: number,
  medians: z.strictObject({ samples: number, heldOut: number }),
  replays: z.boolean(),
  text,
});

const iwae = z.strictObject({ k: number, bound: measured, gain: measured, effectiveSamples: measured });

const imageMeasures = z.strictObject({
  frechet: measured,
  kernelDistance: measured,
  precision: measured,
  recall: measured,
  density: measured,
  coverage: measured,
});

const sampler = z.strictObject({
  name: text,
  family: text,
  heldOutLogQ: optional,
  elbo: optional,
  elboGain: optional,
  iwae: z.exactOptional(iwae),
  frechet: optional,
  kernelDistance: optional,
  precision: optional,
  recall: optional,
  density: optional,
  coverage: optional,
  holeMass: optional,
  c2st: optional,
  memorisation: z.exactOptional(memorisation),
  replays: z.boolean(),
  facts: z.record(text, number),
  notes: texts,
  seconds: number,
});

const attribution = z.strictObject({
  posterior: measured,
  fitted: measured,
  prior: measured,
  nearer: z.strictObject({ posterior: measured, fitted: measured }),
  shares: z.strictObject({ decoder: measured, hole: measured, fit: measured }),
  cause: z.enum(['decoder', 'hole', 'fit', 'nothing']),
  text,
});

export const repairSchema = z.strictObject({
  schema: z.literal(1),
  kind: z.literal('repair'),
  chosen: text,
  verdict: z.enum(['collapsed', 'matched', 'repaired', 'improved', 'undecided']),
  summary: text,
  certified: z.boolean(),
  why: text,
  samplers: z.array(sampler).min(1).readonly(),
  leftOut: z.array(z.strictObject({ family: text, why: text })).readonly(),
  posterior: z.exactOptional(imageMeasures),
  attribution: z.exactOptional(attribution),
  imageMemorisation: z.exactOptional(memorisation),
  extractor: z.exactOptional(
    z.strictObject({
      name: text,
      kind: z.enum(['classifier', 'principal components', 'user']),
      distance: text,
      width: number,
      hash: text,
      accuracy: optional,
    }),
  ),
  rate: optional,
  activeUnits: optional,
  codes: z.strictObject({ train: codeSet, test: codeSet, latents: number }),
  draws: number,
  alpha: number,
  seed: number,
  inputs: z.exactOptional(inputHashes),
  ended: z.exactOptional(z.enum(['interrupted', 'out of budget'])),
  notes: texts,
  command: z.exactOptional(text),
  seconds: number,
  versions: z.record(text, text),
}) satisfies z.ZodType<RepairResult>;

export const repairJson = (result: RepairResult): string => `${JSON.stringify(statedMeasures(result), null, 2)}\n`;

/**
 * A repair as `repair.json` holds it. `path` is for messages.
 *
 * Throws: InputError that lists what is wrong, a line each, with the path of the value.
 */
export const parseRepair = (content: unknown, path: string): RepairResult => {
  const result = parseContent(repairSchema, content, path);
  if (result.samplers.some(({ family }) => family === result.chosen)) return result;
  const names = result.samplers.map(({ family }) => family).join(', ');
  throw new InputError(`${path}: chosen: expected one of the samplers (${names}), got ${result.chosen}`);
};
