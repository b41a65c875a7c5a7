import { describe, expect, it } from 'vitest';
import { type Candidate, choose } from './choose.js';

const values = (level: number, spread = 0): Float64Array =>
  Float64Array.from({ length: 100 }, (_, i) => level + (i % 2 === 0 ? spread : -spread));

const candidate = (family: string, complexity: number, changes: Partial<Candidate> = {}): Candidate => ({
  family,
  complexity,
  replays: false,
  ...changes,
});

const named = (candidates: readonly Candidate[], replaying?: boolean): string | undefined =>
  choose(candidates, replaying)?.chosen.family;

describe('the choice of a sampler', () => {
  it('is the highest held-out log-density', () => {
    const candidates = [
      candidate('prior', 0, { logQ: values(-3) }),
      candidate('mixture', 11, { logQ: values(-2) }),
      candidate('flow', 20, { logQ: values(-2.5) }),
    ];
    expect(choose(candidates)).toEqual({ chosen: candidates[1], among: 3 });
  });

  it('is the simplest within one paired standard error of it', () => {
    // The difference of the two is ±1 around 0.05, with a standard error of 0.1.
    const candidates = [
      candidate('flow', 20, { logQ: values(-1.95, 1) }),
      candidate('full', 3, { logQ: values(-2) }),
      candidate('prior', 0, { logQ: values(-2.2) }),
    ];
    const choice = choose(candidates)!;
    expect(choice.chosen.family).toBe('full');
    expect(choice.tiedWith!.best.family).toBe('flow');
    expect(choice.tiedWith!.ahead.value).toBeCloseTo(0.05, 12);
    expect(choice.tiedWith!.ahead.se).toBeCloseTo(Math.sqrt(1 / 99), 12);
  });

  it('pairs: a small difference that every code has is no tie', () => {
    const candidates = [
      candidate('full', 3, { logQ: values(-2, 5) }),
      candidate('flow', 20, { logQ: values(-1.99, 5) }),
    ];
    expect(named(candidates)).toBe('flow');
  });

  it('replays only when asked, and never goes without a density', () => {
    const candidates = [
      candidate('prior', 0, { logQ: values(-3) }),
      candidate('aggregate', 31, { logQ: values(-1), replays: true }),
      candidate('diffusion', 40),
    ];
    expect(named(candidates)).toBe('prior');
    expect(named(candidates, true)).toBe('aggregate');
    expect(choose([candidate('diffusion', 40)])).toBeUndefined();
  });
});
