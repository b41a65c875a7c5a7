import files, { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decode } from 'fast-png';
import { expect, it } from 'vitest';
import { dataset, fakeModel, runConfig } from '../../../test/support/study.js';
import { drawSamples } from './drawSamples.js';

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
