import { parseHTML } from 'linkedom';
import { describe, expect, it, test } from 'vitest';
import type { ProbePath } from '../../../../latent/theory/index.js';
import { planeKl } from '../../../../latent/theory/index.js';
import { type RegimeProbes, theoryPaths, theorySummary } from '../../../theory/index.js';
import { palette } from '../../palette.js';
import type { Figure } from '../figure.js';
import { frictionEigenvalues, klOverTime, klSurface, misread, optimizerPaths, phasePortrait } from './index.js';

const summary = theorySummary();
const paths = theoryPaths();

/** Two dimensions of one image over three evaluations; the second ends at a distance of 0.5 from (0, 1). */
const planted: ProbePath[] = [
  { image: 0, dimension: 4, mu: [0.5, 0.2, 0], sigma: [0.6, 0.9, 1] },
  { image: 0, dimension: 7, mu: [0.1, 0.2, 0.3], sigma: [0.9, 0.7, 0.6] },
];
const probes: RegimeProbes[] = [
  { label: 'joint (analytic)', colour: 'joint', paths: planted },
  { label: 'encoder-only <mc>', colour: 'encoder-mc', paths: [planted[0]!] },
];

const labels = {
  mu: 'μ, mean of the code',
  sigma: 'σ, standard deviation of the code',
  time: 't, natural time',
};

/** A figure, texts of its axes, columns of its data and how many rows they have. */
const cases: [Figure, string[], string, number][] = [
  [
    klSurface(summary),
    ['F(μ) = ½ μ²  (nats)', 'G(σ) = ½ (σ² − 1) − ln σ  (nats)', 'KL from 100 draws  (nats)', 'n, draws of noise'],
    'quantity,mu,sigma,draws,value,se',
    121 + 121 + 61 * 60 + 4 * 13 * 12 + 32 + 4,
  ],
  [
    phasePortrait(summary, paths, probes),
    [labels.mu, labels.sigma, 'dμ/dt  (per unit time)', 'dσ/dt  (per unit time)', 'joint (analytic): σ over μ'],
    'path,image,dimension,t,mu,sigma,mu_speed,sigma_speed',
    401 + 401 + 3 * 3,
  ],
  [
    klOverTime(summary, paths),
    ['KL, and energy of the ball  (nats)', 'dKL/dt  (nats per unit time)', labels.time],
    'path,t,kl,dkl_dt,energy,denergy_dt',
    401 + 401,
  ],
  [
    optimizerPaths(paths),
    [labels.mu, labels.sigma, 'optimizer steps', 'KL  (nats)'],
    'optimizer,step,mu,sigma,kl,kl_change',
    4 * 1501,
  ],
  [
    frictionEigenvalues(summary),
    ['Real parts of the eigenvalues  (per unit time)', 'friction γ  (per unit time)'],
    'friction,coordinate,re_1,im_1,re_2,im_2',
    2 * 162,
  ],
  [
    misread(summary),
    ['KL at μ = 0  (nats per dimension)', 'True KL ÷ reported KL', 'σ of the code that is sampled'],
    'sigma,kl,reported,ratio',
    121,
  ],
];
const figures = cases.map(([figure]) => figure);

const parsed = (svg: string) => parseHTML(`<html><body>${svg}</body></html>`).document;
const textsOf = (svg: string): string[] =>
  [...parsed(svg).querySelectorAll('text')].map((node) => String(node.textContent));
const rowsOf = ({ csv }: Figure): string[][] =>
  csv
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','));

describe.each(cases.map(([figure, ...rest]) => [figure.name, figure, ...rest] as const))(
  '%s',
  (name, figure, axes, columns, count) => {
    it('asks, and answers with numbers', () => {
      expect(name).toMatch(/^theory-[a-z-]+$/);
      expect(figure.title).toMatch(/^[A-Z].*\?$/);
      expect(figure.answer).toMatch(/\d/);
      for (const text of [figure.answer, figure.reading, figure.description]) {
        expect(text).toMatch(/[^.]\.$/);
        expect(text).not.toMatch(/NaN|undefined|Infinity|n\/a|\[object/);
      }
    });

    it('labels its axes, wide and narrow', () => {
      for (const svg of [figure.wide, figure.narrow]) {
        const texts = textsOf(svg);
        for (const axis of axes) expect(texts).toContain(axis);
        expect(svg.match(/NaN|undefined|Infinity/g)).toBeNull();
      }
    });

    it('says what there is to see', () => {
      for (const svg of [figure.wide, figure.narrow]) {
        const sheet = parsed(svg).querySelector('svg')!;
        const [title, desc] = ['title', 'desc'].map((tag) => sheet.querySelector(tag)!);
        expect([title!.textContent, desc!.textContent]).toEqual([figure.title, figure.description]);
        expect(sheet.getAttribute('role')).toBe('img');
        expect(sheet.getAttribute('aria-labelledby')).toBe(title!.id);
        expect(sheet.getAttribute('aria-describedby')).toBe(desc!.id);
      }
    });

    it('fits a wide page and a phone', () => {
      const widths = [figure.wide, figure.narrow].map((svg) => Number(/ width="(\d+)"/.exec(svg)![1]));
      expect(widths).toEqual([960, 348]);
    });

    it('gives its data', () => {
      expect(figure.csv.split('\n')[0]).toBe(columns);
      const rows = rowsOf(figure);
      expect(rows).toHaveLength(count);
      expect(rows.every((row) => row.length === columns.split(',').length)).toBe(true);
    });

    it('has a name and a look for all that the narrow picture leaves to the legend', () => {
      expect(figure.legend.length).toBeGreaterThan(0);
      expect(figure.legend.map(({ id }) => id)).toEqual([...new Set(figure.legend.map(({ id }) => id))]);
      for (const { id } of figure.legend) expect(figure.narrow.includes(`s s-${id}`)).toBe(true);
    });

    it.each(['light', 'dark'] as const)('is a file of its own: %s', (theme) => {
      const svg = figure.svg(theme);
      expect(svg.slice(0, 60)).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" role="img"/);
      expect(svg.match(/var\(--|currentColor|<style|<script|NaN/g)).toBeNull();
      expect(svg.includes(`fill="${palette[theme].ground}"`)).toBe(true);
      expect(textsOf(svg)[0]).toBe(figure.title);
    });
  },
);

test('no two pictures of a page share an id, and every clip path is there', () => {
  const page = figures.map(({ wide, narrow }) => wide + narrow).join('');
  const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id!);
  expect(new Set(ids).size).toBe(ids.length);
  const used = new Set([...page.matchAll(/url\(#([^)]+)\)/g)].map(([, id]) => id!));
  expect(used.size).toBeGreaterThan(figures.length);
  for (const id of used) expect(ids).toContain(id);
});

test('drawing twice gives the same bytes', () => {
  expect(klSurface(theorySummary()).wide === figures[0]!.wide).toBe(true);
  expect(optimizerPaths(theoryPaths()).svg('dark') === figures[3]!.svg('dark')).toBe(true);
});

describe('klSurface', () => {
  const rows = rowsOf(figures[0]!);
  const of = (quantity: string) => rows.filter((row) => row[0] === quantity).map((row) => row.slice(1).map(Number));

  it('tells the exact surface, to the digits that a table has', () => {
    for (const [mu, sigma, , value, se] of of('KL')) {
      expect(Math.abs(value! - planeKl(mu!, sigma!))).toBeLessThan(1e-5);
      expect(se).toBe(0);
    }
  });

  it('tells the Monte Carlo surface with its standard errors, which are honest and vanish at (0, 1)', () => {
    const estimated = of('Monte Carlo KL');
    expect([...new Set(estimated.map((row) => row[2]))]).toEqual(summary.minimum.sampleSizes.map(({ n }) => n));
    for (const [mu, sigma, , value, se] of estimated) {
      expect(Math.abs(value! - planeKl(mu!, sigma!))).toBeLessThanOrEqual(4 * se! + 1e-5);
    }
    const there = estimated.filter(([mu, sigma]) => mu === 0 && sigma === 1);
    expect(there.map((row) => row.slice(2))).toEqual(summary.minimum.sampleSizes.map(({ n }) => [n, 0, 0]));
  });

  it('draws an error bar for every estimate in the frame', () => {
    const bars = parsed(figures[0]!.wide).querySelectorAll('g.s-monte-carlo-kl line');
    expect(bars).toHaveLength(3 * 2 * 10);
  });
});

describe('phasePortrait', () => {
  it('sets measured paths beside the theory, one panel a regime', () => {
    const figure = figures[1]!;
    expect(textsOf(figure.wide)).toContain('encoder-only <mc>: σ over μ');
    expect(figure.reading).toContain(
      'Their mean distance from (0, 1) is 0.250 for joint (analytic) and 0 for'.replace('(0, 1)', '(0,\u00a01)'),
    );
    expect(rowsOf(figure).filter((row) => row[0] === 'joint (analytic)')[5]).toEqual([
      'joint (analytic)',
      '0',
      '7',
      '2',
      '0.3',
      '0.6',
      '',
      '',
    ]);
  });

  it('does without measured paths', () => {
    const figure = phasePortrait(summary, paths);
    expect(figure.reading).not.toContain('measured');
    expect(figure.csv.split('\n')).toHaveLength(1 + 802 + 1);
  });

  it.each([1, 3, 4, 5, 7])('finds room for %i regimes', (count) => {
    const many = Array.from({ length: count }, (_, i) => ({ ...probes[0]!, label: `regime ${i}` }));
    const { wide, narrow } = phasePortrait(summary, paths, many);
    for (const svg of [wide, narrow]) {
      expect(textsOf(svg).filter((text) => text.startsWith('regime '))).toHaveLength(count);
    }
    const boxes = [...wide.matchAll(/<svg x="(\d+)" y="(\d+)" viewBox="0 0 (\d+) (\d+)"/g)].map((box) =>
      box.slice(1).map(Number),
    );
    expect(boxes).toHaveLength(3 + count);
    boxes.forEach(([x, y, w, h], i) => {
      expect(x! + w!).toBeLessThanOrEqual(960);
      for (const [x2, y2, w2, h2] of boxes.slice(i + 1)) {
        expect(x! + w! <= x2! || x2! + w2! <= x! || y! + h! <= y2! || y2! + h2! <= y!).toBe(true);
      }
    });
  });
});
