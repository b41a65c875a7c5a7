import { describe, expect, it } from 'vitest';
import { InputError } from '../../engine/errors/index.js';
import { repairSettings } from './settings.js';

const none = { samplers: undefined, budget: undefined, seed: undefined, threads: undefined, alpha: undefined };

describe('settings of a repair', () => {
  it('have defaults', () => {
    const { families, ...rest } = repairSettings(none, {}, 2);
    expect(rest).toEqual({ seed: 1, threads: 2, alpha: 0.01, budget: 300_000, replaying: false });
    expect(families.length).toBeGreaterThan(10);
  });

  it('take names, and may then replay', () => {
    const { families, replaying, budget } = repairSettings(
      { ...none, samplers: 'mixture-5, kernel-density', budget: '1.5h' },
      {},
      2,
    );
    expect(families.map(({ name }) => name)).toEqual(['mixture-5', 'kernel-density']);
    expect([replaying, budget]).toEqual([true, 5_400_000]);
  });

  it('list every problem, with the nearest name', () => {
    const run = () => repairSettings({ ...none, samplers: 'mixtur', budget: '5 minutes', seed: 'x' }, {}, 2);
    expect(run).toThrow(InputError);
    for (const part of [
      '--seed: expected a whole number',
      'got "mixtur" (did you mean "mixture"?)',
      '--budget: expected a time as 90s, 5m or 1h, got "5 minutes"',
    ]) {
      expect(run).toThrow(part);
    }
    expect(() => repairSettings({ ...none, budget: '0s' }, {}, 2)).toThrow('--budget');
  });
});
