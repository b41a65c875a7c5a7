import type { Measured } from '../audit/result.js';
import { meanOf } from '../evaluation/measured.js';

/** What a choice between samplers looks at. */
export interface Candidate {
  readonly family: string;
  readonly complexity: number;
  readonly replays: boolean;
  /** ln q̂ of each held-out code, the same codes for all; absent where there is no density. [n] nats */
  readonly logQ?: Float64Array;
}

export interface Choice<C extends Candidate> {
  readonly chosen: C;
  /** Candidates that it was chosen from. */
  readonly among: number;
  /** The one of highest mean log-density, where it is not the one chosen. */
  readonly tiedWith?: { readonly best: C; readonly ahead: Measured };
}

const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/**
 * The sampler that describes held-out codes best; of those within one standard error of it, paired over codes, the
 * simplest. Samplers that replay training codes take part only where `replaying` says so, those without a density never.
 *
 * Undefined where no candidate has a density.
 */
export const choose = <C extends Candidate>(candidates: readonly C[], replaying = false): Choice<C> | undefined => {
  const eligible = candidates
    .filter((each): each is C & { readonly logQ: Float64Array } => each.logQ !== undefined)
    .filter(({ replays }) => replaying || !replays)
    .sort((a, b) => a.complexity - b.complexity);
  if (eligible.length === 0) return undefined;
  const best = eligible.reduce((most, each) => (mean(each.logQ) > mean(most.logQ) ? each : most));
  const behind = (each: typeof best): Measured =>
    meanOf(
      best.logQ.map((value, i) => value - each.logQ[i]!),
      { unit: 'nats' },
    );
  const chosen = eligible.find((each) => each === best || behind(each).value <= (behind(each).se ?? 0)) ?? best;
  return { chosen, among: eligible.length, ...(chosen !== best && { tiedWith: { best, ahead: behind(chosen) } }) };
};
