import { parseHTML } from 'linkedom';
import { expect, test } from 'vitest';
import { type AuditCase, auditFixture, auditImagesFixture } from '../../../../test/support/auditFixture.js';
import { type AuditResult, isMeasured, type StatisticName } from '../../../latent/audit/index.js';
import { names } from '../../../latent/audit/reading/index.js';
import { palette } from '../palette.js';
import { type AuditImages, renderAudit } from './index.js';

const all: readonly AuditCase[] = ['mismatched', 'matched', 'collapsed', 'drawsOnly', 'oneLatent', 'manyLatents'];

const render = (result: AuditResult, images?: AuditImages) => {
  const report = renderAudit(result, images);
  return { ...report, document: parseHTML(report.html).document };
};

type Page = ReturnType<typeof render>['document'];

/** Every case is drawn once, with images. */
const pages = new Map<AuditCase, ReturnType<typeof render> & { readonly result: AuditResult }>();
const pageOf = (kind: AuditCase) => {
  const known = pages.get(kind);
  if (known) return known;
  const result = auditFixture(kind);
  const page = { result, ...render(result, auditImagesFixture()) };
  pages.set(kind, page);
  return page;
};

/** What a `data:` address holds, in either encoding. */
const contentOf = (address: string): string => {
  const [head, body] = address.split(/,(.*)/s) as [string, string];
  return head.endsWith('base64') ? Buffer.from(body, 'base64').toString() : decodeURIComponent(body);
};

/** White space as a reader sees it. */
const plain = (text: string | null | undefined): string => String(text).replace(/\s+/g, ' ').trim();
const sectionsOf = (document: Page): string[] =>
  [...document.querySelectorAll('main > section')].map((node) => String(node.getAttribute('id')));
const rowOf = (document: Page, name: StatisticName): string =>
  plain(document.getElementById(name)?.closest('tr')?.textContent);

test.each(all)('the page is one file under 5 MB that loads nothing: %s', (kind) => {
  const { html, document } = pageOf(kind);
  expect(Buffer.byteLength(html)).toBeLessThan(5_000_000);
  expect(html).not.toMatch(/<script|@import|url\((?!#)/);
  expect(document.querySelector('meta[http-equiv]')?.getAttribute('content')).toBe(
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'",
  );
  for (const node of document.querySelectorAll('[src], link[href]'))
    expect(node.getAttribute('src') ?? node.getAttribute('href')).toMatch(/^data:/);
  expect(plain(document.querySelector('main')?.textContent)).not.toMatch(/undefined|NaN|Infinity|n\/a|\[object/);
});

test.each(all)('ids are unique and every reference finds its element: %s', (kind) => {
  const { document } = pageOf(kind);
  const ids = [...document.querySelectorAll('[id]')].map((node) => String(node.getAttribute('id')));
  expect(new Set(ids).size).toBe(ids.length);
  for (const node of document.querySelectorAll('a[href^="#"]'))
    expect(ids).toContain(node.getAttribute('href')?.slice(1));
  for (const node of document.querySelectorAll('[clip-path]'))
    expect(ids).toContain(/url\(#(.*)\)/.exec(node.getAttribute('clip-path') ?? '')?.[1]);
});

test.each(all)('every picture says what there is to see: %s', (kind) => {
  const { document } = pageOf(kind);
  for (const node of document.querySelectorAll('main figure svg[role], .strip')) {
    const label = node.getAttribute('aria-label') ?? node.querySelector('desc')?.textContent;
    expect(String(label).length).toBeGreaterThan(30);
    expect(String(label)).not.toMatch(/NaN|undefined/);
  }
  for (const image of document.querySelectorAll('img')) expect(image.getAttribute('alt')).toMatch(/4 by 8 images/);
});

test('order: verdict, summary, reasons, statistics, figures, images, densities, what was audited, definitions', () => {
  const { result, document, figures } = pageOf('mismatched');
  expect(document.querySelector('.word span')?.textContent).toMatch(/^Mismatched/);
  expect(plain(document.querySelector('.verdict')?.textContent)).toBe(result.summary);
  expect([...document.querySelectorAll('.reasons li span')].map((node) => plain(node.textContent))).toEqual(
    result.reasons.map(({ text }) => text),
  );
  expect(plain(document.querySelector('.cure')?.textContent)).toBe('Sample from mixture of 40 full Gaussians');
  const charts = [
    'audit-rate-split',
    'audit-ratio',
    'audit-hole-map',
    'audit-dimensions',
    'audit-marginals',
    'audit-qq',
    'audit-correlation',
    'audit-spectrum',
    'audit-radius',
    'audit-active-units',
    'audit-classes',
  ];
  expect(sectionsOf(document)).toEqual(['statistics', ...charts, 'images', 'densities', 'audited', 'definitions']);
  expect(figures.map(({ name }) => name)).toEqual(charts);
  for (const title of document.querySelectorAll('main h2')) expect(title.textContent).toMatch(/\?$/);
});

test.each(all)('every statistic has its row, with value, n and seed, or why there is none: %s', (kind) => {
  const { result, document } = pageOf(kind);
  for (const name of Object.keys(names) as StatisticName[]) {
    const statistic = result.statistics[name];
    const row = rowOf(document, name);
    expect(row).toContain(names[name].name);
    if (!isMeasured(statistic)) expect(row).toContain(`unavailable${statistic.unavailable}`);
    else expect(row).toContain(`n = ${statistic.n.toLocaleString('en-US')}`);
    if (isMeasured(statistic) && statistic.seed !== undefined) expect(row).toContain(`seed ${statistic.seed}`);
    if (isMeasured(statistic) && statistic.floor) expect(row).toContain('N(0, I): median');
  }
});

test('values carry their interval, p-value, bracket and place in the noise floor', () => {
  const { document } = pageOf('mismatched');
  expect(rowOf(document, 'rate')).toContain('24.5 ± 0.2 nats');
  expect(rowOf(document, 'holeMass')).toContain('15.8% 95%: 15.1% to 16.5%');
  expect(rowOf(document, 'holeMass')).toContain('N(0, I) would have 1%');
  expect(rowOf(document, 'marginalKl')).toContain('saturated: an upper estimate; known is between 4.10 and 6.00 nats');
  expect(rowOf(document, 'mutualInformation')).toContain('held down by ln N; known is between 18.5 and 20.4 nats');
  expect(rowOf(document, 'mmd')).toContain('p = 0.005');
  expect(rowOf(document, 'mmd')).toContain('above 99% of them, 61.0 standard deviations from their mean');
  expect(rowOf(document, 'kolmogorovSmirnov')).toContain('p < 0.001');
  expect(plain(document.querySelector('#audit-rate-split')?.textContent)).toContain(
    'Of 24.5 nats between 18.5 and 20.4 tell of the image; between 4.10 and 6.00 are the distance of the codes',
  );
  expect(rowOf(pageOf('matched').document, 'mmd')).toContain('inside the middle 95%');
});

test('what codes cannot give has no figure', () => {
  const draws = sectionsOf(pageOf('drawsOnly').document);
  for (const id of ['audit-rate-split', 'audit-active-units', 'audit-classes']) expect(draws).not.toContain(id);
  const one = sectionsOf(pageOf('oneLatent').document);
  for (const id of ['audit-correlation', 'audit-hole-map']) expect(one).not.toContain(id);
  const base = pageOf('matched').result;
  const { ratio: _, ...panels } = base.panels;
  const few = render({ ...base, heldOut: [], panels });
  expect(sectionsOf(few.document)).not.toContain('images');
  expect(sectionsOf(few.document)).not.toContain('audit-ratio');
  expect(sectionsOf(few.document)).not.toContain('densities');
});

test('degenerate codes draw without a number that is none', () => {
  const base = pageOf('matched').result;
  const { panels } = base;
  const flat = panels.dimensions.map((panel) => ({
    ...panel,
    variance: 0,
    muVariance: 0,
    kl: { value: 0, n: 10, unit: 'nats' },
    histogram: { ...panel.histogram, counts: panel.histogram.counts.map((_, i) => (i === 50 ? 100 : 0)) },
  }));
  const result: AuditResult = {
    ...base,
    panels: {
      ...panels,
      dimensions: flat,
      correlation: panels.correlation.map((row, i) => row.map((_, j) => (i === j ? 1 : 0))),
      spectrum: panels.spectrum.map(() => 0),
      activeUnits: panels.activeUnits!.map(({ threshold }) => ({ threshold, count: 0 })),
      holeMap: { ...panels.holeMap, logRatio: panels.holeMap.logRatio.map(() => 0) },
    },
  };
  const { html, document } = render(result);
  expect(plain(document.querySelector('main')?.textContent)).not.toMatch(/undefined|NaN|Infinity|n\/a/);
  expect(html).not.toMatch(/="[^"]*NaN[^"]*"/);
  expect(document.querySelector('#audit-spectrum')?.textContent).toContain('8 directions without any width');
});

test('text that comes with an audit is escaped', () => {
  const evil = '</style><script>alert(1)</script>';
  const base = pageOf('drawsOnly').result;
  const { html, document } = render({
    ...base,
    summary: evil,
    sampleFrom: evil,
    notes: [evil],
    reasons: [{ statistic: 'mmd', text: evil }],
    heldOut: base.heldOut.map(({ gain }) => ({ density: evil, gain })),
    statistics: {
      ...base.statistics,
      rate: { unavailable: evil },
      mmd: { value: 1, n: 2, unit: evil, by: evil },
      holeMass: { value: 0.1, n: 2, unit: 'share', by: evil },
    },
    codes: { ...base.codes, train: { ...base.codes.train, source: evil } },
    versions: { [evil]: evil },
  });
  expect(html).not.toContain('<script');
  expect(document.querySelector('.notes')?.textContent).toContain(evil);
});

test('downloads hold every figure and its numbers', () => {
  const { document } = pageOf('mismatched');
  const heads = new Map(
    [...document.querySelectorAll('a[download$=".csv"]')].map((link) => {
      const lines = contentOf(String(link.getAttribute('href'))).split('\n');
      const columns = lines[0]!.split(',').length;
      for (const line of lines.slice(1, -1)) expect(line.split(',')).toHaveLength(columns);
      return [link.getAttribute('download'), lines[0]];
    }),
  );
  expect(Object.fromEntries(heads)).toMatchObject({
    'audit-rate-split.csv': 'part,nats,se,n,low,high',
    'audit-dimensions.csv': 'dimension,kl,kl_se,rate,mean,variance,mu_variance,ks,ks_p',
    'audit-marginals.csv': 'dimension,low,high,count,density,normal',
    'audit-qq.csv': 'dimension,probability,normal,codes',
    'audit-spectrum.csv': 'axis,variance',
    'audit-radius.csv': 'low,high,count,density,chi',
    'audit-hole-map.csv': 'kind,u,v,value',
    'audit-ratio.csv': 'low,high,codes,prior,codes_density,prior_density',
    'audit-active-units.csv': 'kind,dimension,variance,threshold,count',
    'audit-classes.csv': 'class,n,moment_kl,moment_kl_se,dimension,mean,variance',
  });
  expect(heads.size).toBe(11);
  expect(document.querySelectorAll('a[download$=".svg"]')).toHaveLength(11);
});

test('files of figures have their own ground and resolved colours, and drawing twice gives the same bytes', () => {
  const { result, figures } = pageOf('mismatched');
  for (const { svg } of figures) {
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" role="img"/);
    expect(svg).toContain(`fill="${palette.light.ground}"`);
    expect(svg).not.toMatch(/var\(--|currentColor|<style/);
  }
  expect(renderAudit(result).figures).toEqual(figures);
});

test('images from holes stand beside images from codes, as PNG in the page', () => {
  const { document } = pageOf('mismatched');
  const images = [...document.querySelectorAll('#images img')];
  expect(images.map((image) => image.getAttribute('alt'))).toEqual([
    '4 by 8 images decoded from the deepest holes',
    '4 by 8 images decoded from codes of held-out images',
  ]);
  expect(document.querySelector('#images')?.textContent).toContain('r(z) from −42.1 to −23.5 nats');
});

test('notes are told', () => {
  const { document } = pageOf('drawsOnly');
  expect(document.querySelector('.notes')?.textContent).toContain(
    'One set was given: it is split in halves by seed 1.',
  );
  expect(document.querySelector('#audited')?.textContent).toContain(
    '5,000 draws z, from every other row of z.npy, by seed 1',
  );
});
