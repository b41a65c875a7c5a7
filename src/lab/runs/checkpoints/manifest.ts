import { z } from 'zod';

const whole = z.number().int().min(0);
const digest = z.string().regex(/^[0-9a-f]{64}$/);

/** What stands beside the values of a checkpoint. Its name in the folder commits the checkpoint. */
export const manifestSchema = z.object({
  schema: z.literal(1),
  /** Optimizer steps taken. */
  step: whole,
  bytes: whole,
  sha256: digest,
  /** Bytes of `metrics.bin` that were measured until then. */
  metrics: whole,
  /** SHA-256 of the configuration and of the pixels it was trained with. */
  config: digest,
  data: digest,
  /** Wall-clock seconds of training until then. */
  seconds: z.number(),
  /** By which the best is kept, of the last evaluation: the ELBO, or minus the rate where the encoder alone learns. */
  quality: z.number(),
});

export type Manifest = z.infer<typeof manifestSchema>;

/** Throws: an error of zod or of JSON where the text is no manifest. */
export const parseManifest = (text: string): Manifest => manifestSchema.parse(JSON.parse(text));

export const stemOf = (step: number): string => `step-${String(step).padStart(6, '0')}`;

/** Steps of the manifests among the names in a folder, the newest first. */
export const stepsAmong = (names: readonly string[]): number[] =>
  names
    .flatMap((name) => /^step-(\d{6,})\.json$/.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => b - a);
