/** The schema of the key `model` of `audit.json`. */
import { z } from 'zod';
import type { ModelFindings } from '../../latent/audit/index.js';
import { measured, numbers, pair } from './measuredSchema.js';

const number = z.number();
const reading = z.enum(['sigma', 'var', 'log_var', 'log_sigma']);
const triple = z.tuple([number, number, number]).readonly();
const port = z.strictObject({
  name: z.string(),
  shown: z.string(),
  role: z.exactOptional(z.string()),
  by: z.exactOptional(z.enum(['option', 'name', 'values'])),
});
const ports = z.array(port).readonly();

const evidence = z.strictObject({
  reading,
  analytic: measured,
  monteCarlo: z.exactOptional(measured),
  elbo: z.exactOptional(measured),
  variance: z.exactOptional(number),
});

const spatial = z.strictObject({
  shape: triple,
  mean: number,
  sd: number,
  scalingFactor: number,
  channels: z
    .array(z.strictObject({ channel: number, mean: number, sd: number, scalingFactor: number, distance: number }))
    .readonly(),
  places: z.strictObject({ sd: triple, momentKl: z.exactOptional(triple) }),
  neighbours: number,
  audited: z.enum(['codes', 'places']),
});

export const modelSchema = z.strictObject({
  encoder: z.strictObject({ name: z.string(), inputs: ports, outputs: ports }),
  decoder: z.exactOptional(z.strictObject({ name: z.string(), inputs: ports, outputs: ports, range: pair })),
  images: z.strictObject({
    train: z.string(),
    test: z.exactOptional(z.string()),
    layout: z.string(),
    own: z.string(),
    fed: z.string(),
  }),
  shape: numbers,
  likelihood: z.exactOptional(z.strictObject({ text: z.string(), by: z.enum(['option', 'range']) })),
  score: z.exactOptional(measured),
  crossEntropy: z.exactOptional(measured),
  elbo: z.exactOptional(measured),
  error: z.exactOptional(measured),
  reading: z.exactOptional(
    z.strictObject({
      used: reading,
      consistent: z.exactOptional(reading),
      by: z.enum(['draws', 'elbo', 'variance', 'nothing']),
      text: z.string(),
      evidence: z.array(evidence).readonly(),
    }),
  ),
  spatial: z.exactOptional(spatial),
}) satisfies z.ZodType<ModelFindings>;
