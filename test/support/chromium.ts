import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const executablePath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';
/** CI asks for browser tests; elsewhere they are left out, with a message, where there is no browser. */
const required = process.env.CI === 'true' && process.env.ZDIST_REQUIRE_BROWSER === '1';

/** Whether to leave out tests that need a browser. */
export const withoutBrowser = !existsSync(executablePath) && !required;

if (withoutBrowser) process.stderr.write(`browser tests: skipped, no Chromium at ${executablePath} (CHROMIUM_PATH)\n`);

export const launchChromium = (): Promise<Browser> =>
  chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
    ],
  });
