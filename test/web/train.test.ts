import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { nodeRuntime } from '../../src/engine/runtime/node.js';
import { glyphs } from '../../src/vae/data/index.js';
import { type TrainConfig, train } from '../../src/vae/training/index.js';
import { withoutBrowser } from '../support/chromium.js';
import { expectClose } from '../support/close.js';
import { useLabSite } from '../support/labSite.js';

describe.skipIf(withoutBrowser)('training in the tab', () => {
  const site = useLabSite();

  /** The curves so far, as they are saved: step, epoch, then rate, score, ELBO and KL of draws, each with its error. */
  const curveRows = async (): Promise<number[][]> => {
    const download = site.page.waitForEvent('download');
    await site.page
      .locator('.three figure', { hasText: 'say about its image' })
      .getByRole('button', { name: 'CSV' })
      .click();
    const csv = (await (await (await download).createReadStream()).toArray()).join('').trim();
    const cells = (line: string): string[] => line.replace(/^"[^"]*",/, '').split(',');
    return csv
      .split('\n')
      .slice(1)
      .map((line) => cells(line).map(Number));
  };

  it('gives the numbers of Node.js, and both models to save', async () => {
    await site.page.goto(`${site.url}#/train?images=600&epochs=1&seed=3`);
    await site.page.getByRole('button', { name: 'Train', exact: true }).click();
    await site.page.getByRole('button', { name: /encoder\.onnx/ }).waitFor({ timeout: 60_000 });
    const rows = await curveRows();

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

  it('learns from files, and begins with the models of another training', async () => {
    const { test } = glyphs(5, { train: 600, test: 1400 });
    const idx = (shape: number[], bytes: Uint8Array): Buffer => {
      const header = Buffer.alloc(4 + 4 * shape.length);
      header.writeUInt32BE(0x800 + shape.length);
      for (const [i, n] of shape.entries()) header.writeUInt32BE(n, 4 + 4 * i);
      return gzipSync(Buffer.concat([header, bytes]));
    };
    const files = [
      { name: 'images-idx3-ubyte.gz', mimeType: 'application/gzip', buffer: idx([1400, 28, 28], test.pixels) },
      { name: 'labels-idx1-ubyte.gz', mimeType: 'application/gzip', buffer: idx([1400], test.labels!) },
    ];
    await site.page.goto(`${site.url}#/train?epochs=1&latents=3&beta=2&device=wasm`);
    await site.page.getByLabel('Data').selectOption('your files');
    await site.page.getByLabel('Images', { exact: true }).setInputFiles(files);
    await site.page.getByText('images-idx3-ubyte.gz, labels-idx1-ubyte.gz').waitFor();
    await site.page.getByRole('button', { name: 'Train', exact: true }).click();
    const save = site.page.getByRole('button', { name: /encoder\.onnx/ });
    await save.waitFor({ timeout: 60_000 });
    expect(await site.page.locator('figcaption').first().innerText()).toContain('1200 images, 200 held out');

    const saved: { name: string; mimeType: string; buffer: Buffer }[] = [];
    site.page.on('download', async (download) => {
      const chunks = await (await download.createReadStream()).toArray();
      saved.push({ name: download.suggestedFilename(), mimeType: '', buffer: Buffer.concat(chunks) });
    });
    await save.click();
    await expect.poll(() => saved.map(({ name }) => name).sort()).toEqual(['decoder.onnx', 'encoder.onnx']);
    await site.page.getByLabel('Begin with a saved VAE').setInputFiles(saved);
    await site.page.getByText('Begins with the VAE that you gave').waitFor();
    const before = (await curveRows()).at(-1)!;
    await site.page.getByRole('button', { name: 'One step' }).click();
    await site.page.getByText(/^Step 1 of/).waitFor();
    const [, , ...after] = (await curveRows())[0]!;
    expectClose(after, before.slice(2), { relative: 1e-6 });
  });

  it('says what is amiss with a file, and which', async () => {
    await site.page.goto(`${site.url}#/train?device=wasm`);
    await site.page.getByLabel('Data').selectOption('your files');
    const wrong = { name: 'x.npy', mimeType: '', buffer: Buffer.from('no array') };
    await site.page.getByLabel('Images', { exact: true }).setInputFiles(wrong);
    await site.page.getByRole('button', { name: 'Train', exact: true }).click();
    await site.page.getByRole('alert').filter({ hasText: 'x.npy: expected' }).waitFor();
    await site.page.getByLabel('Begin with a saved VAE').setInputFiles({ ...wrong, name: 'encoder.onnx' });
    await site.page.getByRole('alert').filter({ hasText: 'expected encoder.onnx and decoder.onnx' }).waitFor();
  });

  it('takes one step at a time', async () => {
    await site.page.goto(`${site.url}#/train?images=600`);
    await site.page.getByRole('button', { name: 'One step' }).click();
    await site.page.getByText(/^Step 1 of/).waitFor();
    await site.page.getByRole('button', { name: 'One step' }).click();
    await site.page.getByText(/^Step 2 of/).waitFor();
    for (const [figure, mark] of [
      ['Where do the codes live', '<rect'],
      ['How much does z say', '<path'],
    ] as const) {
      const download = site.page.waitForEvent('download');
      await site.page.locator('figure', { hasText: figure }).getByRole('button', { name: 'SVG' }).click();
      const svg = (await (await (await download).createReadStream()).toArray()).join('');
      expect(svg).toContain(mark);
      expect(svg).not.toContain('var(--');
    }
    await site.page.getByRole('button', { name: 'Start over' }).click();
    await site.page.getByText('Press Train').waitFor();
  });
});
