import { describe, expect, it } from 'vitest';
import { studyFixture } from '../../../../test/support/reportFixture.js';
import { theorySummary } from '../../theory/index.js';
import type { Claim, Controls, RunResult } from '../study.js';
import type { Evidence } from './evidence.js';
import { claimsOf } from './index.js';

const theory = theorySummary();
const study = studyFixture({ seeds: [1, 2, 3] });
const evidence: Evidence = { runs: study.runs, floor: study.floor, theory, binarisation: 'threshold' };

const claim = (id: string, changes: Partial<Evidence> = {}): Claim =>
  claimsOf({ ...evidence, ...changes }).find((each) => each.id === id)!;

/** The runs with the final values of some of them moved. */
const moved = (
  which: (run: RunResult) => boolean,
  change: (run: RunResult) => Partial<RunResult>,
  runs: readonly RunResult[] = study.runs,
): RunResult[] => runs.map((run) => (which(run) ? { ...run, ...change(run) } : run));

const finalsBy =
  (quantity: 'rate' | 'score' | 'momentKl' | 'momentKlDraws', of: (value: number, seed: number) => number) =>
  (run: RunResult): Partial<RunResult> => ({
    final: { ...run.final!, [quantity]: { ...run.final![quantity], value: of(run.final![quantity].value, run.seed) } },
  });

const regime = (name: RunResult['regime']) => (run: RunResult) => run.regime === name;

describe('claimsOf', () => {
  it('decides nine claims, a to i, each with numbers and a reason', () => {
    const claims = claimsOf(evidence);
    expect(claims.map(({ id }) => id).join('')).toBe('abcdefghi');
    for (const { measured, why } of claims) {
      expect(measured.length).toBeGreaterThan(0);
      expect(why).toMatch(/\.$/);
      for (const { value, half } of measured) {
        expect(Number.isFinite(value)).toBe(true);
        expect(half ?? 1).toBeGreaterThan(0);
      }
    }
  });

  it('holds what the fixture shows: h stays open, because the Monte Carlo encoder keeps 0.72 nats', () => {
    const open = claimsOf(evidence).filter(({ verdict }) => verdict !== 'holds');
    expect(open.map(({ id, verdict }) => `${id} ${verdict}`)).toEqual(['h cannot tell']);
    const quiet = moved(
      (run) => run.regime === 'encoder-only' && run.kl === 'mc',
      finalsBy('rate', () => 0.02),
    );
    expect(claim('h', { runs: quiet }).verdict).toBe('holds');
  });

  it('takes the interval over seeds where there are several, over images otherwise', () => {
    const rate = (runs: readonly RunResult[]) =>
      claim('c', { runs }).measured.find(({ name }) => name === 'rate, encoder-only (analytic)')!;
    expect(rate(study.runs)).toMatchObject({ n: 3, of: 'seeds' });
    expect(rate(study.runs.filter(({ seed }) => seed === 1))).toMatchObject({ n: 10_000, of: 'test images' });
  });

  it('tells nothing without the runs, and names them', () => {
    const runs = study.runs.filter((run) => run.regime !== 'encoder-only');
    for (const id of 'cdh') {
      expect(claim(id, { runs }).verdict).toBe('cannot tell');
      expect(claim(id, { runs }).why).toContain('There is no finished run of encoder-only (analytic)');
    }
    for (const each of claimsOf({ ...evidence, runs: [] })) {
      if (!'abi'.includes(each.id)) expect(each.verdict).toBe('cannot tell');
    }
  });

  it('leaves failed and interrupted runs out', () => {
    const runs = moved(regime('encoder-only'), () => ({ state: 'interrupted' }));
    expect(claim('c', { runs }).verdict).toBe('cannot tell');
  });
});

describe('a and b, by the theory', () => {
  it('fall with their numbers', () => {
    const { minimum, flow } = theory;
    const twoMinima = { ...theory, minimum: { ...minimum, analytic: { ...minimum.analytic, unique: false } } };
    expect(claim('a', { theory: twoMinima }).verdict).toBe('does not hold');
    const unstable = {
      ...theory,
      flow: {
        ...flow,
        numeric: [
          { re: 1, im: 0 },
          { re: -2, im: 0 },
        ],
      },
    };
    expect(claim('b', { theory: unstable }).verdict).toBe('does not hold');
    const neutral = {
      ...theory,
      flow: {
        ...flow,
        numeric: [
          { re: 0, im: 1 },
          { re: 0, im: -1 },
        ],
      },
    };
    expect(claim('b', { theory: neutral }).verdict).toBe('cannot tell');
  });
});

describe('c, the encoder alone against the ELBO', () => {
  it('never calls a small KL a success without the information', () => {
    expect(claim('c').why).toMatch(/no success/i);
    expect(claim('h').why).toContain('Mutual information is at most the rate');
  });

  it('does not hold where the encoder alone stays farther', () => {
    const runs = moved(regime('encoder-only'), (run) => ({
      final: {
        ...run.final!,
        rate: { ...run.final!.rate, value: 40 },
        momentKlDraws: { ...run.final!.momentKlDraws, value: 30 },
      },
    }));
    expect(claim('c', { runs }).verdict).toBe('does not hold');
  });

  it('cannot be told where seeds disagree', () => {
    const runs = moved(
      regime('encoder-only'),
      finalsBy('rate', (value, seed) => (seed === 1 ? 60 : value)),
    );
    expect(claim('c', { runs }).verdict).toBe('cannot tell');
  });
});

describe('e and f, the decoder', () => {
  it('e does not hold where learning alone scores better', () => {
    const runs = moved(
      regime('separate'),
      finalsBy('score', () => -50),
    );
    expect(claim('e', { runs }).verdict).toBe('does not hold');
  });

  it('signs cross-entropies so that less is better', () => {
    const [first] = claim('e', { binarisation: 'none' }).measured;
    expect(first!.name).toContain('cross-entropy');
    expect(first!.value).toBeLessThan(0);
  });

  it('f does not hold where a decoder on such codes does nearly as well as joint training', () => {
    const runs = moved(
      (run) => run.regime === 'tandem' || run.regime === 'separate',
      finalsBy('score', () => -80),
    );
    expect(claim('f', { runs }).verdict).toBe('does not hold');
  });

  it('f holds where decoders gain nothing over random z', () => {
    const runs = moved(
      (run) => run.regime === 'tandem' || run.regime === 'separate',
      finalsBy('score', (_, seed) => -206.5 - 0.01 * seed),
    );
    expect(claim('f', { runs }).verdict).toBe('holds');
  });
});

describe('g, h and i', () => {
  const controlsBy = (change: (controls: Controls) => Partial<Controls>, where = regime('joint')): RunResult[] =>
    moved(where, ({ controls }) => ({ controls: { ...controls!, ...change(controls!) } }));

  it('g holds by the gain and by both distances, and tells what explains the excess', () => {
    const { measured, why, verdict } = claim('g');
    expect(verdict).toBe('holds');
    expect(measured[0]).toMatchObject({ name: 'joint: ELBO gained by the fitted q(z) (analytic)', unit: 'nats', n: 3 });
    expect(why).toMatch(/^A q\(z\) fitted to the codes is worth 0\.\d+ ± 0\.\d+ \(analytic\) and .* nats of ELBO/);
    expect(why).toContain('the hole explains 70% and 70%, the fit 23% and 23%, the decoder 7% and 7%.');
    expect(why).toContain('In all 12 runs of separate and tandem no q(z) is better than N(0, I).');
  });

  it.each<[string, 'does not hold' | 'cannot tell', (controls: Controls) => Partial<Controls>]>([
    [
      'a gain below 0',
      'does not hold',
      ({ fitted }) => ({ fitted: { ...fitted!, gain: { value: -1, se: 0.1, n: 9 } } }),
    ],
    [
      'samples farther off',
      'does not hold',
      ({ nearer }) => ({ nearer: { ...nearer!, fitted: { value: -4, se: 1, n: 9 } } }),
    ],
    [
      'an encoder no nearer',
      'does not hold',
      ({ nearer }) => ({ nearer: { ...nearer!, posterior: { value: -4, se: 1, n: 9 } } }),
    ],
    ['too few images', 'cannot tell', () => ({ nearer: undefined }) as unknown as Partial<Controls>],
  ])('g turns with %s', (_, verdict, change) => {
    expect(claim('g', { runs: controlsBy(change) }).verdict).toBe(verdict);
  });

  it('g cannot be told while seeds disagree about the distance', () => {
    const byFirst = moved(regime('joint'), ({ controls, seed }) => ({
      controls: {
        ...controls!,
        nearer: { ...controls!.nearer!, fitted: { value: seed === 1 ? -20 : 20, se: 1, n: 9 } },
      },
    }));
    expect(claim('g', { runs: byFirst }).verdict).toBe('cannot tell');
  });

  it('g names the runs without a fitted q(z), and says of older studies that they were not measured', () => {
    const unfitted = controlsBy(
      () => ({ fitted: undefined }) as unknown as Partial<Controls>,
      (run) => run.name === 'joint-mc-seed2',
    );
    expect(claim('g', { runs: unfitted })).toMatchObject({
      verdict: 'cannot tell',
      why: expect.stringMatching(
        /^In joint-mc-seed2 no fitted q\(z\) describes held-out codes better than N\(0, I\)\./,
      ),
    });
    const older = moved(
      () => true,
      () => ({ controls: undefined }) as unknown as Partial<RunResult>,
    );
    expect(claim('g', { runs: older })).toMatchObject({
      verdict: 'cannot tell',
      measured: [],
      why: expect.stringMatching(/^The runs of this study were not measured/),
    });
  });

  it('h does not hold where the encoder alone keeps a rate that a decoder profits from', () => {
    const loud = moved(
      regime('encoder-only'),
      finalsBy('rate', () => 8),
    );
    const runs = moved(
      regime('tandem'),
      finalsBy('score', () => -90),
      loud,
    );
    expect(claim('h', { runs }).verdict).toBe('does not hold');
    expect(claim('h', { runs: loud }).verdict).not.toBe('holds');
  });

  it('i shows the size of the misreading at known standard deviations', () => {
    const ratios = claim('i').measured.map(({ value }) => value);
    // KL / reported KL at mu = 0: G(s) / G(√s).
    const G = (s: number) => 0.5 * (s * s - 1) - Math.log(s);
    expect(ratios[0]).toBeCloseTo(G(0.02) / G(Math.sqrt(0.02)), 10);
    expect(ratios[1]).toBeCloseTo(G(0.3) / G(Math.sqrt(0.3)), 10);
  });
});
