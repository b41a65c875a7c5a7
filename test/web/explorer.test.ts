import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { float32 } from '../../src/engine/runtime/index.js';
import { nodeRuntime } from '../../src/engine/runtime/node.js';
import { logPrior } from '../../src/latent/audit/decomposition/logPrior.js';
import { mixtureDensity } from '../../src/latent/audit/mixture/index.js';
import { noiseOf } from '../../src/latent/samplers/index.js';
import { readNpy, writeNpy } from '../../src/vae/data/arrays/index.js';
import { launchChromium, withoutBrowser } from '../support/chromium.js';
import { codesNpy, type ExploredRun, exploredSite, trainedRun } from '../support/exploredSite.js';
import { type StaticServer, serveFolder } from '../support/staticServer.js';

const DECODER = 'files/models/decoder.onnx';

describe.skipIf(withoutBrowser)('the latent explorer', () => {
  let server: StaticServer;
  let browser: Browser;
  let page: Page;
  let two: ExploredRun;
  /** Errors of the console and of the network, and requests to anywhere else. */
  const wrong: string[] = [];

  beforeAll(async () => {
    two = await trainedRun('two', 2, 4);
    const five = await trainedRun('five', 5, 4);
    const { 'codes.npy': codes, 'labels.npy': labels } = two.files;
    const flat = codesNpy(new Float32Array(200), new Float32Array(200).fill(1), 1);
    const some = writeNpy(
      Uint8Array.from({ length: 200 }, (_, i) => i % 10),
      [200],
    );
    server = await serveFolder(
      await exploredSite([
        two,
        five,
        { key: 'bare', name: 'an encoder alone', latents: 2, files: { 'codes.npy': codes!, 'labels.npy': labels! } },
        { key: 'flat', name: 'collapsed', latents: 1, files: { 'codes.npy': flat, 'labels.npy': some } },
        {
          ...{ key: 'other', name: 'of another decoder', latents: 2 },
          files: { ...two.files, [DECODER]: five.files[DECODER]! },
        },
        { key: 'running', name: 'not ended', latents: 2, files: {} },
      ]),
    );
    browser = await launchChromium();
  });
  beforeEach(async () => {
    wrong.length = 0;
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
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

  const open = async (query: string): Promise<void> => {
    await page.goto(`${server.url}#/explorer?${query}`);
    await page.locator('dl.facts dd').first().waitFor();
  };
  const inAddress = async (name: string): Promise<string | undefined> =>
    new URLSearchParams(String(await page.evaluate('location.hash')).split('?')[1]).get(name) ?? undefined;
  const facts = (): Promise<string> => page.locator('.at dl.facts').innerText();
  const saved = async (title: string, file: string): Promise<string> => {
    const download = page.waitForEvent('download');
    await page.locator('figure', { hasText: title }).getByRole('button', { name: file }).click();
    return (await (await (await download).createReadStream()).toArray()).join('');
  };
  /** Waits until it is so; machines of tests are slow. */
  const soon = <T>(read: () => T | Promise<T>) => expect.poll(read, { timeout: 20_000 });
  const point = () => page.getByRole('slider', { name: /^Point of the plane/ });
  const drawn = () => page.locator('canvas.points').getAttribute('data-drawn');

  it('is opened from the runs, and shows every code over the prior', async () => {
    await page.goto(`${server.url}#/explorer`);
    await page.getByRole('searchbox', { name: 'Search' }).fill('glyphs 2');
    await page.getByRole('link', { name: 'glyphs in 2 latents' }).press('Enter');
    await page.getByRole('heading', { name: 'glyphs in 2 latents' }).waitFor();
    await soon(drawn).toBe('1000');
    expect(await page.locator('.contour text').allTextContents()).toEqual(['50%', '90%', '99%']);
    expect(await page.locator('.plane-side figcaption').innerText()).toMatch(/^\d+% of the prior lies where codes/);
  });

  it('draws the z of the point and its r(z), the numbers of Node.js', async () => {
    await open('run=two&across=0&up=1&u=0.5&v=-0.75');
    await soon(facts).toContain('|z − μ|');
    await soon(facts).toMatch(/nats: codes are/);
    const z = Float32Array.of(0.5, -0.75);
    const runtime = nodeRuntime();
    const session = await runtime.load(two.files[DECODER]!);
    const mean = (await session.run({ z: float32(z, [1, 2]) })).mean!.data as Float32Array;
    const pixels = (await page.evaluate(`(() => {
      const canvas = document.querySelector('.large canvas');
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      return Array.from(data).filter((_, at) => at % 4 === 0);
    })()`)) as number[];
    expect(pixels.length).toBe(mean.length);
    expect(Math.max(...pixels.map((value, i) => Math.abs(value - 255 * mean[i]!)))).toBeLessThanOrEqual(1);

    const { data } = readNpy(two.files['codes.npy']!, 'codes.npy');
    const half = (first: number): Float32Array =>
      Float32Array.from({ length: 2000 }, (_, at) => Number(data[4 * Math.floor(at / 2) + first + (at % 2)]));
    const density = await mixtureDensity({ mu: half(0), sigma: half(2), n: 1000, latents: 2 }, runtime);
    const expected = (await density.logProb(z))[0]! - logPrior(z, 2)[0]!;
    const said = /([−\d.]+) nats: codes/.exec(await facts())![1]!.replace('−', '-');
    expect(Math.abs(Number(said) - expected)).toBeLessThanOrEqual(0.01);
  });

  it('moves the point by keys and by the pointer, holds it by a click, and writes it into the address', async () => {
    await open('run=two');
    await point().press('ArrowRight');
    await soon(() => inAddress('u')).toBeDefined();
    const u = Number(await inAddress('u'));
    expect(u).toBeGreaterThan(0);
    const box = (await page.locator('svg.codes').boundingBox())!;
    await page.mouse.click(box.x + box.width / 4, box.y + box.height / 2);
    await soon(() => inAddress('held')).toBe('yes');
    const held = await inAddress('u');
    expect(Number(held)).toBeLessThan(u);
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    const text = await point().getAttribute('aria-valuetext');
    await page.reload();
    await point().waitFor();
    expect([await inAddress('u'), await point().getAttribute('aria-valuetext')]).toEqual([held, text]);
  });

  it('zooms by keys, and shows the whole again', async () => {
    await open('run=two');
    await point().press('+');
    await soon(() => inAddress('reach')).toBeDefined();
    await page.getByRole('button', { name: 'Whole' }).click();
    await soon(() => inAddress('reach')).toBeUndefined();
  });

  it('colours codes by label, rate and r(z), and says by which estimate', async () => {
    await open('run=two&colour=ratio');
    await page.getByText('the aggregate posterior of all 1,000 codes').waitFor();
    expect(await page.locator('.legend').innerText()).toContain('nats of r(z)');
    await page.getByRole('combobox', { name: 'Colour' }).selectOption('rate');
    await page.getByText('nats of KL(q(z|x) ‖ p(z))').waitFor();
    await soon(drawn).toBe('1000');
    const csv = (await saved('fill the prior', 'CSV')).trim().split('\n');
    expect([csv[0], csv.length]).toMatchObject([expect.stringMatching(/^z \d,z \d,colour$/), 1001]);
    const svg = await saved('fill the prior', 'SVG');
    expect(svg.match(/<image/g)).toHaveLength(2);
  });

  it('holds other coordinates by sliders, also on principal components', async () => {
    await open('run=five&view=components&rest=zero');
    await soon(facts).toMatch(/z\s+\(/);
    const before = await facts();
    const slider = page.getByRole('slider', { name: /^component 3/ });
    await slider.fill('1.5');
    await soon(() => inAddress('fixed')).toBe('2:1.5');
    await soon(facts).not.toBe(before);
    await page.getByRole('button', { name: 'Let go' }).click();
    expect(await inAddress('fixed')).toBeUndefined();
    expect(await page.getByRole('combobox', { name: 'Across' }).innerText()).toMatch(
      /component 1, \d+% of the variance/,
    );
  });

  it('goes from one code to another, straight or round', async () => {
    await open('run=five&tool=pick');
    await page.locator('svg.codes').click({ position: { x: 300, y: 250 } });
    await soon(() => inAddress('from')).toBeDefined();
    await page.locator('svg.codes').click({ position: { x: 460, y: 250 } });
    await soon(() => inAddress('to')).toBeDefined();
    await page.getByText(`From code ${await inAddress('from')} `).waitFor();
    const lengths = (csv: string) =>
      csv
        .trim()
        .split('\n')
        .slice(1)
        .map((row) => Math.hypot(...row.split(',').slice(1).map(Number)));
    const round = lengths(await saved('between two codes', 'CSV'));
    await page.getByRole('radio', { name: 'linear' }).check();
    await page.getByText('in 11 steps, linear').waitFor();
    const straight = lengths(await saved('between two codes', 'CSV'));
    expect(round.length).toBe(11);
    expect(straight[5]!).toBeLessThan(round[5]!);
    expect(straight[0]!).toBeCloseTo(round[0]!, 4);
  });

  it('traverses a coordinate from −3σ to 3σ', async () => {
    await open('run=five&along=2&u=0.5');
    await page.getByText(/^z 2, .* from −3σ to 3σ/).waitFor();
    await page.locator('figure', { hasText: 'one coordinate' }).locator('canvas').waitFor();
    const rows = (await saved('one coordinate', 'CSV')).trim().split('\n').slice(1);
    expect(rows.map((row) => Number(Number(row.split(',')[3]).toFixed(3)))).toEqual([
      -3, -2.4, -1.8, -1.2, -0.6, 0, 0.6, 1.2, 1.8, 2.4, 3,
    ]);
  });

  it('draws from prior, fitted sampler and encoder by the same noise', async () => {
    await open('run=two&draws=7');
    await page.getByText('The same ε of N(0, I) in the same place of each grid (seed 7)').waitFor();
    const rows = (await saved('draws of the prior', 'CSV')).trim().split('\n').slice(1);
    expect(rows.length).toBe(3 * 64);
    const numbers = rows.map((row) => row.split(',').slice(1).map(Number));
    expect(Float32Array.from(numbers.slice(0, 64).flat())).toEqual(noiseOf(64, 2, 7));
    await page.getByRole('combobox', { name: 'Sampler' }).selectOption('mixture-10');
    await page.getByText(/mixture of 10 full Gaussians fitted in this tab to all codes/).waitFor();
    await page.getByRole('button', { name: 'Draw another 64' }).click();
    await soon(() => inAddress('draws')).toBe('8');
    await page.getByText('(seed 8)').waitFor();
  });

  it('embeds a sample by UMAP, which says so and can be ended', async () => {
    await page.goto(`${server.url}#/explorer?run=five&view=umap&embedded=500&umap=3`);
    await page.getByText('UMAP of the means of 500 of 1,000 codes (seed 3').waitFor({ timeout: 60_000 });
    await soon(drawn).toBe('500');
    expect(await page.locator('.contour').count()).toBe(0);
    await page.getByRole('combobox', { name: 'Codes' }).selectOption('1000');
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.locator('.contour').first().waitFor();
    expect(await inAddress('view')).toBeUndefined();
  });

  it('shows codes where there is no decoder, or one of another size, and where they are collapsed', async () => {
    await open('run=bare');
    await page.getByText('No decoder here').waitFor();
    expect(await page.getByText('What lies between two codes?').count()).toBe(0);
    await page.goto(`${server.url}#/explorer?run=other`);
    await page.getByText('expected a decoder of 2 latents as the codes have ([n, 2])').waitFor();
    await page.goto(`${server.url}#/explorer?run=flat`);
    await page.getByText('Collapsed: every code is about the same').waitFor();
    await soon(drawn).toBe('200');
  });

  it('opens files of this device, and says what is wrong with one', async () => {
    await page.goto(`${server.url}#/explorer`);
    const file = (name: string, bytes: Uint8Array) => ({
      name,
      mimeType: 'application/octet-stream',
      buffer: Buffer.from(bytes),
    });
    await page.getByLabel('Codes:').setInputFiles(file('mine.npy', writeNpy(new Float32Array(6), [3, 2])));
    await page.getByRole('button', { name: 'Open' }).click();
    await page.getByText('mine.npy: expected codes of shape [images, 2, latents]').waitFor();
    await page.getByRole('link', { name: 'Choose another' }).click();
    await page.getByLabel('Codes:').setInputFiles(file('mine.npy', two.files['codes.npy']!));
    await page.getByLabel('Decoder:').setInputFiles(file('dec.onnx', two.files[DECODER]!));
    await page.getByRole('button', { name: 'Open' }).click();
    await page.getByRole('heading', { name: 'mine.npy' }).waitFor();
    await page.getByText('One decode: median').waitFor();
    await soon(drawn).toBe('1000');
  });

  it('says that a run has no codes yet', async () => {
    await page.goto(`${server.url}#/explorer?run=running`);
    await page.getByText('A run has codes once it has ended.').waitFor();
    expect(wrong.every((message) => /404|codes\.npy: net::ERR_ABORTED/.test(message))).toBe(true);
    wrong.length = 0;
  });

  it('fits a phone, the image above the plane', async () => {
    await page.setViewportSize({ width: 360, height: 740 });
    await open('run=five');
    await page.locator('.large canvas').waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
    const [image, plane] = [await page.locator('.large').boundingBox(), await page.locator('svg.codes').boundingBox()];
    expect(image!.y).toBeLessThan(plane!.y);
  });
});
