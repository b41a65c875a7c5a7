import type { Measured } from '../../../../latent/audit/index.js';
import type { RepairResult, SamplerResult } from '../../../../latent/repair/index.js';
import type { Layer } from '../../figures/theory/curve.js';
import { colour } from '../../palette.js';
import type { DotRow } from '../dotRows.js';

/** The decoder fed with codes of held-out images. */
export const CONTROL: Layer = {
  id: 'control',
  label: 'posterior control',
  colour: colour('encoder-mc'),
  dash: 'dashed',
};

/** Black for N(0, I), the accent for the chosen one, grey for the others. */
const inkOf = ({ family }: SamplerResult, { chosen }: RepairResult): string => {
  if (family === chosen) return colour('accent');
  return family === 'prior' ? colour('normal') : colour('random-z');
};

/** How a figure names a sampler: by its family. */
export const labelOf = ({ family, replays }: SamplerResult): string =>
  family === 'prior' ? 'N(0, I)' : `${family}${replays ? ' (replays)' : ''}`;

export const rowOf = (sampler: SamplerResult, measured: Measured, result: RepairResult): DotRow => ({
  id: sampler.family,
  label: labelOf(sampler),
  value: measured.value,
  ...(measured.interval && { interval: measured.interval }),
  colour: inkOf(sampler, result),
  ...(sampler.replays && { open: true }),
  ...(sampler.family === result.chosen && { weight: 650 }),
});

/** Samplers that have the measure, with it, in an order. */
export const measuredBy = (
  { samplers }: RepairResult,
  of: (sampler: SamplerResult) => Measured | undefined,
  order: (a: number, b: number) => number,
): { readonly sampler: SamplerResult; readonly measured: Measured }[] =>
  samplers
    .flatMap((sampler) => {
      const measured = of(sampler);
      return measured ? [{ sampler, measured }] : [];
    })
    .sort((a, b) => order(a.measured.value, b.measured.value));
