import type { Measured } from '../../../latent/audit/index.js';
import { withError } from '../../../latent/audit/reading/index.js';
import { short } from '../../../latent/numbers/index.js';
import type { RepairResult, SamplerResult } from '../../../latent/repair/index.js';

export const priorOf = ({ samplers }: RepairResult): SamplerResult => samplers[0]!;

export const chosenOf = ({ samplers, chosen }: RepairResult): SamplerResult =>
  samplers.find(({ family }) => family === chosen)!;

/** `+4.37`, `−0.2`, `0`. */
export const signed = (value: number): string => `${value > 0 ? '+' : ''}${short(value)}`;

/** Value with its 95% interval, the sign written. */
export const gainText = (measured: Measured): string => `${measured.value > 0 ? '+' : ''}${withError(measured)} nats`;
