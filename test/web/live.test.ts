import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeRecord } from '../../src/lab/runs/metrics/metrics.js';
import { STREAM_SETTINGS } from '../../src/lab/server/streams.js';
import { launchChromium, withoutBrowser } from '../support/chromium.js';
import { makeRun, startLab, temporary } from '../support/labServer.js';

const LIVE = fileURLToPath(new URL('../../web/src/runs/live.ts', import.meta.url));

/** A page that shows what `live` says and nothing else. */
const PAGE = `
import { effect } from ${JSON.stringify(fileURLToPath(import.meta.resolve('@preact/signals')))};
import { fault, followRun, liveness, runs, startLive } from ${JSON.stringify(LIVE)};
window.seen = [];
effect(() => { window.seen.push(liveness.value); });
effect(() => { window.rows = runs.value?.runs.map(({ name, state }) => name + ' ' + state); });
effect(() => { window.fault = fault.value; });
window.follow = (key) => {
  const { metrics } = followRun(key);
  effect(() => { window.steps = metrics.value?.progress.map(({ step }) => step); });
};
startLive();
`;

const buildPage = async (): Promise<string> => {
  const folder = await temporary('live');
  await writeFile(join(folder, 'page.js'), PAGE);
  await writeFile(join(folder, 'index.html'), '<!doctype html><script type="module" src="./page.js"></script>');
  const outDir = join(folder, 'out');
  await build({ root: folder, base: './', logLevel: 'error', configFile: false, build: { outDir } });
  return outDir;
};

const progress = (step: number): Uint8Array =>
  encodeRecord({ type: 'progress', step, epoch: step / 100, phase: 'joint', loss: 1 });

describe.skipIf(withoutBrowser)('runs as they are now, in the browser', () => {
  let site: string;
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    site = await buildPage();
    browser = await launchChromium();
    page = await browser.newPage();
  });
  afterAll(() => browser?.close());

  /** The page's policy lets nothing be evaluated later, so it is asked again and again. */
  const until = async (condition: string): Promise<void> => {
    for (const end = Date.now() + 20_000; Date.now() < end; ) {
      if (await page.evaluate(condition)) return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    const seen = await page.evaluate('JSON.stringify([window.seen, window.rows, window.steps, window.fault])');
    throw new Error(`expected ${condition}, got ${seen}`);
  };

  it('are kept up to date while the server ends and begins again', async () => {
    const streams = { ...STREAM_SETTINGS, every: 50 };
    const root = await temporary('runs');
    const folder = await makeRun(root, 'a');
    const log = join(folder, 'metrics.bin');
    const first = await startLab(root, { site, streams });
    await page.goto(first.url);
    await until(`window.rows?.join() === 'a done' && window.seen.at(-1) === 'live'`);
    const { key } = (await (await fetch(`${first.url}api/runs.json`)).json()).runs[0];
    await page.evaluate(`window.follow('${key}')`);
    await until(`window.steps?.join() === '50,100,150,200'`);

    await writeFile(log, progress(201), { flag: 'a' });
    await makeRun(root, 'b', 2);
    await until(`window.rows.includes('b done') && window.steps.at(-1) === 201`);

    await first.close();
    await until(`window.seen.at(-1) === 'reconnecting'`);
    await writeFile(log, progress(202), { flag: 'a' });
    await makeRun(root, 'c', 3);
    await rm(join(root, 'b'), { recursive: true });
    const second = await startLab(root, { site, streams, port: first.port });
    await until(`window.seen.at(-1) === 'live' && window.rows.length === 2`);
    await writeFile(log, progress(203), { flag: 'a' });
    await until('window.steps.at(-1) === 203');
    expect(await page.evaluate('window.steps')).toEqual([50, 100, 150, 200, 201, 202, 203]);
    expect(await page.evaluate('window.rows')).toEqual(['a done', 'c done']);
    expect(await page.evaluate('window.seen')).toEqual(['loading', 'live', 'reconnecting', 'live']);
    expect([...first.faults, ...second.faults]).toEqual([]);
    await second.close();
  });

  it('say that they stand still where there is no server, and why there are none', async () => {
    const root = await temporary('runs');
    await makeRun(root, 'a');
    const server = await startLab(root, { site });
    await page.route('**/api/lab.json', (route) => route.fulfill({ json: { version: '1', folder: 'x', live: false } }));
    await page.goto(server.url);
    await until(`window.seen.at(-1) === 'still' && window.rows.length === 1`);
    await page.route('**/api/lab.json', (route) => route.fulfill({ status: 404 }));
    await page.goto(`${server.url}?again`);
    await until(`window.seen.at(-1) === 'failed'`);
    expect(await page.evaluate('window.fault')).toMatch(/^api\/lab\.json: expected a file, got 404/);
    await server.close();
  });
});
