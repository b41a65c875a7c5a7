import files, { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decode } from 'fast-png';
import { beforeAll, describe, expect, it } from 'vitest';
import { runConfig } from '../../../test/support/study.js';
import { tinyConfig, tinyData } from '../../../test/support/tinyModel.js';
import { nodeRuntime } from '../../engine/runtime/node.js';
import { classifierExtractor } from '../../latent/evaluation/index.js';
import { type RegimeName, train } from '../../vae/training/index.js';
import { measureControls } from './measureControls.js';

const data = tinyData({ train: 400, test: 200 });
const runtime = nodeRuntime();
let folder: string;
let extractor: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zdist-controls-'));
  extractor = join(folder, 'extractor.onnx');
  const { onnx } = await classifierExtractor(data, { seed: 1, runtime, hidden: [12, 6], epochs: 10 });
  await writeFile(extractor, onnx!);
});

const measured = async (regime: RegimeName, changes: { readonly epochs?: number; readonly without?: true } = {}) => {
  const config = tinyConfig({ regime, epochs: changes.epochs ?? 20 });
  const model = await train(config, data, runtime);
  const job = { name: regime, folder: join(folder, regime), config: { ...runConfig, ...config } };
  return measureControls(files, model, data, { ...job, ...(!changes.without && { extractor }) }, runtime);
};

describe('the controls of a run', () => {
  it('are three sources of z over one extractor, with a grid of the fitted one', async () => {
    const { controls, images } = await measured('joint');
    expect(controls).toMatchObject({ fittedTo: 400, draws: 200 });
    const { posterior, fitted, prior, nearer, shares } = controls!;
    for (const { images: measures } of [posterior, fitted!, prior]) {
      expect(Object.keys(measures!).sort()).toEqual([
        ...['coverage', 'density', 'frechet', 'kernelDistance', 'precision', 'recall'],
      ]);
      for (const { value, se, n } of Object.values(measures!)) {
        expect(Number.isFinite(value) && Number.isFinite(se)).toBe(true);
        expect(n).toBeGreaterThan(1);
      }
    }
    expect(fitted!.gain.value).toBeGreaterThan(0);
    expect(nearer!.fitted!.value).toBeCloseTo(prior.images!.frechet.value - fitted!.images!.frechet.value, 6);
    const { decoder, hole, fit } = shares!;
    expect(decoder.value + hole.value + fit.value).toBeCloseTo(1, 6);
    expect(images).toEqual([{ z: 'fitted', file: 'samples/fitted.png', rows: 8, columns: 8, seed: 1 }]);
    expect(decode(await readFile(join(folder, 'joint/samples/fitted.png'))).channels).toBe(1);
  });

  it('say why nothing was fitted where z carries nothing', async () => {
    const { controls, images } = await measured('random-z', { epochs: 2 });
    expect(images).toEqual([]);
    expect(controls!.fitted).toBeUndefined();
    expect(controls!.shares).toBeUndefined();
    expect(Object.keys(controls!.nearer!)).toEqual(['posterior']);
    expect(controls!.why).toContain('the encoder had no part in it');
    // Both kinds of z are N(0, I): their images differ by chance.
    const { value, se } = controls!.nearer!.posterior;
    expect(Math.abs(value)).toBeLessThan(4 * se);
    expect((await measured('tandem')).controls!.why).toMatch(/^Nothing can be gained .*the rate is/);
  });

  it('have no images where the decoder was not trained, and are none without an extractor', async () => {
    const { controls } = await measured('encoder-only');
    expect(controls!.posterior).toEqual({});
    expect(controls!.prior.images).toBeUndefined();
    expect(controls!.prior.holeMass!.value).toBeGreaterThanOrEqual(0);
    expect(await measured('joint', { epochs: 1, without: true })).toEqual({ images: [] });
  });

  it('are the same from the same seed', async () => {
    expect(await measured('joint', { epochs: 3 })).toEqual(await measured('joint', { epochs: 3 }));
  });
});
