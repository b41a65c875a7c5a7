import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { nodeRuntime } from '../../src/engine/runtime/node.js';
import { glyphs } from '../../src/vae/data/index.js';
import { type TrainConfig, train } from '../../src/vae/training/index.js';
import { launchChromium, withoutBrowser } from '../support/chromium.js';
import { expectClose } from '../support/close.js';
import { type StaticServer, serveFolder } from '../support/staticServer.js';

const SITE = fileURLToPath(new URL('../../dist/web/', import.meta.url));

describe.skipIf(withoutBrowser)('the lab as a static site', () => {
  let server: StaticServer;
  let browser: Browser;
  let page: Page;
  /** Errors of the console and of the network, and requests to anywhere else. */
  const wrong: string[] = [];

  beforeAll(async () => {
    server = await serveFolder(SITE);
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

  const query = async (): Promise<URLSearchParams> =>
    new URLSearchParams(String(await page.evaluate('location.hash')).split('?')[1]);

  describe('the (μ, σ) plane', () => {
    it('takes its whole state from the address', async () => {
      await page.goto(`${server.url}#/plane?mu=-1.5&sigma=2&friction=3&law=heavy+ball`);
      const start = page.getByRole('slider', { name: /^Start/ });
      expect(await start.getAttribute('aria-valuetext')).toBe('μ -1.50, σ 2.00');
      expect(await page.getByRole('radio', { name: 'heavy ball' }).isChecked()).toBe(true);
      expect(await page.locator('dl.facts').innerText()).toContain('stable node');
    });

    it('moves the start by keys and by dragging, and writes it into the address', async () => {
      await page.goto(`${server.url}#/plane`);
      await page.getByRole('slider', { name: /^Start/ }).press('ArrowLeft');
      expect((await query()).get('mu')).toBe('1.9');
      const box = (await page.locator('svg.plane').boundingBox())!;
      await page.mouse.move(box.x + box.width / 3, box.y + box.height / 3);
      await page.mouse.down();
      await page.mouse.move(box.x + box.width / 4, box.y + box.height / 4);
      await page.mouse.up();
      expect(Number((await query()).get('mu'))).toBeLessThan(-1);
      expect(Number((await query()).get('sigma'))).toBeGreaterThan(2);
    });

    it('plays, and keeps a value that makes no sense out', async () => {
      await page.goto(`${server.url}#/plane?shown=0.9&sigma=-3`);
      expect(await page.getByRole('slider', { name: /^Start/ }).getAttribute('aria-valuetext')).toContain('σ 0.30');
      await page.getByRole('button', { name: 'Play' }).click();
      await page.getByRole('button', { name: 'Pause' }).waitFor();
      await page.getByRole('button', { name: 'Play' }).waitFor();
      expect((await query()).get('shown')).toBeNull();
    });

    it('is saved as SVG, PNG and CSV', async () => {
      await page.goto(`${server.url}#/plane`);
      for (const name of ['SVG', 'PNG', 'CSV']) {
        const download = page.waitForEvent('download');
        await page.getByRole('button', { name }).first().click();
        expect((await download).suggestedFilename()).toBe(`plane.${name.toLowerCase()}`);
      }
    });

    it('fits a phone', async () => {
      await page.setViewportSize({ width: 360, height: 740 });
      await page.goto(`${server.url}#/plane`);
      await page.locator('svg.plane').waitFor();
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
    });
  });

  describe('training in the tab', () => {
    it('gives the numbers of Node.js, and both models to save', async () => {
      await page.goto(`${server.url}#/train?images=600&epochs=1&seed=3`);
      await page.getByRole('button', { name: 'Train', exact: true }).click();
      await page.getByRole('button', { name: /encoder\.onnx/ }).waitFor({ timeout: 60_000 });
      const download = page.waitForEvent('download');
      await page
        .locator('.three figure', { hasText: 'say about its image' })
        .getByRole('button', { name: 'CSV' })
        .click();
      const stream = await (await download).createReadStream();
      const csv = (await stream.toArray()).join('');
      const rows = csv
        .trim()
        .split('\n')
        .slice(1)
        .map((line) =>
          line
            .replace(/^"[^"]*",/, '')
            .split(',')
            .map(Number),
        );

      const config: TrainConfig = {
        ...{ preset: 'small', seed: 3, epochs: 1, batch: 128, hidden: [256], latents: 2 },
        regime: 'joint',
        kl: 'analytic',
        scale: 'softplus',
        binarisation: 'threshold',
        optimizer: { name: 'adam', lr: 1e-3, beta1: 0.9, beta2: 0.999, eps: 1e-8 },
      };
      const { curve } = await train(config, glyphs(3, { train: 600, test: 600 }), nodeRuntime());
      expect(rows.map(([step]) => step)).toEqual(curve.map(({ step }) => step));
      for (const [i, { rate, score, elbo, momentKlDraws }] of curve.entries()) {
        const expected = [rate, score, elbo, momentKlDraws].map(({ value }) => value);
        expectClose(
          [2, 4, 6, 8].map((column) => rows[i]![column]!),
          expected,
          { relative: 1e-4, absolute: 1e-4 },
        );
      }
    });

    it('takes one step at a time', async () => {
      await page.goto(`${server.url}#/train?images=600`);
      await page.getByRole('button', { name: 'One step' }).click();
      await page.getByText(/^Step 1 of/).waitFor();
      await page.getByRole('button', { name: 'One step' }).click();
      await page.getByText(/^Step 2 of/).waitFor();
      await page.getByRole('button', { name: 'Start over' }).click();
      await page.getByText('Press Train').waitFor();
    });
  });
});
