import { parseHTML } from 'linkedom';
import { expect, test } from 'vitest';
import { brokenStudyFixture, fixtureFiles, studyFixture } from '../../../test/support/reportFixture.js';
import { claimsOfStudy } from '../studies/claims/index.js';
import type { Study } from '../studies/study.js';
import { renderReport } from './index.js';

/** In the order of the argument. */
const figureNames = [
  'theory-kl-surface',
  'theory-phase-portrait',
  'kl-decay',
  'images-joint',
  'images-separate',
  'images-random-z',
  'decoder-score-separate',
  'decoder-score',
  'images-tandem',
  'codes',
  'repair',
];
const laterFigures = ['theory-kl-over-time', 'theory-optimizer-paths', 'theory-misread'];

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
  expect(figures.map((figure) => figure.name)).toEqual([...figureNames, ...laterFigures]);
  for (const { name, svg, csv } of figures) {
    expect(svg, name).toMatch(/^<svg xmlns=/);
    expect(csv.split('\n').length, name).toBeGreaterThan(2);
  }
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

test('order: verdict, claims, figures, runs, images, configuration, command, provenance, definitions', async () => {
  const study = studyFixture();
  const { document } = await render(study);
  expect(document.querySelector('.verdict')?.textContent?.replaceAll('\u00a0', ' ')).toBe(study.verdict);
  expect([...document.querySelectorAll('main > section')].map((node) => node.getAttribute('id'))).toEqual([
    'claims',
    ...figureNames,
    ...laterFigures,
    'runs',
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

test('every image grid stands in the page once, as PNG, prior before encoder', async () => {
  const study = studyFixture();
  const { document } = await render(study);
  const images = [...document.querySelectorAll('img')];
  expect(new Set(images.map((image) => image.getAttribute('width')))).toEqual(new Set(['242']));
  // The panel of the repair shows the grids of one joint run again, side by side.
  const own = images.filter((image) => !image.closest('#repair'));
  const alternatives = own.map((image) => String(image.getAttribute('alt')));
  const all = images.map((image) => String(image.getAttribute('alt')));
  expect(new Set(all).size).toBe(study.runs.flatMap((run) => run.images).length);
  expect(alternatives).toHaveLength(new Set(alternatives).size);
  for (const card of document.querySelectorAll('#images-joint article, #images-tandem article')) {
    const [prior, encoder] = [...card.querySelectorAll('img')].map((image) => String(image.getAttribute('alt')));
    expect(prior).toMatch(/z ~ N\(0, I\)$/);
    expect(encoder).toMatch(/x from the test set$/);
  }
});

test('the repair panel: three sources of z for each regime, images side by side, causes, the command', async () => {
  const { document, figures } = await render(studyFixture({ seeds: [1, 2, 3] }));
  const panel = document.querySelector('#repair')!;
  const text = String(panel.textContent).replace(/\s+/g, ' ');
  expect(panel.querySelector('h2')?.textContent).toMatch(/\?$/);
  expect(text).toMatch(/A q\(z\) fitted to the codes gains 0\.\d+ ± 0\.\d+ nats of ELBO for joint \(analytic\) and/);
  expect(text).toContain('For separate, tandem and random z no fitted q(z) is better than N(0, I).');
  expect(text).toMatch(/Of the excess of N\(0, I\) over real images: hole \d/);
  expect(text).toContain('Nothing can be gained: z says next to nothing about x.');
  expect(panel.querySelector('pre')?.textContent).toBe('zdist repair runs/joint-analytic-seed1');
  const pictures = [...panel.querySelectorAll('img')].map((image) => String(image.getAttribute('alt')));
  expect(pictures.map((alt) => alt.split(', ').slice(1).join(', '))).toEqual([
    'z ~ N(0, I)',
    'z ~ fitted q(z)',
    'z ~ q(z|x), x from the test set',
  ]);
  // Two estimators of joint with three sources; of the five others with a decoder two; the prior alone without one.
  expect(panel.querySelectorAll('tbody tr')).toHaveLength(2 * 3 + 5 * 2 + 2);
  const lines = figures
    .find(({ name }) => name === 'repair')!
    .csv.trim()
    .split('\n');
  expect(lines[0]).toMatch(/^run,z,sampler,draws,frechet,frechet_se,/);
  expect(lines).toHaveLength(1 + 3 * (2 * 3 + 7 * 2));
});

test('claims stand first, each with verdict, numbers and reason', async () => {
  const study = studyFixture({ seeds: [1, 2, 3] });
  const { document } = await render({ ...study, claims: claimsOfStudy(study) });
  const rows = [...document.querySelectorAll('#claims tbody tr')].map((row) => String(row.textContent));
  expect(rows).toHaveLength(9);
  expect(rows[0]).toMatch(/^\s*holds/);
  expect(rows[2]).toContain('c');
  expect(rows[2]).toMatch(/No success|no success/);
  expect(document.querySelector('#claims')?.textContent).toContain('over 3 seeds');
});

test('a study from before codes, probes and claims says what is missing', async () => {
  const study = studyFixture();
  const runs = study.runs.map(
    ({ codes: _codes, nearest: _nearest, controls: _controls, probes: _probes, ...run }) => run,
  );
  const { document, figures } = await render({ ...study, runs });
  expect(document.querySelector('#codes')?.textContent).toContain('hold no summary of their codes');
  expect(document.querySelector('#theory-phase-portrait')?.textContent).toContain('no codes of probe images');
  expect(document.querySelector('#claims')?.textContent).toContain('No claims were computed');
  expect(document.querySelector('#repair')?.textContent).toContain('were not measured');
  expect(figures.map(({ name }) => name)).not.toContain('codes');
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
  const names = links.map((link) => String(link.getAttribute('download')));
  for (const name of [...figureNames, ...laterFigures]) expect(names).toContain(`${name}.csv`);
  const kl = links[names.indexOf('kl-decay.csv')];
  const [, data] = String(kl?.getAttribute('href')).split(/charset=utf-8,/);
  expect(decodeURIComponent(data!)).toMatch(/^quantity,series,epoch,value,low,high\nmomentKlDraws,/);
});
