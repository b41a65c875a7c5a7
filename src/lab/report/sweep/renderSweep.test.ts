import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import { estimate, finalValues } from '../../../../test/support/study.js';
import type { SweepResult, SweepRow } from '../../sweep/result.js';
import { settingsOf } from '../../sweep/settings.js';
import { renderSweep } from './renderSweep.js';

const nameOf = (varied: SweepRow['varied']): string =>
  Object.entries(varied)
    .map(([key, value]) => `${key}=${String(value)}`)
    .join(',');
const row = (varied: SweepRow['varied'], elbo?: number, changes: Partial<SweepRow> = {}): SweepRow => ({
  job: nameOf(varied),
  name: nameOf(varied),
  varied,
  state: elbo === undefined ? 'failed' : 'done',
  attempts: 1,
  ...(elbo !== undefined && { final: { ...finalValues, elbo: estimate(elbo) } }),
  ...changes,
});
const sweep = (rows: readonly SweepRow[]): SweepResult => ({
  ...{ schema: 1, kind: 'sweep', name: 'rates', state: 'done', written: '2026-11-23T10:00:00.000Z' },
  versions: { zdist: '0.1.0' },
  rows,
});
const rendered = (rows: readonly SweepRow[]) => {
  const text = renderSweep(sweep(rows));
  const { document } = parseHTML(text);
  const told = (selector: string): string[] =>
    [...document.querySelectorAll(selector)].map((element) =>
      element.textContent.replace(/[\s\u00a0\u202f]+/g, ' ').trim(),
    );
  return { text, told };
};

/** Two seeds of each of four settings; 3 latents and `tandem` are better. */
const GRID = ['joint', 'tandem'].flatMap((regime) =>
  [2, 3].flatMap((latents) =>
    [1, 2].map((seed) =>
      row({ regime, latents, seed }, -100 + 5 * latents + (regime === 'tandem' ? 1 : 0) + 0.2 * seed),
    ),
  ),
);

describe('settingsOf', () => {
  it('puts seeds together, the best mean first and those without a result last', () => {
    const settings = settingsOf([row({ latents: 9, seed: 1 }), ...GRID]);
    expect(settings.map(({ name, done }) => [name, done.length])).toEqual([
      ['regime=tandem,latents=3', 2],
      ['regime=joint,latents=3', 2],
      ['regime=tandem,latents=2', 2],
      ['regime=joint,latents=2', 2],
      ['latents=9', 0],
    ]);
    expect(settingsOf([row({ seed: 1 }, -1), row({ seed: 2 }, -2)]).map(({ name }) => name)).toEqual(['all']);
  });
});

describe('renderSweep', () => {
  it('says which configuration is best, and shows each key that varies but the seed', () => {
    const { told } = rendered(GRID);
    // −83.8 and −83.6, one degree of freedom: 12.7062 × 0.1414 / √2 = 1.27.
    expect(told('.verdict')[0]).toContain('regime=tandem,latents=3 has the highest ELBO: −83.7 ± 1.3 nats an image');
    expect(told('.verdict')[0]).toContain('8 runs: 8 done.');
    expect(told('h2')).toEqual([
      ...['Which configuration is best?', 'What does regime change?', 'What does latents change?'],
      ...['All configurations', 'Definitions'],
    ]);
    expect(told('#by-latents .wide text').filter((text) => text.includes('n ='))).toEqual(['2 (n = 4)', '3 (n = 4)']);
    expect(told('#by-latents .answer')[0]).toContain('latents = 3 has the highest mean ELBO');
    expect(told('#table tbody th')[0]).toBe('regime=tandem,latents=3');
  });

  it('draws the hole mass where it was measured', () => {
    expect(rendered(GRID).text).not.toContain('hole mass  (share');
    const measured = GRID.map((each) => ({ ...each, holeMass: estimate(0.2, 0.01) }));
    expect(rendered(measured).text).toContain('hole mass  (share of draws of N(0, I), lower is better)');
  });

  it('lists what has no result, and why, as text', () => {
    const { told, text } = rendered([
      ...GRID,
      row({ regime: 'joint', latents: 4, seed: 1 }, undefined, { reason: 'a <b>bad</b> day' }),
      row({ regime: 'joint', latents: 5, seed: 1 }, undefined, { state: 'diverged', reason: 'loss above 9 nats' }),
      row({ regime: 'joint', latents: 6, seed: 1 }, undefined, { state: 'open' }),
    ]);
    expect(told('#without dd')).toEqual(['failed: a <b>bad</b> day', 'diverged: loss above 9 nats', 'not done']);
    expect(text).not.toContain('<b>bad');
    expect(told('.verdict span')).toEqual(['11 runs: 8 done, 1 diverged, 1 failed, 1 not done.']);
  });

  it('puts many numbers into ranges, and draws the best of many configurations', () => {
    const rows = Array.from({ length: 40 }, (_, i) => row({ 'optimizer.lr': (i + 1) / 1000 }, -100 - Math.abs(i - 20)));
    const { told } = rendered(rows);
    expect(told('#by-optimizer-lr .wide text').filter((text) => text.includes('n ='))).toEqual(
      ['0.001 … 0.005', '0.006 … 0.01', '0.011 … 0.015', '0.016 … 0.02', '0.021 … 0.025', '0.026 … 0.03']
        .concat(['0.031 … 0.035', '0.036 … 0.04'])
        .map((range) => `${range} (n = 5)`),
    );
    expect(told('#configurations figcaption')[0]).toContain('The best 16 of 40 are drawn.');
  });

  it('is a page without charts where nothing has a result', () => {
    const { told } = rendered([row({ latents: 2 }, undefined, { reason: 'a bad day' })]);
    expect(told('.verdict')[0]).toContain('No run has a result.');
    expect(told('figure')).toEqual([]);
  });
});
