import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium, withoutBrowser } from '../support/chromium.js';
import { makeRun, temporary } from '../support/labServer.js';
import { endProcesses, startZdist, type ZdistProcess } from '../support/zdistProcess.js';

const TOKEN = 'a-token-of-many-letters';

describe.skipIf(withoutBrowser)('zdist ui in the browser', () => {
  let cwd: string;
  let browser: Browser;
  beforeAll(async () => {
    cwd = await temporary('served');
    await makeRun(join(cwd, 'runs'), 'a');
    browser = await launchChromium();
  });
  afterEach(endProcesses);
  afterAll(() => browser?.close());

  const serve = async (...args: string[]): Promise<{ lab: ZdistProcess; url: string }> => {
    const env = { ZDIST_CACHE_DIR: join(cwd, 'cache'), ZDIST_TOKEN: '' };
    const lab = startZdist(['ui', '--port', '0', ...args], { cwd, env });
    const [url] = await lab.until(/http:\/\/127\.0\.0\.1:\d+\//);
    return { lab, url };
  };

  /** A page, and what went wrong on it: errors of scripts, of the network, and of the page's policy. */
  const open = async (): Promise<{ page: Page; wrong: string[] }> => {
    const page = await browser.newPage();
    const wrong: string[] = [];
    page.on('console', (message) => message.type() === 'error' && wrong.push(message.text()));
    page.on('pageerror', (error) => wrong.push(error.message));
    page.on('requestfailed', (request) => wrong.push(request.url()));
    return { page, wrong };
  };

  it('shows pages under their policy: figures, WebAssembly in workers, threads', async () => {
    const { url } = await serve();
    const { page, wrong } = await open();
    await page.goto(`${url}#/plane`);
    await page.locator('svg.plane').waitFor();
    expect(await page.evaluate('crossOriginIsolated')).toBe(true);
    await page.goto(`${url}#/train?images=600&epochs=1`);
    await page.getByRole('button', { name: 'One step' }).click();
    await page.getByText(/^Step 1 of/).waitFor({ timeout: 60_000 });
    const elsewhere = await page.evaluate(`fetch('http://127.0.0.1:9/').then(() => 'sent', () => 'kept')`);
    expect(elsewhere).toBe('kept');
    expect(wrong.filter((text) => !text.includes('127.0.0.1:9'))).toEqual([]);
    await page.close();
  });

  it('lets in who has the token, once, and keeps it out of what it says', async () => {
    const { lab, url } = await serve('--token', TOKEN);
    const { page } = await open();
    expect((await page.goto(url))?.status()).toBe(401);
    await page.goto(`${url}?token=${TOKEN}`);
    await page.locator('a.brand').waitFor();
    expect(page.url()).not.toContain('token');
    expect(await page.evaluate('document.cookie')).toBe('');
    expect(await page.evaluate(`fetch('api/runs.json').then(({ status }) => status)`)).toBe(200);
    expect(lab.output()).not.toContain(TOKEN);
    await page.close();
  });

  it('ends at once on SIGINT, streams and all', async () => {
    const { lab, url } = await serve();
    const { page } = await open();
    await page.goto(url);
    await page.evaluate(`new Promise((open) => { new EventSource('api/events').onopen = open; }).then(() => true)`);
    lab.kill('SIGINT');
    expect(await lab.ended).toMatchObject({ code: 130, stdout: url.concat('\n') });
    await page.close();
  });
});
