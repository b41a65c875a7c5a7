import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { renderReport } from '../../src/lab/report/index.js';
import { brokenStudyFixture, fixtureFiles, studyFixture } from '../support/reportFixture.js';

const executablePath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';
const installed = existsSync(executablePath);
const required = process.env.CI === 'true' && process.env.ZDIST_REQUIRE_BROWSER === '1';
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

if (!installed && !required) process.stderr.write(`report in a browser: skipped, no Chromium at ${executablePath}\n`);

describe.skipIf(!installed && !required)('the report in a browser', () => {
  let browser: Browser;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'zdist-report-'));
    const studies = { one: studyFixture(), seeds: studyFixture({ seeds: [1, 2, 3] }), broken: brokenStudyFixture() };
    for (const [name, study] of Object.entries(studies)) {
      const { html } = await renderReport(study, fixtureFiles(study));
      await writeFile(path.join(folder, `${name}.html`), html);
    }
    browser = await chromium.launch({ executablePath, args: flags });
  });

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
      shown: [...document.querySelectorAll('figure > div')].filter((box) => box.checkVisibility()).map((box) => box.className),
    })`);
    await page.close();
    expect(complaints).toEqual([]);
    expect(network).toEqual([]);
    expect(seen.scroll).toBeLessThanOrEqual(width);
    expect(seen.broken).toBe(0);
    expect(seen.ground).toBe(scheme === 'light' ? 'rgb(255, 255, 255)' : 'rgb(20, 23, 27)');
    expect(seen.shown).toEqual(width === 380 ? ['narrow', 'narrow'] : ['wide', 'wide']);
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
