import { InputError, NonFiniteError } from '../../engine/errors/index.js';
import type { Sampler, SamplerFamily, TrainingCodes } from '../samplers/sampler.js';
import type { Candidate } from './choose.js';
import type { MeasuredSampler } from './measure.js';
import { Interrupted, type RepairOptions } from './options.js';
import type { LeftOut, RepairResult, SamplerResult } from './result.js';

/** A sampler that was fitted and measured. */
export interface Tried extends Candidate {
  readonly sampler: Sampler;
  readonly measured: MeasuredSampler;
  readonly result: SamplerResult;
}

export interface Trials {
  /** In the order of the families; the first is that of the first family. */
  readonly tried: readonly Tried[];
  readonly leftOut: readonly LeftOut[];
  readonly ended?: NonNullable<RepairResult['ended']>;
}

/** Faults of the codes or of a fit, with which the other families may still do. */
const isOfFit = (error: unknown): error is Error =>
  error instanceof InputError || error instanceof NonFiniteError || error instanceof RangeError;

/**
 * Fits the families one after the other and measures each sampler. A family that these codes cannot be fitted with is
 * left out; from an interruption, or from the deadline on, all that are left are.
 *
 * Throws: what the first family throws; InputError where no other one could be fitted.
 */
export const tryFamilies = async (
  families: readonly SamplerFamily[],
  codes: TrainingCodes,
  measure: (sampler: Sampler) => Promise<MeasuredSampler>,
  { seed, runtime, deadline, now = () => 0, onProgress, interrupted }: RepairOptions,
): Promise<Trials> => {
  const tried: Tried[] = [];
  const leftOut: LeftOut[] = [];
  let ended: Trials['ended'];

  const attempt = async (family: SamplerFamily, turn: number): Promise<Tried> => {
    const began = now();
    const tell = (what: string, share: number): void => {
      if (interrupted?.()) throw new Interrupted('repair: interrupted before anything was measured');
      onProgress?.(`${what} ${family.name}`, (turn + share) / (families.length + 1));
    };
    tell('fitting', 0);
    const time = deadline?.now() ?? 0;
    const sampler = await family.fit(codes, {
      seed,
      runtime,
      ...(deadline && { deadline: { ...deadline, at: time + (deadline.at - time) / (families.length - turn) } }),
      onProgress: (share) => tell('fitting', share / 2),
    });
    tell('measuring', 0.5);
    const measured = await measure(sampler);
    const { name, replays, facts, notes } = sampler;
    const result = { name, family: family.name, ...measured.measures, replays, facts, notes };
    return {
      family: family.name,
      complexity: family.complexity,
      replays,
      ...(measured.logQ && { logQ: measured.logQ }),
      sampler,
      measured,
      result: { ...result, seconds: (now() - began) / 1000 },
    };
  };

  for (const [turn, family] of families.entries()) {
    if (turn > 0 && deadline && deadline.now() >= deadline.at) ended ??= 'out of budget';
    if (ended === undefined) {
      try {
        tried.push(await attempt(family, turn));
        continue;
      } catch (error) {
        if (turn === 0) throw error;
        if (error instanceof Interrupted) ended = 'interrupted';
        else if (isOfFit(error)) leftOut.push({ family: family.name, why: error.message });
        else throw error;
      }
    }
    if (ended !== undefined) leftOut.push({ family: family.name, why: ended });
  }
  if (tried.length === 1 && ended === undefined && leftOut.length > 0) {
    throw new InputError(leftOut.map(({ why }) => why).join('\n'));
  }
  return { tried, leftOut, ...(ended && { ended }) };
};
