import { z } from 'zod';

const number = z.number();
export const pair = z.tuple([number, number]).readonly();
/** SHA-256 by what it is of. */
export const inputHashes = z.record(z.string(), z.string());
export const numbers = z.array(number).readonly();

const floor = z.strictObject({ replicates: number, mean: number, sd: number, quantiles: numbers });

/** A number with what it takes to trust it. */
export const measured = z.strictObject({
  value: number,
  se: z.exactOptional(number),
  interval: z.exactOptional(pair),
  n: number,
  seed: z.exactOptional(number),
  unit: z.string(),
  pValue: z.exactOptional(number),
  floor: z.exactOptional(floor),
  saturated: z.exactOptional(z.literal(true)),
  by: z.exactOptional(z.string()),
  sampling: z.exactOptional(z.string()),
});
