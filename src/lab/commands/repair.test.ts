import { mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { decode } from 'fast-png';
import { beforeAll, describe, expect, it } from 'vitest';
import { clusters } from '../../../test/support/smallAudit.js';
import { effects } from '../../../test/support/study.js';
import { add, constant, input, matmul, sigmoid } from '../../engine/graph/index.js';
import { toBatchModel } from '../../engine/onnx/index.js';
import type { RepairResult } from '../../latent/repair/index.js';
import { noiseOf } from '../../latent/samplers/index.js';
import { readNpy, writeNpy } from '../../vae/data/arrays/index.js';
import type { Effects } from './effects.js';
import { main } from './program.js';

let cwd: string;
const start = async (line: string, changes: Partial<Effects> = {}) => {
  const given = effects(cwd, changes);
  const code = await main(line.split(' '), '0.1.0', given);
  return { code, stdout: given.stdout.text, stderr: given.stderr.text };
};

const decoder = (latents: number): Uint8Array =>
  toBatchModel(
    (n) => {
      const weights = constant(
        Array.from({ length: latents * 9 }, (_, i) => Math.sin(i)),
        [latents, 9],
      );
      return { mean: sigmoid(add(matmul(input('z', [n, latents]), weights), 0.5)) };
    },
    { version: '0' },
  );

const CODES = '--mu mu.npy --sigma sigma.npy --test-mu test-mu.npy --test-sigma test-sigma.npy';
const QUICK = '--samplers full-gaussian,mixture-3 --quiet';

beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'zdist-repair-'));
  for (const [prefix, n, seed] of [
    ['', 300, 1],
    ['test-', 200, 2],
    ['few-', 20, 3],
  ] as const) {
    const codes = clusters(n, 2, 6, seed) as ReturnType<typeof clusters> & { sigma: Float32Array };
    await writeFile(join(cwd, `${prefix}mu.npy`), writeNpy(codes.mu, [n, 2]));
    await writeFile(join(cwd, `${prefix}sigma.npy`), writeNpy(codes.sigma, [n, 2]));
  }
  await writeFile(join(cwd, 'zero.npy'), writeNpy(new Float32Array(400), [200, 2]));
  await writeFile(join(cwd, 'one.npy'), writeNpy(new Float32Array(400).fill(1), [200, 2]));
  await writeFile(join(cwd, 'wrong.npy'), writeNpy(Float32Array.of(0, 0, 0, 0, 0, Number.NaN), [2, 3]));
  await writeFile(join(cwd, 'decoder.onnx'), decoder(2));
  await writeFile(join(cwd, 'wide.onnx'), decoder(5));
});

describe('zdist repair of arrays', () => {
  it('prints the verdict first, then a table, then paths, and writes every file', async () => {
    const { code, stdout, stderr } = await start(`repair ${CODES} --decoder decoder.onnx ${QUICK} --out full`);
    expect([code, stderr]).toEqual([0, '']);
    const lines = stdout.split('\n');
    expect(lines[0]).toMatch(/^(REPAIRED|IMPROVED) {2}N\(0, I\): hole mass 0\.\d+ → /);
    expect(stdout).toMatch(/\n {2}prior +−/);
    expect(stdout).toMatch(/\n→ mixture-3 +−/);
    expect(stdout).toContain(join(cwd, 'full/generator.onnx'));
    expect((await readdir(join(cwd, 'full'), { recursive: true })).sort()).toEqual([
      'MODEL_CARD.md',
      'figures',
      'figures/repair-gain.svg',
      'figures/repair-quality.svg',
      'generator.onnx',
      'repair.html',
      'repair.json',
      'sampler.onnx',
      'samples',
      'samples/full-gaussian.png',
      'samples/mixture-3.png',
      'samples/posterior.png',
      'samples/prior.png',
    ]);
    const result = JSON.parse(await readFile(join(cwd, 'full/repair.json'), 'utf8')) as RepairResult;
    expect(result).toMatchObject({ schema: 1, kind: 'repair', chosen: 'mixture-3', seed: 1 });
    const card = await readFile(join(cwd, 'full/MODEL_CARD.md'), 'utf8');
    expect(card).toContain(`zdist repair ${CODES.split(' --test')[0]}`);
    expect(card).toContain("InferenceSession('generator.onnx')");
    const { width, height } = decode(await readFile(join(cwd, 'full/samples/prior.png')));
    expect([width, height]).toEqual([2 * (8 * 5 + 2), 2 * (8 * 5 + 2)]);
  });

  it('prints the address of its page, which can be written again', async () => {
    const page = join(cwd, 'full/repair.html');
    const before = await readFile(page, 'utf8');
    await writeFile(page, '');
    const { code, stdout } = await start('report full');
    expect([code, stdout]).toEqual([0, `${pathToFileURL(page)}\n`]);
    expect(await readFile(page, 'utf8')).toBe(before);
    expect(before).toContain(`zdist repair ${CODES.split(' --test')[0]}`);
    await mkdir(join(cwd, 'torn'));
    await writeFile(join(cwd, 'torn/repair.json'), '{"schema": 1, "kind": "repair"}');
    const torn = await start('report torn');
    expect(torn.code).toBe(2);
    expect(torn.stderr).toContain('repair.json: chosen: expected string, got nothing');
  });

  it('does without a decoder, and prints JSON', async () => {
    const { code, stdout } = await start(`repair ${CODES} ${QUICK} --json --seed 7 --out plain`);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ kind: 'repair', seed: 7 });
    expect((await readdir(join(cwd, 'plain'))).sort()).toEqual([
      'MODEL_CARD.md',
      'figures',
      'repair.html',
      'repair.json',
      'sampler.onnx',
    ]);
    expect(await readFile(join(cwd, 'plain/repair.json'), 'utf8')).toBe(stdout);
  });

  it('says of collapsed codes that there is nothing to gain', async () => {
    const { code, stdout } = await start('repair --mu zero.npy --sigma one.npy --quiet --out collapsed');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^COLLAPSED {2}Nothing to gain: z says next to nothing about x \(rate 0 nats, 0 active/);
    expect(stdout).not.toContain('full-gaussian');
  });

  it('ends with what there is when interrupted', async () => {
    const controller = new AbortController();
    controller.abort('SIGINT');
    const { code, stderr } = await start(`repair ${CODES} --out stopped`, { interrupt: () => controller.signal });
    expect(code).toBe(130);
    expect(stderr).toContain('zdist: repair: interrupted before anything was measured');
    expect(await readdir(cwd)).not.toContain('stopped');
  });

  it.each([
    [`${CODES} --samplers mixtur`, /expected one of .*, got "mixtur" \(did you mean "mixture"\?\)/],
    [
      `${CODES} --decoder wide.onnx`,
      /wide\.onnx: expected a decoder of 2 latents as the codes have \(\[n, 2\]\), got input z \[batch, 5\]/,
    ],
    [`${CODES} --decoder none.onnx`, /--decoder: expected a file that can be read, got none\.onnx \(ENOENT\)/],
    [`${CODES} --decoder mu.npy`, /mu\.npy: expected an ONNX model, got none/],
    ['--mu few-mu.npy --sigma few-sigma.npy --samplers mixture-50', /mixture-50: .*expected at least .*codes/],
    [`${CODES} --budget soon`, /--budget: expected a time as 90s, 5m or 1h, got "soon"/],
    ['--sigma sigma.npy', /--sigma: expected --mu beside it/],
    [`run ${CODES}`, /repair: expected a run, models or arrays, got the run run and --mu, --sigma/],
    ['run', /run: expected a run folder, got one without run\.json/],
  ])('answers "%s" with exit code 2', async (line, message) => {
    const { code, stderr } = await start(`repair ${line} --quiet --out bad`);
    expect(stderr).toMatch(message);
    expect(code).toBe(2);
  });

  it('overwrites nothing', async () => {
    const { code, stderr } = await start(`repair ${CODES} --quiet --out .`);
    expect(code).toBe(2);
    expect(stderr).toContain('--out: expected a new or empty folder');
  });
});

describe('zdist sample', () => {
  it('draws a grid, and an array of the same images', async () => {
    const { code, stdout } = await start('sample full/generator.onnx --n 5 --seed 2 --out out/grid.png');
    expect([code, stdout]).toEqual([0, `${join(cwd, 'out/grid.png')}\n`]);
    const grid = decode(await readFile(join(cwd, 'out/grid.png')));
    expect([grid.width, grid.height]).toEqual([2 * (3 * 5 + 2), 2 * (2 * 5 + 2)]);

    await start('sample full/generator.onnx --n 5 --seed 2 --out out/five.npy');
    await start('sample full/generator.onnx --n 1200 --seed 2 --out out/many.npy');
    const [five, many] = await Promise.all(
      ['five', 'many'].map(async (name) => readNpy(await readFile(join(cwd, `out/${name}.npy`)), name)),
    );
    expect([five!.shape, many!.shape]).toEqual([
      [5, 9],
      [1200, 9],
    ]);
    Array.from(five!.data as Float32Array).forEach((value, i) => {
      expect((many!.data as Float32Array)[i]).toBeCloseTo(value, 6);
    });
    expect(grid.data[2 * (2 * grid.width + 2)]).toBe(Math.round(255 * (five!.data as Float32Array)[0]!));
  });

  it('draws from a noise file what the seed of that noise draws', async () => {
    const d = 3;
    const noise = noiseOf(5, d, 2);
    await writeFile(join(cwd, 'noise.npy'), writeNpy(noise, [5, d]));
    await writeFile(join(cwd, 'doubles.npy'), writeNpy(Float64Array.from(noise), [5, d]));
    const drawn = async (line: string): Promise<unknown> => {
      expect((await start(`sample full/generator.onnx ${line} --quiet --out out/noise.npy`)).code).toBe(0);
      return readNpy(await readFile(join(cwd, 'out/noise.npy')), 'noise').data;
    };
    const bySeed = await drawn('--n 5 --seed 2');
    expect(await drawn('--noise noise.npy')).toEqual(bySeed);
    expect(await drawn('--noise doubles.npy')).toEqual(bySeed);
    const { stderr } = await start('sample full/generator.onnx --noise noise.npy --out out/noise.png');
    expect(stderr).toBe('5 images, noise of noise.npy\n');
  });

  it('draws z of a sampler', async () => {
    expect((await start('sample plain/sampler.onnx --out z.npy --quiet')).code).toBe(0);
    expect(readNpy(await readFile(join(cwd, 'z.npy')), 'z').shape).toEqual([64, 2]);
  });

  it.each([
    ['full/generator.onnx --out grid.jpg', /--out: expected a name that ends in \.png or \.npy, got grid\.jpg/],
    ['full/generator.onnx --out grid.pgn', /got grid\.pgn \(did you mean "\.png"\?\)/],
    ['full/generator.onnx --n 0', /--n: expected a whole number in 1 … 10000 for \.png, got "0"/],
    ['full/genrator.onnx', /got full\/genrator\.onnx \(ENOENT\) \(did you mean "generator\.onnx"\?\)/],
    ['full', /got full \(EISDIR\); it holds generator\.onnx, sampler\.onnx/],
    ['mu.npy', /mu\.npy: expected an ONNX model, got none/],
    ['decoder.onnx', /decoder\.onnx: expected a generator\.onnx or sampler\.onnx .*, got input z and output mean/],
    ['plain/sampler.onnx', /--out: expected \.npy for plain\/sampler\.onnx, which gives draws of z, got grid\.png/],
    ['full/generator.onnx --noise mu.npy', /mu\.npy: expected noise \[n, 3\] as the model takes, got \[300, 2\]/],
    ['full/generator.onnx --noise none.npy', /--noise none\.npy: expected a file that can be read, got ENOENT/],
    ['full/generator.onnx --noise wrong.npy', /wrong\.npy: row 1, column 2 .*: expected a finite number, got NaN/],
    ['full/generator.onnx --noise noise.npy --n 3 --seed 1', /--noise: expected no --n or --seed beside it/],
    ['full/generator.onnx --seed -1', /--seed: expected a whole number/],
  ])('answers "%s" with exit code 2', async (line, message) => {
    const { code, stderr } = await start(`sample ${line}`);
    expect(stderr).toMatch(message);
    expect(code).toBe(2);
  });
});
