import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import { launchChromium } from './chromium.js';
import { type StaticServer, serveFolder } from './staticServer.js';

const SITE = fileURLToPath(new URL('../../dist/web/', import.meta.url));

export interface LabSite {
  /** Where the built lab is served. */
  readonly url: string;
  /** A page of its own for each test. */
  readonly page: Page;
}

/**
 * The built lab in Chromium, for the tests of the `describe` that calls it. A test fails that leaves an error on the
 * console, a request that fails, or one to anywhere else.
 */
export const useLabSite = (folder: string = SITE): LabSite => {
  let server: StaticServer;
  let browser: Browser;
  let page: Page;
  const wrong: string[] = [];
  beforeAll(async () => {
    server = await serveFolder(folder);
    browser = await launchChromium();
  });
  beforeEach(async () => {
    wrong.length = 0;
    page = await browser.newPage({ viewport: { width: 1200, height: 900 } });
    page.on('console', (message) => message.type() === 'error' && wrong.push(message.text()));
    page.on('pageerror', (error) => wrong.push(error.message));
    page.on('requestfailed', (request) => wrong.push(`${request.url()}: ${request.failure()?.errorText}`));
    page.on('request', (request) => {
      if (!/^(data|blob):/.test(request.url()) && !request.url().startsWith(server.url)) wrong.push(request.url());
    });
    return async () => {
      await page.close();
      expect(wrong).toEqual([]);
    };
  });
  afterAll(async () => {
    await browser?.close();
    server?.close();
  });
  return {
    get url() {
      return server.url;
    },
    get page() {
      return page;
    },
  };
};
