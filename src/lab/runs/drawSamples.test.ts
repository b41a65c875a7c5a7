import files, { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decode } from 'fast-png';
import { expect, it } from 'vitest';
import { dataset, fakeModel, runConfig } from '../../../test/support/study.js';
import { nodeRuntime } from '../../engine/runtime/node.js';
import { initialParameters } from '../../vae/architectures/index.js';
import { mlpOf, shapesOf } from '../../vae/training/index.js';
import { usable } from '../../vae/training/trained.js';
import { drawSamples, viewFrames } from './drawSamples.js';

it('draws a grid from the prior and one from the encoder, with the same noise for every regime', async () => {
  const decoded: Float32Array[] = [];
  const model = {
    ...fakeModel('done', 200, []),
    encode: (x: Float32Array) => {
      const length = (x.length / 784) * 128;
      return Promise.resolve({ mu: new Float32Array(length).fill(5), sigma: new Float32Array(length).fill(0.1) });
    },
    decode: (z: Float32Array) => {
      decoded.push(z);
      return Promise.resolve(new Float32Array((z.length / 128) * 784));
    },
  };
  const folder = await mkdtemp(join(tmpdir(), 'zdist-samples-'));
  const draw = (regime: 'joint' | 'tandem') =>
    drawSamples(files, model, dataset, { name: regime, folder, config: { ...runConfig, regime } });
  expect(await draw('joint')).toEqual([
    { z: 'prior', file: 'samples/prior.png', rows: 8, columns: 8, seed: 1 },
    { z: 'encoder', file: 'samples/encoder.png', rows: 8, columns: 8, seed: 1 },
  ]);
  await draw('tandem');
  expect(decoded.map((z) => z.length / 128)).toEqual([64, 20, 64, 20]);
  expect(decoded[2]).toEqual(decoded[0]);
  const codes = decoded[1]!;
  // The grids of a seed share their noise: mu is 5 and sigma 0.1 here.
  expect(codes[7]).toBeCloseTo(5 + 0.1 * decoded[0]![7]!, 5);
  expect(codes.reduce((sum, z) => sum + z, 0) / codes.length).toBeCloseTo(5, 1);
  expect(decode(await readFile(join(folder, 'samples/prior.png')))).toMatchObject({ channels: 1, depth: 8 });
});

it('draws frames of a training from that noise, a pixel a pixel and without gaps', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'zdist-frames-'));
  const config = { ...runConfig, hidden: [8] };
  const job = { name: 'joint', folder, config };
  const model = mlpOf(config, 784);
  const weights = initialParameters(shapesOf(model).decoder, 1);
  const view = await viewFrames(dataset, job, nodeRuntime());
  const frame = decode(await view.png(weights));
  expect(frame).toMatchObject({ width: 8 * 28, height: 8 * 28, channels: 1, depth: 8 });

  const { decode: images } = usable(config, model, { encoder: new Float32Array(0), decoder: weights }, nodeRuntime());
  await drawSamples(files, { ...fakeModel('done', 200, []), decode: images }, dataset, job);
  const grid = decode(await readFile(join(folder, 'samples/prior.png')));
  // Image 9 is in the second row and column; the grid has gaps of 2 and twice the scale.
  for (const [x, y] of [
    [0, 0],
    [13, 5],
    [27, 27],
  ] as const) {
    const place = 2 * ((2 + 30 + y) * grid.width + 2 + 30 + x);
    expect(Math.abs(frame.data[(28 + y) * frame.width + 28 + x]! - grid.data[place]!)).toBeLessThanOrEqual(1);
  }
  expect(new Set(frame.data).size).toBeGreaterThan(20);
  expect(await view.png(weights)).toEqual(await view.png(weights.slice()));
  await view.release();
});
