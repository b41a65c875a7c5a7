import type { Phase, Regime } from '../regimes/index.js';

/** A phase with the steps it covers: from … to - 1. */
export interface PlannedPhase {
  readonly phase: Phase;
  readonly from: number;
  readonly to: number;
}

/** Steps of each phase of a regime, in order. Throws RangeError when its shares do not sum to 1. */
export const planPhases = (regime: Regime, steps: number): PlannedPhase[] => {
  let share = 0;
  const planned = regime.phases.map((phase) => {
    const from = Math.round(share * steps);
    share += phase.share;
    return { phase, from, to: Math.round(share * steps) };
  });
  if (Math.abs(share - 1) > 1e-9) throw new RangeError(`${regime.name}: expected shares that sum to 1, got ${share}`);
  return planned.filter(({ from, to }) => to > from);
};

/**
 * The steps after which to evaluate: the start, an eighth, a quarter and a half of the first epoch (the KL falls fastest
 * there), every epoch, every end of a phase.
 */
export const evaluationSteps = (stepsPerEpoch: number, steps: number, phases: readonly PlannedPhase[]): number[] => {
  const early = [1 / 8, 1 / 4, 1 / 2].map((part) => Math.round(part * stepsPerEpoch));
  const epochs = Array.from({ length: Math.floor(steps / stepsPerEpoch) }, (_, i) => (i + 1) * stepsPerEpoch);
  const all = new Set([0, ...early, ...epochs, ...phases.map(({ to }) => to), steps]);
  return [...all].filter((step) => step <= steps).sort((a, b) => a - b);
};
