import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { LabInfo, RunsAnswer } from '../../src/lab/server/contract.js';
import { launchChromium, withoutBrowser } from '../support/chromium.js';
import { startLab, temporary } from '../support/labServer.js';
import { syntheticRow, syntheticRuns } from '../support/runRows.js';
import { startZdist } from '../support/zdistProcess.js';

const SITE = fileURLToPath(new URL('../../dist/web/', import.meta.url));
const RUN = 'study/runs/joint-analytic-seed1';

describe.skipIf(withoutBrowser)('pages of runs', () => {
  let root: string;
  let server: Awaited<ReturnType<typeof startLab>>;
  let browser: Browser;
  let page: Page;
  const wrong: string[] = [];

  beforeAll(async () => {
    root = await temporary('pages');
    server = await startLab(root, { site: SITE });
    browser = await launchChromium();
  });

  beforeEach(async () => {
    wrong.length = 0;
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    page.on('console', (message) => message.type() === 'error' && wrong.push(message.text()));
    page.on('response', (response) => response.status() >= 400 && wrong.push(`${response.status()} ${response.url()}`));
    page.on('pageerror', (error) => wrong.push(error.message));
    page.on('requestfailed', (request) => {
      // A page that is left ends its stream of events, and what it was still loading.
      if (request.failure()?.errorText !== 'net::ERR_ABORTED')
        wrong.push(`${request.url()}: ${request.failure()?.errorText}`);
    });
    return async () => {
      await page.close();
      expect(wrong).toEqual([]);
    };
  });

  afterAll(async () => {
    await browser?.close();
    await server?.close();
    expect(server?.faults).toEqual([]);
  });

  const query = async (): Promise<URLSearchParams> =>
    new URLSearchParams(String(await page.evaluate('location.hash')).split('?')[1]);

  /** The table over these runs instead of those of the server. */
  const over = async (answer: RunsAnswer): Promise<void> => {
    const info: LabInfo = { version: '0.1.0', folder: 'runs', live: false };
    await page.route('**/api/lab.json', (route) => route.fulfill({ json: info }));
    await page.route('**/api/runs.json', (route) => route.fulfill({ json: answer }));
  };
  const names = (): Promise<string[]> => page.locator('table.runs tbody th a').allInnerTexts();

  describe('the table', () => {
    it('holds thousands of runs, and has only those on the page that are seen', async () => {
      await over(syntheticRuns(5000));
      await page.goto(server.url);
      await page.getByText('5,000 of 5,000 runs').waitFor();
      expect((await names())[0]).toBe('run-4999');
      expect(await page.locator('table.runs tbody tr').count()).toBeLessThan(100);
      await page.evaluate(`document.querySelector('.runs-box').scrollTop = 1e9`);
      await page.getByRole('link', { name: 'run-0', exact: true }).waitFor();
      expect(await page.locator('table.runs tbody tr').count()).toBeLessThan(100);
    });

    it('searches as one types, filters and sorts by every column, and keeps all of it in the address', async () => {
      await over(syntheticRuns(500));
      await page.goto(server.url);
      await page.getByRole('searchbox').fill('joint glyphs');
      await page.getByRole('combobox', { name: 'State' }).selectOption('done');
      await page.getByRole('combobox', { name: 'Verdict' }).selectOption('mismatched');
      const expected = syntheticRuns(500).runs.filter(
        ({ regime, data, state, verdict }) =>
          regime === 'joint' && data === 'glyphs' && state === 'done' && verdict === 'mismatched',
      );
      await page.getByText(`${expected.length} of 500 runs`).waitFor();
      expect(Object.fromEntries(await query())).toEqual({ q: 'joint glyphs', state: 'done', verdict: 'mismatched' });
      const heads = page.locator('table.runs thead button');
      for (let i = 0; i < (await heads.count()); i++) {
        await heads.nth(i).click();
        expect(await page.locator('table.runs th[aria-sort]').count()).toBe(1);
      }
      await page.getByRole('button', { name: /^ELBO/ }).click();
      const byElbo = expected.toSorted((a, b) => b.final!.elbo.value - a.final!.elbo.value).map(({ name }) => name);
      expect((await names()).slice(0, 5)).toEqual(byElbo.slice(0, 5));
      await page.reload();
      await page.getByText(`${expected.length} of 500 runs`).waitFor();
      expect((await names())[0]).toBe(byElbo[0]);
    });

    it('groups by seed: mean ± 95% interval of Student’s t, and n', async () => {
      await over(syntheticRuns(5));
      await page.goto(`${server.url}#/?by=seeds`);
      const row = page.locator('table.runs tbody tr', { hasText: 'n = ' });
      // Of −100, −100.01 and −100.02, which are done: s = 0.01, t = 4.303, so ± 0.025, told to one digit.
      expect(await row.innerText()).toMatch(/n = 3\b[\s\S]*−100\.01 ± 0\.02/);
    });

    it('leads to what it is about: chosen runs to a comparison, none to the first command', async () => {
      await over(syntheticRuns(30));
      await page.goto(server.url);
      const boxes = page.getByRole('checkbox', { name: /^Compare/ });
      for (let i = 0; i < 10; i++) await boxes.nth(i).check();
      expect(await boxes.nth(10).isDisabled()).toBe(true);
      const chosen = (await query()).get('chosen')!;
      expect(chosen.split(',')).toHaveLength(10);
      expect(await page.getByRole('link', { name: 'Compare', exact: true }).getAttribute('href')).toContain(chosen);
      const download = page.waitForEvent('download');
      await page.getByRole('button', { name: 'Save as CSV' }).click();
      const csv = (await (await (await download).createReadStream()).toArray()).join('').trim().split('\n');
      expect(csv).toHaveLength(31);

      await over({ revision: 1, runs: [], studies: [], problems: ['runs/x: expected JSON, got ]'] });
      await page.reload();
      await page.getByText('npx zdist train --data glyphs').waitFor();
      await page.getByText('1 folder could not be read').click();
      await page.getByText('runs/x: expected JSON').waitFor();
      await page.getByRole('link', { name: /train one here/ }).click();
      await page.getByRole('button', { name: 'Train', exact: true }).waitFor();
    });

    it('says that no run is like this, and how to see all', async () => {
      await over({ ...syntheticRuns(3), runs: [syntheticRow(1)] });
      await page.goto(`${server.url}#/?q=nothing+like+it`);
      await page.getByRole('button', { name: 'Show all 1' }).click();
      expect(await names()).toEqual(['run-1']);
    });
  });

  it('says what is wrong with an address, and what to do', async () => {
    await page.goto(`${server.url}#/run`);
    await page.getByText('The address names no run').waitFor();
    await page.goto(`${server.url}#/study`);
    await page.getByText('The address names no study').waitFor();
    await page.goto(`${server.url}#/compare`);
    await page.getByText('Nothing to compare yet').waitFor();
    wrong.length = 0; // Chromium tells of the answers 404.
  });

  describe('over a study', () => {
    let runs: RunsAnswer;
    const keyOf = (folder: string): string => runs.runs.find((run) => run.folder === folder)!.key;

    beforeAll(async () => {
      const zdist = (...args: string[]) => startZdist(args, { cwd: root }).ended;
      const trained = '--data glyphs --limit 1800 --epochs 1 --seeds 2 --regimes joint --workers 1 --quiet';
      expect(await zdist('study', 'article', ...trained.split(' '), '--out', 'study')).toMatchObject({ code: 0 });
      const audited = await zdist('audit', RUN, '--out', `${RUN}/audit`, '--quiet');
      expect(audited.stderr).toBe('');
      runs = (await (await fetch(`${server.url}api/runs.json`)).json()) as RunsAnswer;
    }, 600_000);

    it('a run: verdict, curves, samples through training, audit, what to do next', async () => {
      const key = keyOf(RUN);
      await page.goto(`${server.url}#/run?key=${key}`);
      const verdict = runs.runs.find((run) => run.key === key)!.verdict!;
      await page.locator('.chips .chip', { hasText: verdict }).waitFor();
      expect(await page.locator('svg.curves').count()).toBeGreaterThanOrEqual(5);
      const slider = page.getByRole('slider', { name: /^Through training/ });
      await slider.press('ArrowLeft');
      const frames = (await readdir(join(root, RUN, 'samples'))).filter((name) => name.startsWith('step-')).sort();
      const before = String(Number(frames.at(-2)!.slice('step-'.length, -'.png'.length)));
      expect((await query()).get('step')).toBe(before);
      await page.getByText(`After step ${before}`).waitFor();
      expect(await page.locator('table.audit svg.strip').count()).toBeGreaterThan(5);
      for (const path of ['explorer', 'plane']) {
        expect(await page.locator(`a[href="#/${path}?run=${key}"]`).count()).toBe(1);
      }
      await page.getByText(`npx zdist repair ${RUN}`).first().waitFor();
      for (const name of ['SVG', 'PNG', 'CSV']) {
        const download = page.waitForEvent('download');
        await page.locator('.charts figure').first().getByRole('button', { name }).click();
        expect((await download).suggestedFilename()).toMatch(new RegExp(`-rate\\.${name.toLowerCase()}$`));
      }
    });

    it('compares: differences alone, final values, and images of one noise', async () => {
      const keys = ['joint-analytic-seed1', 'joint-mc-seed2'].map((name) => keyOf(`study/runs/${name}`));
      await page.goto(`${server.url}#/compare?keys=${keys.join(',')}&seed=7`);
      await page.locator('#differences tbody tr').first().waitFor();
      const rows = await page.locator('#differences tbody tr').allInnerTexts();
      expect(rows.map((row) => row.split('\t'))).toEqual([
        ['kl', 'analytic', 'mc'],
        ['seed', '1', '2'],
      ]);
      expect(await page.locator('#finals tbody tr').first().innerText()).toMatch(/^Rate\t.+ ± .+\t.+ ± /);
      const drawn = `[...document.querySelectorAll('#images canvas')].map((canvas) =>
      canvas.getContext('2d').getImageData(0, 0, 28, 28).data.some((value, i) => i % 4 === 0 && value > 0))`;
      await expect.poll(() => page.evaluate(drawn)).toEqual([true, true]);
      await page.getByRole('button', { name: /^Leave out joint-mc-seed2/ }).click();
      await page.getByRole('heading', { name: 'What sets these 1 runs apart?' }).waitFor();
      expect((await query()).get('keys')).toBe(keys[0]);
    });

    it('a study: verdict, claims, curves over seeds, images, its runs', async () => {
      const [study] = runs.studies;
      await page.goto(`${server.url}#/study?key=${study!.key}`);
      await page.getByRole('heading', { level: 1 }).waitFor();
      expect(study!.verdict).toContain(await page.getByRole('heading', { level: 1 }).innerText());
      expect(await page.locator('table.claims tbody tr').count()).toBeGreaterThan(3);
      await page.getByText('95% interval over 2 seeds').first().waitFor();
      expect(await page.locator('#images img').count()).toBeGreaterThanOrEqual(4);
      await page.getByRole('link', { name: 'joint-analytic-seed2' }).click();
      await page.getByText('No audit lies with this run.').waitFor();
    });

    it('fits a phone, and is used by keys', async () => {
      await page.setViewportSize({ width: 360, height: 740 });
      const key = keyOf(RUN);
      for (const [hash, shown] of [
        ['', 'table.runs'],
        [`run?key=${key}`, 'table.audit'],
        [`compare?keys=${key}`, '#finals'],
        [`study?key=${runs.studies[0]!.key}`, 'table.claims'],
      ] as const) {
        await page.goto(`${server.url}#/${hash}`);
        await page.locator(shown).first().waitFor();
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
      }
      await page.goto(server.url);
      await page.getByRole('searchbox').focus();
      await page.keyboard.type('seed2');
      for (let i = 0; i < 6; i++) await page.keyboard.press('Tab');
      expect(await page.evaluate(`document.activeElement.textContent`)).toBe('Save as CSV');
    });
  });
});
