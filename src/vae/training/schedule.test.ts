import { describe, expect, it } from 'vitest';
import { type Regime, regimes } from '../regimes/index.js';
import { evaluationSteps, planPhases } from './schedule.js';

const bounds = (regime: Regime, steps: number) => planPhases(regime, steps).map(({ from, to }) => [from, to]);

describe('phases', () => {
  it('cover all steps, one after the other', () => {
    expect(bounds(regimes.joint, 100)).toEqual([[0, 100]]);
    expect(bounds(regimes.separate, 100)).toEqual([
      [0, 50],
      [50, 100],
    ]);
    expect(bounds(regimes.separate, 7)).toEqual([
      [0, 4],
      [4, 7],
    ]);
  });

  it('are left out where they have no step', () => {
    expect(bounds(regimes.separate, 1)).toEqual([[0, 1]]);
    expect(bounds(regimes.separate, 0)).toEqual([]);
  });

  it('must have shares that sum to 1', () => {
    const { phases } = regimes.separate;
    const short: Regime = { name: 'separate', phases: phases.map((phase) => ({ ...phase, share: 0.25 })) };
    expect(() => planPhases(short, 100)).toThrow(new RangeError('separate: expected shares that sum to 1, got 0.5'));
  });
});

describe('evaluations', () => {
  it('come at the start, early in the first epoch, after every epoch and phase, and at the end', () => {
    expect(evaluationSteps(80, 240, planPhases(regimes.joint, 240))).toEqual([0, 10, 20, 40, 80, 160, 240]);
    expect(evaluationSteps(80, 240, planPhases(regimes.separate, 240))).toEqual([0, 10, 20, 40, 80, 120, 160, 240]);
  });

  it('end with the last step of an epoch that is not whole', () => {
    expect(evaluationSteps(80, 8, planPhases(regimes.joint, 8))).toEqual([0, 8]);
    expect(evaluationSteps(80, 100, planPhases(regimes.joint, 100))).toEqual([0, 10, 20, 40, 80, 100]);
    expect(evaluationSteps(80, 0, [])).toEqual([0]);
  });

  it('come once each where they fall together', () => {
    expect(evaluationSteps(1, 3, planPhases(regimes.joint, 3))).toEqual([0, 1, 2, 3]);
  });
});
