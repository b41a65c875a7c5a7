import { mkdtemp, readFile, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Download, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { float32 } from '../../src/engine/runtime/index.js';
import { nodeRuntime } from '../../src/engine/runtime/node.js';
import { auditSchema } from '../../src/lab/audit/index.js';
import { main } from '../../src/lab/commands/program.js';
import { repairSchema } from '../../src/lab/repair/index.js';
import type { AuditResult } from '../../src/latent/audit/index.js';
import { writeNpy } from '../../src/vae/data/arrays/index.js';
import { glyphs } from '../../src/vae/data/index.js';
import { train } from '../../src/vae/training/index.js';
import { launchChromium, withoutBrowser } from '../support/chromium.js';
import { type StaticServer, serveFolder } from '../support/staticServer.js';
import { effects } from '../support/study.js';
import { tinyConfig } from '../support/tinyModel.js';
import { anyBatch, decoderTrace, encoderTrace, externalWeights, ofOperator } from '../support/userModels.js';

const SITE = fileURLToPath(new URL('../../dist/web/', import.meta.url));
const LATENTS = 2;
const TRAIN = 800;

const normal = (n: number, scale = 1): Float32Array =>
  Float32Array.from({ length: n }, (_, i) => scale * Math.sin(1 + i * i) * Math.SQRT2);

describe.skipIf(withoutBrowser)('a model dropped on the page', () => {
  let folder: string;
  let server: StaticServer;
  let browser: Browser;
  let page: Page;
  const wrong: string[] = [];
  /** Requests since the page was loaded. */
  const asked: { readonly url: string; readonly method: string; readonly body: Buffer | null }[] = [];
  const path = (name: string): string => join(folder, name);
  const save = (name: string, bytes: Uint8Array): Promise<void> => writeFile(path(name), bytes);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'zdist-drop-'));
    const data = glyphs(5, { train: TRAIN, test: 400 });
    const config = tinyConfig({ hidden: [32], latents: LATENTS, epochs: 2, batch: 64 });
    const model = await train(config, data, nodeRuntime());
    await save('encoder.onnx', model.encoderOnnx());
    await save('decoder.onnx', model.decoderOnnx());
    await save('x.npy', writeNpy(data.train.pixels, [TRAIN, 28, 28]));
    await save('test.npy', writeNpy(data.test.pixels, [400, 28, 28]));
    await save('small.npy', writeNpy(new Uint8Array(20 * 25).fill(7), [20, 5, 5]));
    await save('custom_encoder.onnx', ofOperator(anyBatch(encoderTrace()), 'com.example', 'Own'));
    await save('wide_decoder.onnx', anyBatch(decoderTrace('logits', 3)));
    const outside = externalWeights(model.encoderOnnx(), { location: 'parts.bin' });
    await save('external_encoder.onnx', outside.model);
    await save('parts.bin', outside.weights);
    await save('mu.npy', writeNpy(normal(900 * LATENTS), [900, LATENTS]));
    await save('sigma.npy', writeNpy(new Float32Array(900 * LATENTS).fill(0.3), [900, LATENTS]));
    const broken = normal(100 * LATENTS);
    broken[7] = Number.NaN;
    await save('z.npy', writeNpy(broken, [100, LATENTS]));
    await save('few_z.npy', writeNpy(normal(5 * LATENTS), [5, LATENTS]));
    await save('collapsed_mu.npy', writeNpy(normal(600 * LATENTS, 0.01), [600, LATENTS]));
    await save('collapsed_sigma.npy', writeNpy(new Float32Array(600 * LATENTS).fill(1), [600, LATENTS]));
    await save('huge_encoder.onnx', new Uint8Array(1));
    await truncate(path('huge_encoder.onnx'), 1.25 * 2 ** 30);
    server = await serveFolder(SITE);
    browser = await launchChromium();
  }, 120_000);
  beforeEach(async () => {
    wrong.length = 0;
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    page.on('console', (message) => message.type() === 'error' && wrong.push(message.text()));
    page.on('pageerror', (error) => wrong.push(error.message));
    page.on('requestfailed', (request) => wrong.push(`${request.url()}: ${request.failure()?.errorText}`));
    await open();
    page.on('request', (request) =>
      asked.push({ url: request.url(), method: request.method(), body: request.postDataBuffer() }),
    );
    return async () => {
      await page.close();
      expect(wrong).toEqual([]);
      for (const { url, method, body } of asked.splice(0)) {
        expect({ method, body }).toEqual({ method: 'GET', body: null });
        expect(url).toMatch(new RegExp(`^(blob:)?${server.url}(assets/[\\w.-]+\\.(js|css|wasm)|[\\w-]+)$`));
      }
    };
  });
  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  const open = async (query = ''): Promise<void> => {
    await page.goto(`${server.url}#/drop${query}`);
    await page.getByRole('button', { name: 'Choose files' }).waitFor();
  };
  const choose = (...names: string[]): Promise<void> =>
    page.getByLabel('Files to audit').setInputFiles(names.map(path));
  const fault = (): Promise<string> => page.getByRole('alert').innerText({ timeout: 60_000 });
  const audit = async (): Promise<void> => {
    await page.getByRole('button', { name: 'Audit', exact: true }).click({ timeout: 60_000 });
    await page.locator('section[aria-label=Audit] .verdict').waitFor({ timeout: 120_000 });
  };
  const saved = async (name: string): Promise<Buffer> => {
    const download: Promise<Download> = page.waitForEvent('download');
    await page.getByRole('button', { name: `Save ${name}` }).click();
    expect((await download).suggestedFilename()).toBe(name);
    return readFile((await (await download).path())!);
  };

  it('is audited to the numbers of the command line, repaired, and joined with its sampler', async () => {
    await choose('encoder.onnx', 'decoder.onnx', 'x.npy', 'test.npy');
    const ports = page.locator('table.ports');
    await ports.waitFor({ timeout: 60_000 });
    expect(await ports.innerText()).toContain('mu, by its name');
    expect(await page.getByLabel('What test.npy is').inputValue()).toBe('test');
    await audit();
    const ours = auditSchema.parse(JSON.parse(String(await saved('audit.json'))));
    const given = effects(folder, { env: { ZDIST_CACHE_DIR: join(folder, 'cache'), ZDIST_THREADS: '1' } });
    const line = 'audit --encoder encoder.onnx --decoder decoder.onnx --data x.npy --test test.npy --out out --quiet';
    expect(await main(line.split(' '), '0.1.0', given)).toBe(0);
    const theirs = auditSchema.parse(JSON.parse(await readFile(path('out/audit.json'), 'utf8')));
    expectAlike(comparable(ours), comparable(theirs));

    await page.getByLabel('minutes at most').fill('1');
    await page.getByRole('button', { name: 'Repair', exact: true }).click();
    await page.locator('section[aria-label=Repair] .verdict').waitFor({ timeout: 150_000 });
    expect(await page.locator('.grids3 canvas').count()).toBe(3);
    const { chosen } = repairSchema.parse(JSON.parse(String(await saved('repair.json'))));
    expect(await page.locator('table.samplers tr.chosen').count()).toBe(1);
    expect(chosen).not.toBe('');

    const runtime = nodeRuntime();
    const [generator, sampler, decoder] = await Promise.all([
      runtime.load(await saved('generator.onnx')),
      saved('sampler.onnx').then((bytes) => runtime.load(bytes)),
      runtime.load(await readFile(path('decoder.onnx'))),
    ]);
    const noise = float32(normal(6 * LATENTS), [6, LATENTS]);
    const { z } = await sampler.run({ noise });
    const { image } = await generator.run({ noise });
    const { mean } = await decoder.run({ z: z! });
    const images = image!.data as Float32Array;
    expect(images.length).toBe(6 * 784);
    const apart = images.reduce(
      (most, value, i) => Math.max(most, Math.abs(value - (mean!.data as Float32Array)[i]!)),
      0,
    );
    expect(apart).toBeLessThan(1e-5);
  }, 300_000);

  it('takes files that are dropped with the mouse, and roles that are said otherwise', async () => {
    const bytes = await Promise.all(
      ['mu.npy', 'sigma.npy'].map(async (name) => [name, [...(await readFile(path(name)))]]),
    );
    const transfer = await page.evaluateHandle(`(() => {
      const dropped = new DataTransfer();
      for (const [name, content] of ${JSON.stringify(bytes)}) dropped.items.add(new File([new Uint8Array(content)], name));
      return dropped;
    })()`);
    await page.dispatchEvent('.dropzone', 'drop', { dataTransfer: transfer });
    await page.getByText('900 codes of 2 latents from mu.npy, sigma.npy').waitFor({ timeout: 60_000 });
    await page.getByLabel('What sigma.npy is').selectOption('log-var');
    await page.getByText('900 codes of 2 latents from mu.npy, sigma.npy').waitFor({ timeout: 60_000 });
    await page.getByLabel('What mu.npy is').selectOption('unused');
    expect(await fault()).toBe('--log-var: expected --mu beside it');
  });

  it.each([
    [['custom_encoder.onnx', 'x.npy'], 'custom_encoder.onnx: expected operators'],
    [['external_encoder.onnx', 'x.npy'], 'weights in parts.bin: expected this file beside the model, got none'],
    [['encoder.onnx', 'small.npy'], 'small.npy: expected images that fit encoder.onnx'],
    [['encoder.onnx', 'wide_decoder.onnx', 'x.npy'], 'expected a decoder of 2 latents as encoder.onnx gives'],
    [['encoder.onnx'], 'encoder.onnx: expected images to encode beside the encoder, got none'],
    [['huge_encoder.onnx', 'x.npy'], 'huge_encoder.onnx: expected a file of at most 1.0 GiB in a tab, got 1.3 GiB'],
    [['mu.npy'], '--mu: expected --sigma or --log-var beside it'],
  ])('refuses %s, and says why', async (names, text) => {
    await choose(...names);
    expect(await fault()).toContain(text);
  });

  it.each([
    ['z.npy', 'z.npy: expected finite numbers, got NaN at row 3, column 1 (counted from 0)'],
    ['few_z.npy', 'codes: expected at least 10 rows, got 5'],
  ])('refuses the codes %s once they are audited', async (name, text) => {
    await choose(name);
    await page.getByRole('button', { name: 'Audit', exact: true }).click({ timeout: 60_000 });
    expect(await fault()).toContain(text);
  });

  it('takes the weights of a model from the file that they lie in', async () => {
    await choose('external_encoder.onnx', 'parts.bin', 'x.npy');
    await page.locator('table.ports').waitFor({ timeout: 60_000 });
    expect(await page.getByLabel('What parts.bin is').inputValue()).toBe('weights');
  });

  it('says of codes that carry nothing that there is nothing to repair', async () => {
    await choose('collapsed_mu.npy', 'collapsed_sigma.npy');
    await audit();
    expect(await page.locator('section[aria-label=Audit] .verdict').innerText()).toBe('Collapsed');
    await page.getByRole('button', { name: 'Repair', exact: true }).click();
    await page.getByText('Nothing can be gained by another distribution of z').waitFor({ timeout: 60_000 });
  }, 120_000);

  it('keeps its settings in the address, and opens the example from there; work under way can be cancelled', async () => {
    await open('?example=yes&seed=7&alpha=0.05');
    await page.getByText('4,000 codes of 4 latents').waitFor({ timeout: 60_000 });
    expect(await page.getByLabel('seed', { exact: true }).inputValue()).toBe('7');
    await page.getByLabel('seed', { exact: true }).fill('8');
    await page.getByLabel('seed', { exact: true }).blur();
    expect(String(await page.evaluate('location.hash'))).toContain('seed=8');
    await page.getByRole('button', { name: 'Audit', exact: true }).press('Enter');
    await page.getByRole('button', { name: 'Cancel' }).press('Enter');
    expect(await page.getByRole('button', { name: 'Audit', exact: true }).isEnabled()).toBe(true);
    expect(await page.locator('progress').count()).toBe(0);
  });

  it('asks nobody but its own site, by its own policy', async () => {
    const refused = await page.evaluate(() => fetch('http://127.0.0.1:9/').then(String, String));
    expect(refused).toContain('Failed to fetch');
    expect(wrong.splice(0).join()).toContain('Content Security Policy');
    asked.length = 0;
  });

  it('fits a phone', async () => {
    await page.setViewportSize({ width: 360, height: 740 });
    await choose('encoder.onnx', 'x.npy');
    await page.locator('table.ports').waitFor({ timeout: 60_000 });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
    await audit();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
  }, 120_000);
});

/** Without clocks and versions; of the figures, those that no single draw decides. */
const comparable = ({ panels, seconds, versions, inputs, ...result }: AuditResult) => ({
  ...result,
  panels: { dimensions: panels.dimensions, spectrum: panels.spectrum, correlation: panels.correlation },
});

/** Sentences with a sign in the place of each number. */
const withoutNumbers = (text: string): string => text.replace(/\d[\d.,]*/g, '#');

/**
 * Numbers of the tab against those of Node.js: WebAssembly adds float32 in another order. What is fitted step by step
 * carries that further, but never near its standard error.
 */
const expectAlike = (actual: unknown, expected: unknown, place = 'audit.json', se = 0): void => {
  if (typeof expected === 'number' && typeof actual === 'number') {
    const apart = Math.abs(actual - expected);
    if (apart > 1e-4 + 1e-4 * Math.abs(expected) + 0.1 * se) expect(actual, place).toBe(expected);
    return;
  }
  if (typeof expected === 'string' && typeof actual === 'string') {
    expect(withoutNumbers(actual), place).toBe(withoutNumbers(expected));
    return;
  }
  if (typeof expected !== 'object' || expected === null) {
    expect(actual, place).toEqual(expected);
    return;
  }
  expect(Object.keys(actual as object), place).toEqual(Object.keys(expected));
  const own = (expected as { readonly se?: number }).se ?? se;
  for (const [key, value] of Object.entries(expected)) {
    expectAlike((actual as Readonly<Record<string, unknown>>)[key], value, `${place}.${key}`, own);
  }
};
