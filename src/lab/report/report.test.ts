import { parseHTML } from 'linkedom';
import { expect, test } from 'vitest';
import { brokenStudyFixture, fixtureFiles, studyFixture } from '../../../test/support/reportFixture.js';
import type { Study } from '../studies/study.js';
import { renderReport } from './index.js';

const render = async (study: Study) => {
  const report = await renderReport(study, fixtureFiles(study));
  return { ...report, document: parseHTML(report.html).document };
};

test('the page is one file under 5 MB that loads nothing', async () => {
  const { html, document, figures } = await render(studyFixture({ seeds: [1, 2, 3] }));
  expect(Buffer.byteLength(html)).toBeLessThan(5_000_000);
  expect(html).not.toMatch(/<script|@import|url\((?!#)/);
  const loaded = [...document.querySelectorAll('[src], link[href]')].map(
    (node) => node.getAttribute('src') ?? node.getAttribute('href'),
  );
  expect(loaded.length).toBeGreaterThan(10);
  for (const address of loaded) expect(address).toMatch(/^data:/);
  expect(figures.map((figure) => figure.name)).toEqual(['kl-decay', 'decoder-score']);
});

test('ids are unique and every reference finds its element', async () => {
  const { document } = await render(studyFixture());
  const ids = [...document.querySelectorAll('[id]')].map((node) => String(node.getAttribute('id')));
  expect(new Set(ids).size).toBe(ids.length);
  for (const node of document.querySelectorAll('a[href^="#"]'))
    expect(ids).toContain(node.getAttribute('href')?.slice(1));
  for (const node of document.querySelectorAll('[clip-path]')) {
    expect(ids).toContain(/url\(#(.*)\)/.exec(node.getAttribute('clip-path') ?? '')?.[1]);
  }
});

test('order: verdict, runs, figures, images, configuration, command, provenance, definitions', async () => {
  const study = studyFixture();
  const { document } = await render(study);
  expect(document.querySelector('.verdict')?.textContent).toBe(study.verdict);
  expect([...document.querySelectorAll('main > section')].map((node) => node.getAttribute('id'))).toEqual([
    'runs',
    'kl-decay',
    'decoder-score',
    'images',
    'configuration',
    'command',
    'provenance',
    'definitions',
  ]);
  expect(document.querySelector('#command pre')?.textContent).toBe(study.command);
  expect(document.querySelector('#configuration')?.textContent).toContain(study.data.sha256);
});

test('the table holds every run with interval, n, and what is untrained', async () => {
  const { document } = await render(studyFixture());
  const rows = [...document.querySelectorAll('#runs tbody tr')].map((row) =>
    String(row.textContent).replace(/\s+/g, ' '),
  );
  expect(rows).toHaveLength(9);
  expect(rows[0]).toMatch(/joint \(analytic\) trains encoder and decoder 19\.73 ± 0\.12/);
  expect(rows.find((row) => row.includes('encoder-only (analytic)'))).toContain('untrained decoder');
  expect(rows.find((row) => row.includes('random z'))).toContain('untrained encoder');
  expect(document.querySelector('#runs thead')?.textContent).toContain('nats per image');
  expect(document.querySelector('#runs thead')?.textContent).toContain('n\u00a0=\u00a010,000');
});

test('with several seeds the means come first, with Student intervals', async () => {
  const { document } = await render(studyFixture({ seeds: [1, 2, 3] }));
  const tables = document.querySelectorAll('#runs table');
  expect(tables).toHaveLength(2);
  expect(tables[0]?.querySelectorAll('tbody tr')).toHaveLength(9);
  expect(tables[1]?.querySelectorAll('tbody tr')).toHaveLength(27);
});

test('image grids stand in pairs, prior and encoder, as PNG in the page', async () => {
  const { document } = await render(studyFixture());
  const cards = [...document.querySelectorAll('#images article')];
  expect(cards).toHaveLength(9);
  for (const card of cards) {
    const images = [...card.querySelectorAll('img')];
    expect(images.map((image) => image.getAttribute('width'))).toEqual(['242', '242']);
    expect(images[0]?.getAttribute('alt')).toMatch(/z ~ N\(0, I\)$/);
    expect(images[1]?.getAttribute('alt')).toMatch(/x from the test set$/);
  }
});

test('grey-scale: cross-entropy and cross-entropy + KL, never a likelihood', async () => {
  const { document } = await render(studyFixture({ binarisation: 'none' }));
  const head = String(document.querySelector('#runs thead')?.textContent);
  expect(head).toContain('Cross-entropy + KL');
  expect(head).not.toMatch(/ELBO|score/);
  expect(document.querySelector('main')?.textContent).not.toMatch(/likelihood|Decoder score/);
});

test('faults are shown and escaped', async () => {
  const { html, document } = await render(brokenStudyFixture());
  const warning = String(document.querySelector('.warning')?.textContent).replace(/\s+/g, ' ');
  expect(warning).toContain('This study is interrupted: 7 of 9 runs are complete.');
  expect(warning).toContain('got NaN <step 2814>');
  expect(html).not.toContain('<step 2814>');
});

test('a missing image is named on the page', async () => {
  const study = studyFixture();
  const { html } = await renderReport(study, { read: () => Promise.reject(new Error('no such file')) });
  expect(html).toContain('runs/joint-analytic-seed1/prior.png: no such file');
});

test('text that comes with a study is escaped', async () => {
  const evil = '</style><script>alert(1)</script>';
  const base = studyFixture();
  const study = {
    ...base,
    verdict: evil,
    command: evil,
    data: { ...base.data, name: evil, source: evil },
    versions: { [evil]: evil },
  };
  expect((await render(study)).html).not.toContain('<script');
});

test('downloads hold the figures and their numbers', async () => {
  const { document } = await render(studyFixture());
  const links = [...document.querySelectorAll('a[download]')];
  expect(links.map((link) => link.getAttribute('download'))).toEqual([
    'kl-decay.csv',
    'kl-decay.svg',
    'decoder-score.csv',
    'decoder-score.svg',
  ]);
  const [, data] = String(links[0]?.getAttribute('href')).split('base64,');
  expect(Buffer.from(data!, 'base64').toString()).toMatch(/^quantity,series,epoch,value,low,high\nmomentKlDraws,/);
});
