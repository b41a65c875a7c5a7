import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { keyedStream } from '../../src/engine/random/index.js';
import { drawGlyph } from '../../src/vae/data/index.js';
import { launchChromium, withoutBrowser } from '../support/chromium.js';
import { type StaticServer, serveFolder } from '../support/staticServer.js';

const DIST = fileURLToPath(new URL('../../dist/', import.meta.url));
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

describe.skipIf(withoutBrowser)('a browser draws the numbers of Node.js', () => {
  let server: StaticServer;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    server = await serveFolder(DIST);
    browser = await launchChromium();
    page = await browser.newPage();
    await page.goto(`${server.url}web/`);
  });

  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  test('uniforms and normals are the same bits', async () => {
    const count = 200_000;
    const drawn = await page.evaluate(`(async () => {
      const { keyedStream } = await import('/engine/random/index.js');
      const numbers = new Float32Array(${count});
      const bytesOf = (fill) => { fill(keyedStream(7, 'browser', 3)); return Array.from(new Uint32Array(numbers.buffer)); };
      return [bytesOf((s) => s.fillUniform(numbers)), bytesOf((s) => s.fillNormal(numbers))];
    })()`);
    const numbers = new Float32Array(count);
    const bits = (): number[] => Array.from(new Uint32Array(numbers.buffer));
    keyedStream(7, 'browser', 3).fillUniform(numbers);
    const uniforms = bits();
    keyedStream(7, 'browser', 3).fillNormal(numbers);
    expect(drawn).toEqual([uniforms, bits()]);
  });

  test('glyphs are the same bytes', async () => {
    const drawn = (await page.evaluate(`(async () => {
      const { drawGlyph } = await import('/vae/data/glyphs/draw.js');
      const out = new Uint8Array(784);
      return Array.from({ length: 200 }, (_, i) => { drawGlyph(1, 'train', i, out); return Array.from(out); }).flat();
    })()`)) as number[];
    const out = new Uint8Array(784);
    const here = Array.from({ length: 200 }, (_, i) => {
      drawGlyph(1, 'train', i, out);
      return Array.from(out);
    }).flat();
    expect(sha256(Uint8Array.from(drawn))).toBe(sha256(Uint8Array.from(here)));
  });
});
