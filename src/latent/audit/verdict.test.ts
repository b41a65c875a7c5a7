import { describe, expect, it } from 'vitest';
import type { TriedDensity } from './densities.js';
import type { Measured, Statistic, Statistics } from './result.js';
import { type Evidence, judge, verdictOf } from './verdict.js';

const measured = (value: number, rest: Partial<Measured> = {}): Measured => ({ value, n: 1000, unit: 'nats', ...rest });
const unavailable: Statistic = { unavailable: 'needs more' };

/** Codes that match N(0, I) and carry 8 nats. */
const matched: Statistics = {
  rate: measured(8, { se: 0.1 }),
  rateMc: measured(8, { se: 0.1 }),
  mutualInformation: measured(8, { se: 0.1 }),
  marginalKl: measured(0.01, { se: 0.01 }),
  marginalKlHeldOut: measured(-0.01, { se: 0.01, by: 'moment-matched Gaussian' }),
  totalCorrelation: measured(0.01),
  dimensionwiseKl: measured(0.01),
  activeUnits: measured(4, { by: 'Var(mu) > 0.01' }),
  momentKl: measured(0.001),
  frechet: measured(0.001),
  holeMass: measured(0.011, { interval: [0.008, 0.014] }),
  mmd: measured(0, { pValue: 0.5 }),
  energyDistance: measured(0, { pValue: 0.5 }),
  slicedWasserstein: measured(0, { pValue: 0.5 }),
  kolmogorovSmirnov: measured(0, { pValue: 0.5 }),
  mardiaSkewness: measured(0, { pValue: 0.5 }),
  mardiaKurtosis: measured(0, { pValue: 0.5 }),
  radius: measured(0, { pValue: 0.5 }),
  c2st: measured(0.505, { interval: [0.49, 0.52] }),
  c2stAuc: measured(0.505),
};
const tried = (gain: number, name = 'mixture of 40 full Gaussians'): TriedDensity => ({
  density: { name, logProb: () => new Float64Array() },
  gain: measured(gain, { se: 0.1, by: name }),
});
const evidence = (changes: Partial<Statistics> = {}, rest: Partial<Evidence> = {}): Evidence => ({
  statistics: { ...matched, ...changes },
  alpha: 0.01,
  tried: [tried(-0.01, 'moment-matched Gaussian')],
  ...rest,
});
const apart = { c2st: measured(0.7, { interval: [0.68, 0.72] }) };
const holes = { holeMass: measured(0.3, { interval: [0.29, 0.31] }) };

describe('the verdict', () => {
  it.each<[string, Partial<Statistics>, string]>([
    ['codes and prior alike, and informed', {}, 'matched'],
    ['a classifier that is worse than guessing', { c2st: measured(0.47, { interval: [0.45, 0.49] }) }, 'matched'],
    ['hole mass of 2α', { holeMass: measured(0.02) }, 'matched'],
    ['hole mass above 2α', { holeMass: measured(0.0201) }, 'mismatched'],
    ['a classifier that tells', apart, 'mismatched'],
    ['information under 0.5 nats', { mutualInformation: measured(0.49) }, 'collapsed'],
    ['no active unit', { activeUnits: measured(0) }, 'collapsed'],
    ['little information, and a mismatch', { ...apart, mutualInformation: measured(0.1) }, 'collapsed'],
    ['no posteriors', { mutualInformation: unavailable, activeUnits: unavailable }, 'matched'],
    ['too few codes, no test rejects', { c2st: unavailable, holeMass: unavailable }, 'matched'],
    [
      'too few codes, a test rejects',
      { c2st: unavailable, holeMass: unavailable, radius: measured(0.5, { pValue: 0.001 }) },
      'mismatched',
    ],
    [
      'too few codes, a test that rejects by itself but not among five',
      { c2st: unavailable, holeMass: unavailable, radius: measured(0.5, { pValue: 0.02 }) },
      'matched',
    ],
  ])('of %s', (_, changes, verdict) => {
    expect(verdictOf({ ...matched, ...changes }, 0.01)).toBe(verdict);
  });
});

describe('what is said of it', () => {
  it('has three reasons with numbers, whatever the verdict', () => {
    const every: Partial<Statistics>[] = [
      {},
      apart,
      holes,
      { ...apart, ...holes },
      { mutualInformation: measured(0.1) },
    ];
    for (const changes of every) {
      const { reasons } = judge(evidence(changes));
      expect(reasons).toHaveLength(3);
      for (const { text } of reasons) expect(text).toMatch(/\d/);
    }
  });

  it('never calls a small distance a success without what z carries', () => {
    const { summary, reasons, sampleFrom } = judge(evidence());
    expect(summary).toBe(
      'Codes and N(0, I) cannot be told apart, and z carries 8.00 nats about x: sample from N(0, I).',
    );
    expect(reasons.map(({ statistic }) => statistic)).toEqual(['c2st', 'holeMass', 'mutualInformation']);
    expect(sampleFrom).toBe('N(0, I)');
    const alone = judge(evidence({ mutualInformation: unavailable, activeUnits: unavailable }));
    expect(alone.summary).toContain('from z alone a collapse of the posteriors cannot be excluded');
  });

  it('says of a collapse that z carries nothing', () => {
    const { summary, reasons } = judge(evidence({ mutualInformation: measured(0.03), activeUnits: measured(0) }));
    expect(summary).toContain('z carries 0.0300 nats about x in 0 active units');
    expect(reasons.map(({ statistic }) => statistic)).toEqual(['mutualInformation', 'activeUnits', 'rate']);
  });

  it('names what tells codes from the prior, and what to sample from', () => {
    const { summary, sampleFrom, reasons } = judge(evidence({ ...apart, ...holes }, { tried: [tried(4.1)] }));
    expect(summary).toBe(
      'The codes do not live where N(0, I) does: a classifier tells them apart in 70.0% of cases, and 30.0% of prior ' +
        'draws fall where codes hardly ever are; sample from a mixture of 40 full Gaussians, worth 4.10 nats.',
    );
    expect(sampleFrom).toBe('mixture of 40 full Gaussians');
    expect(reasons.map(({ statistic }) => statistic)).toEqual(['c2st', 'holeMass', 'marginalKlHeldOut']);
    expect(judge(evidence(apart, { tried: [tried(4, 'aggregate posterior')] })).summary).toContain(
      'sample from the aggregate posterior',
    );
  });

  it('advises nothing that held-out codes do not bear out', () => {
    const { summary, sampleFrom } = judge(evidence(apart, { tried: [tried(0.1)] }));
    expect(sampleFrom).toBe('N(0, I)');
    expect(summary).toContain('no fitted density describes held-out codes better than N(0, I)');
  });

  it('gives the bracket where the rate is saturated', () => {
    const bracket = { marginalKl: [1, 40], mutualInformation: [11, 50] } as const;
    const { summary, reasons } = judge(evidence({}, { bracket }));
    expect(summary).toContain('z carries at least 11.0 nats');
    expect(reasons[2]!.text).toBe('z carries between 11.0 and 50.0 nats about x.');
  });

  it('rests on the tests that are left where codes are few', () => {
    const few = { c2st: unavailable, holeMass: unavailable, marginalKlHeldOut: unavailable };
    const { reasons, sampleFrom } = judge(evidence({ ...few, radius: measured(0.5, { pValue: 1e-5 }) }, { tried: [] }));
    expect(reasons[0]).toEqual({
      statistic: 'radius',
      text: 'The Kolmogorov–Smirnov distance of the radius is 0.500, p < 0.001.',
    });
    expect(sampleFrom).toBe('N(0, I)');
  });
});
