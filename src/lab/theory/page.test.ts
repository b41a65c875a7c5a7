import { parseHTML } from 'linkedom';
import { expect, test } from 'vitest';
import { klSurface, misread, optimizerPaths } from '../report/figures/theory/index.js';
import { findings, theoryVerdict } from './findings.js';
import { theoryPaths, theorySummary } from './index.js';
import { theoryPage } from './page.js';

const summary = theorySummary();
const figures = [klSurface(summary), optimizerPaths(theoryPaths()), misread(summary)];
const page = theoryPage(summary, figures, 'zdist theory --seed 1');
const { document } = parseHTML(page);
const attributes = (name: string): string[] =>
  [...document.querySelectorAll(`[${name}]`)].map((node) => String(node.getAttribute(name)));

test('theoryPage says the verdict first, then what was found, then the figures', () => {
  expect(document.querySelector('header .verdict')?.textContent).toBe(theoryVerdict(summary));
  expect([...document.querySelectorAll('section')].map((section) => section.id)).toEqual([
    'findings',
    ...figures.map(({ name }) => name),
    'definitions',
  ]);
  const found = [...document.querySelectorAll('#findings dd')].map((node) => node.textContent);
  expect(found).toEqual(findings(summary).map((finding) => finding.found));
  expect(document.querySelector('header code')?.textContent).toBe('zdist theory --seed 1');
});

test('theoryPage needs nothing but itself', () => {
  expect(document.querySelectorAll('script, link[rel=stylesheet], iframe, object, embed')).toHaveLength(0);
  const policy = document.querySelector('meta[http-equiv=Content-Security-Policy]')?.getAttribute('content');
  expect(policy).toBe("default-src 'none'; img-src data:; style-src 'unsafe-inline'");
  expect(page.match(/@import|url\((?!#)| on\w+=/g)).toBeNull();
  expect(attributes('src')).toEqual([]);
  for (const href of attributes('href')) expect(href).toMatch(/^(data:|#)/);
});

test('theoryPage names nothing twice, and every reference is on the page', () => {
  const ids = attributes('id');
  expect(new Set(ids).size).toBe(ids.length);
  const linked = attributes('href').filter((href) => href.startsWith('#'));
  const clipped = [...page.matchAll(/url\((#[\w-]+)\)/g)].map(([, id]) => id!);
  expect(clipped.length).toBeGreaterThan(0);
  for (const id of [...linked, ...clipped]) expect(ids).toContain(id.slice(1));
  for (const id of attributes('aria-labelledby')) expect(ids).toContain(id);
});

test('theoryPage escapes what it is given', () => {
  const [figure] = figures;
  const odd = theoryPage(summary, [{ ...figure!, answer: '<b>&' }], '<script>alert(1)</script>');
  expect(odd.match(/<script|<b>&/g)).toBeNull();
  expect(odd.match(/&lt;script&gt;alert\(1\)&lt;\/script&gt;|&lt;b&gt;&amp;/g)).toHaveLength(2);
});
