/** Train, repair, sample: the built command line on a few glyphs, from a run folder to images. */
import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { decode } from 'fast-png';
import { beforeAll, describe, expect, it } from 'vitest';
import { readNpy } from '../../src/lab/data/npy.js';
import type { RepairResult } from '../../src/latent/repair/index.js';

const ZDIST = fileURLToPath(new URL('../../dist/lab/commands/zdist.js', import.meta.url));
let home: string;

const zdist = (line: string): Promise<{ code: number | null; stdout: string; stderr: string }> => {
  const env = { ...process.env, ZDIST_CACHE_DIR: join(home, 'cache') };
  const child = spawn(process.execPath, [ZDIST, ...line.split(' ')], { cwd: home, env });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr })));
};

const resultIn = async (folder: string): Promise<RepairResult> =>
  JSON.parse(await readFile(join(home, folder, 'repair.json'), 'utf8')) as RepairResult;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'zdist-e2e-'));
  const trained = await zdist(
    'train --preset lyeoni --limit 1800 --epochs 15 --set binarisation=threshold --quiet --threads 1 --out run',
  );
  expect(trained.code).toBe(0);
});

describe('zdist repair of a run', () => {
  it('measures images, and leaves a generator that gives them', async () => {
    const { code, stdout } = await zdist(
      'repair run --samplers full-gaussian,mixture-8 --quiet --threads 1 --out repaired',
    );
    expect(code).toBe(0);
    expect(stdout.split('\n')[0]).toMatch(/^(MATCHED|REPAIRED|IMPROVED) {2}N\(0, I\)/);

    const result = await resultIn('repaired');
    expect(result.samplers.map(({ family }) => family)).toEqual(['prior', 'full-gaussian', 'mixture-8']);
    for (const { elbo, frechet, kernelDistance, precision, recall, density, coverage } of result.samplers) {
      for (const measure of [elbo, frechet, kernelDistance, precision, recall, density, coverage]) {
        expect(measure!.value).toBeTypeOf('number');
      }
    }
    expect(result.extractor!.distance).toBe('classifier Fréchet distance');
    const { decoder, hole, fit } = result.attribution!.shares;
    expect(decoder.value + hole.value + fit.value).toBeCloseTo(1, 6);
    expect(await readdir(join(home, 'repaired/samples'))).toHaveLength(3);

    await zdist('sample repaired/generator.onnx --n 64 --seed 1 --out images.npy');
    const images = readNpy(await readFile(join(home, 'images.npy')), 'images.npy');
    expect(images.shape).toEqual([64, 784]);
    expect((await zdist('sample repaired/generator.onnx --n 64 --seed 1 --out grid.png')).code).toBe(0);
    const [grid, same] = await Promise.all(
      ['grid.png', `repaired/samples/${result.chosen}.png`].map(async (path) =>
        decode(await readFile(join(home, path))),
      ),
    );
    // The grid of the repair is from the same noise: bytes may differ by a rounding.
    expect(grid!.data.length).toBe(same!.data.length);
    const largest = Uint8Array.from(grid!.data).reduce(
      (most, byte, i) => Math.max(most, Math.abs(byte - same!.data[i]!)),
      0,
    );
    expect(largest).toBeLessThanOrEqual(1);
  });

  it('says honestly that an encoder trained without a decoder leaves nothing to gain', async () => {
    const trained = await zdist(
      'train --preset lyeoni --limit 1800 --epochs 3 --regime encoder-only --quiet --threads 1 --out alone',
    );
    expect(trained.code).toBe(0);
    const { code, stdout } = await zdist('repair alone --quiet --threads 1 --out nothing');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^COLLAPSED {2}Nothing to gain/);
    expect(stdout).toContain('trains no decoder');
    expect(await readdir(join(home, 'nothing'))).not.toContain('generator.onnx');
    expect((await resultIn('nothing')).chosen).toBe('prior');
  });
});
