import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { renderReport } from '../../src/lab/report/index.js';
import { claimsOfStudy } from '../../src/lab/studies/claims/index.js';
import type { Study } from '../../src/lab/studies/study.js';
import { launchChromium, withoutBrowser } from '../support/chromium.js';
import { brokenStudyFixture, fixtureFiles, studyFixture } from '../support/reportFixture.js';

/** Figures that are charts, each drawn once for a wide and once for a narrow page. */
const CHARTS = 10;

const withClaims = (study: Study): Study => ({ ...study, claims: claimsOfStudy(study) });

describe.skipIf(withoutBrowser)('the report in a browser', () => {
  let browser: Browser;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'zdist-report-'));
    const studies = {
      one: withClaims(studyFixture()),
      seeds: withClaims(studyFixture({ seeds: [1, 2, 3] })),
      broken: withClaims(brokenStudyFixture()),
    };
    for (const [name, study] of Object.entries(studies)) {
      const { html } = await renderReport(study, fixtureFiles(study));
      await writeFile(path.join(folder, `${name}.html`), html);
    }
    browser = await launchChromium();
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const open = async (name: string, width: number, colorScheme: 'light' | 'dark') => {
    const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
    const complaints: string[] = [];
    const requests: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => requests.push(request.url()));
    const address = pathToFileURL(path.join(folder, `${name}.html`)).href;
    await page.goto(address, { waitUntil: 'load' });
    const network = requests.filter((url) => url !== address && !url.startsWith('data:'));
    return { page, complaints, network };
  };

  const cases = ['one', 'seeds', 'broken'].flatMap((name) =>
    [380, 1200].flatMap((width) => (['light', 'dark'] as const).map((scheme) => [name, width, scheme] as const)),
  );

  test.each(cases)('%s at %d px, %s: no complaint, no request, no overflow', async (name, width, scheme) => {
    const { page, complaints, network } = await open(name, width, scheme);
    const seen = await page.evaluate<{ scroll: number; ground: string; broken: number; shown: string[] }>(`({
      scroll: document.documentElement.scrollWidth,
      ground: getComputedStyle(document.documentElement).backgroundColor,
      broken: [...document.images].filter((image) => !(image.complete && image.naturalWidth > 0)).length,
      shown: [...document.querySelectorAll('figure > .wide, figure > .narrow')].filter((box) => box.checkVisibility()).map((box) => box.className),
    })`);
    await page.close();
    expect(complaints).toEqual([]);
    expect(network).toEqual([]);
    expect(seen.scroll).toBeLessThanOrEqual(width);
    expect(seen.broken).toBe(0);
    expect(seen.ground).toBe(scheme === 'light' ? 'rgb(255, 255, 255)' : 'rgb(20, 23, 27)');
    expect(seen.shown).toEqual(Array.from({ length: CHARTS }, () => (width === 380 ? 'narrow' : 'wide')));
  });

  test('at most 5 MB, also with several seeds', async () => {
    for (const name of ['one', 'seeds', 'broken']) {
      expect((await stat(path.join(folder, `${name}.html`))).size).toBeLessThan(5_000_000);
    }
  });

  test('the verdict comes first, then the claims, and nothing stands between', async () => {
    const { page } = await open('seeds', 1200, 'light');
    const tops = await page.evaluate<number[]>(
      `['.verdict', '#claims', '#theory-kl-surface', '#runs'].map((of) => document.querySelector(of).getBoundingClientRect().top)`,
    );
    const claims = await page.evaluate<number>(`document.querySelectorAll('#claims tbody tr').length`);
    await page.close();
    expect([...tops].sort((a, b) => a - b)).toEqual(tops);
    expect(tops[0]).toBeLessThan(200);
    expect(claims).toBe(9);
  });

  test('every chart has a question, a text alternative, named axes and units, and its data', async () => {
    const { page } = await open('seeds', 1200, 'light');
    const charts = await page.evaluate<{ id: string; title: string; named: boolean; texts: string[]; data: number }[]>(`
      [...document.querySelectorAll('section:has(figure > .wide)')].map((section) => {
        const svg = section.querySelector('.wide svg');
        const named = ['aria-labelledby', 'aria-describedby'].every((of) => {
          const text = document.getElementById(svg.getAttribute(of));
          return text !== null && text.textContent.length > 10;
        });
        return {
          id: section.id,
          title: section.querySelector('h2').textContent,
          named,
          texts: [...svg.querySelectorAll('text')].map((text) => text.textContent),
          data: section.querySelector('a[download$=".csv"]').href.length,
        };
      })`);
    await page.close();
    expect(charts).toHaveLength(CHARTS);
    for (const { id, title, named, texts, data } of charts) {
      expect(title, id).toMatch(/\?$/);
      expect(named, id).toBe(true);
      expect(texts.join(' '), id).toMatch(/nats|standard deviation|density|per unit time/);
      expect(data, id).toBeGreaterThan(200);
    }
  });

  test('pictures are shown pixel for pixel', async () => {
    for (const width of [380, 1200]) {
      const { page } = await open('one', width, 'light');
      const ratios = await page.evaluate<number[]>(
        '[...document.images].map((image) => image.getBoundingClientRect().width / image.naturalWidth)',
      );
      await page.close();
      expect(new Set(ratios)).toEqual(new Set([1]));
    }
  });

  test('a legend entry under the pointer dims the other lines', async () => {
    const { page } = await open('one', 380, 'light');
    await page.locator('#kl-decay .narrow li.s-joint-analytic').hover();
    const opacity = (line: string) =>
      page.evaluate<string>(`getComputedStyle(document.querySelector('#kl-decay .narrow svg .s-${line}')).opacity`);
    await expect.poll(() => opacity('encoder-only-mc')).toBe('0.15');
    expect(await opacity('joint-analytic')).toBe('1');
    await page.close();
  });
});
