/** Train, repair, sample: the built command line on a few glyphs, from a run folder to images. */
import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { decode } from 'fast-png';
import { beforeAll, describe, expect, it } from 'vitest';
import { input, mean } from '../../src/engine/graph/index.js';
import { toBatchModel } from '../../src/engine/onnx/index.js';
import { keyedStream } from '../../src/engine/random/index.js';
import type { RepairResult } from '../../src/latent/repair/index.js';
import { readNpy, writeNpy } from '../../src/vae/data/arrays/index.js';

const ZDIST = fileURLToPath(new URL('../../dist/lab/commands/zdist.js', import.meta.url));
let home: string;

interface Started {
  readonly ended: Promise<{ code: number | null; stdout: string; stderr: string }>;
  /** Resolves when stderr holds the text, or when the program has ended. */
  said(text: string): Promise<void>;
  kill(signal: NodeJS.Signals): void;
}

const start = (line: string): Started => {
  const env = { ...process.env, ZDIST_CACHE_DIR: join(home, 'cache') };
  const child = spawn(process.execPath, [ZDIST, ...line.split(' ')], { cwd: home, env });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  return {
    ended: new Promise((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr }))),
    said: (text) =>
      new Promise((resolve) => {
        const look = (): void => void (stderr.includes(text) && resolve());
        child.stderr.on('data', look);
        child.on('close', () => resolve());
      }),
    kill: (signal) => void child.kill(signal),
  };
};

const zdist = (line: string): Started['ended'] => start(line).ended;

const save = (name: string, values: Float32Array, width: number): Promise<void> =>
  writeFile(join(home, name), writeNpy(values, [values.length / width, width]));

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
    expect(await readdir(join(home, 'repaired/samples'))).toHaveLength(4);
    expect(stdout).toMatch(/\nbound {5}IWAE-50 −/);
    expect(stdout).toMatch(/\nreport {4}file:.*repaired\/repair\.html\n/);
    const page = await readFile(join(home, 'repaired/repair.html'), 'utf8');
    expect(page).toContain('posterior control');
    expect(await zdist('report repaired')).toMatchObject({ code: 0 });
    expect(await readFile(join(home, 'repaired/repair.html'), 'utf8')).toBe(page);

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
    expect((await resultIn('nothing')).why).toContain('The regime encoder-only trains the encoder by the KL alone');
  });

  it("takes a user's own feature extractor, and calls the distance by its file", async () => {
    const extractor = toBatchModel((n) => ({ pooled: mean(input('image', [n, 3, 28, 28]), 3) }), { version: '0' });
    await writeFile(join(home, 'net.onnx'), extractor);
    const { code, stdout } = await zdist(
      'repair run --samplers prior --extractor net.onnx --quiet --threads 1 --out own',
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/^UNDECIDED {2}N\(0, I\): hole mass .*Fréchet/);
    const { extractor: used, samplers } = await resultIn('own');
    expect(used).toMatchObject({ kind: 'user', width: 84, distance: 'Fréchet distance over net.onnx' });
    expect(samplers[0]!.frechet!.value).toBeGreaterThan(0);
  });
});

describe('zdist repair of arrays that are hard to fit', () => {
  const normals = (count: number, seed: number): Float32Array => {
    const values = new Float32Array(count);
    keyedStream(seed, 'test/codes', 0).fillNormal(values);
    return values;
  };

  it('regularises a singular covariance, and says so', async () => {
    // The second dimension is the first one again, the third never changes.
    const z = normals(2400, 1).map((value, i, all) => (i % 3 === 0 ? 2 * value : i % 3 === 1 ? 2 * all[i - 1]! : 1.5));
    await save('singular.npy', z, 3);
    const { code, stdout } = await zdist(
      'repair --z singular.npy --samplers full-gaussian,mixture-3 --quiet --out singular',
    );
    expect(code).toBe(0);
    const { samplers } = await resultIn('singular');
    for (const { family, notes } of samplers.slice(1)) {
      expect(notes.join(' ')).toMatch(/raised|singular/);
      expect(stdout).toContain(`note      ${family}: `);
    }
  });

  it('names every family that the codes are too few for', async () => {
    await save('few.npy', normals(60, 2), 2);
    const { code, stderr } = await zdist('repair --z few.npy --samplers mixture-50,mixture-20 --quiet --out few');
    expect(code).toBe(2);
    expect(stderr).toBe(
      [50, 20]
        .map((k) => `zdist: mixture-${k}: expected at least as many codes as components (${k}), got 15 codes\n`)
        .join(''),
    );
    const kept = await zdist('repair --z few.npy --samplers full-gaussian,mixture-50 --quiet --out kept');
    expect(kept.code).toBe(0);
    expect(kept.stdout).toContain('left out  mixture-50: expected at least as many codes as components');
  });

  it('refuses a decoder of other latents', async () => {
    const { code, stderr } = await zdist(
      'repair --z singular.npy --decoder run/models/decoder.onnx --quiet --out wrong',
    );
    expect(code).toBe(2);
    expect(stderr).toBe(
      'zdist: run/models/decoder.onnx: expected a decoder of 3 latents as the codes have ([n, 3]), got input z [batch, 2]\n',
    );
  });

  it('fits nothing to codes that carry nothing', async () => {
    await save('zero.npy', new Float32Array(1000), 2);
    await save('one.npy', new Float32Array(1000).fill(1), 2);
    const { code, stdout } = await zdist('repair --mu zero.npy --sigma one.npy --quiet --out collapsed');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^COLLAPSED {2}Nothing to gain/);
    expect((await resultIn('collapsed')).samplers).toHaveLength(1);
  });

  it('chooses on Ctrl-C from what had its turn, writes it and exits with 130', async () => {
    const z = normals(240_000, 3).map((value, i) => (i % 8 === 0 ? value + (i % 16 === 0 ? 3 : -3) : value));
    await save('many.npy', z, 8);
    const running = start('repair --z many.npy --samplers full-gaussian,maf --budget 1h --threads 1 --out stopped');
    await running.said('fitting maf');
    running.kill('SIGINT');
    const { code, stdout } = await running.ended;
    expect(code).toBe(130);
    expect(stdout).toContain('left out  maf: interrupted');
    expect(await resultIn('stopped')).toMatchObject({ ended: 'interrupted', chosen: 'full-gaussian' });
    expect(await readdir(join(home, 'stopped'))).toEqual(expect.arrayContaining(['repair.html', 'sampler.onnx']));
  });
});
