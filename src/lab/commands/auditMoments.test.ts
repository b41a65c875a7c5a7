import { mkdtemp, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { expectClose } from '../../../test/support/close.js';
import { normals } from '../../../test/support/latentCodes.js';
import { effects } from '../../../test/support/study.js';
import { writeNpy } from '../../vae/data/arrays/index.js';
import type { MomentsAlone } from '../audit/index.js';
import { main } from './program.js';

const [n, latents] = [7000, 12];
const mu = normals(n * latents, 'mu').map((v, i) => (i % latents) + 0.5 * v);
const logVar = normals(n * latents, 'scale').map((v) => 0.2 * v - 2);
let cwd: string;

const zdist = async (line: string) => {
  const given = effects(cwd);
  const code = await main(line.split(' '), '0.1.0', given);
  return { code, stdout: given.stdout.text, stderr: given.stderr.text };
};
const column = (d: number, of: (i: number) => number): number => {
  let sum = 0;
  for (let row = 0; row < n; row++) sum += of(row * latents + d);
  return sum / n;
};

beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'zdist-moments-'));
  const save = (name: string, values: Float32Array | Float64Array) =>
    writeFile(join(cwd, name), writeNpy(values, [values.length / latents, latents]));
  await save('mu.npy', mu);
  await save('log_var.npy', logVar);
  await save(
    'sigma.npy',
    logVar.map((v) => Math.exp(0.5 * v)),
  );
  await save('mu64.npy', Float64Array.from(mu));
  await save('constant.npy', new Float32Array(20 * latents).fill(2));
  const wrong = mu.slice();
  wrong[3 * latents + 4] = Number.NaN;
  wrong[5 * latents + 1] = Number.POSITIVE_INFINITY;
  await save('wrong.npy', wrong);
});

it('--only moments gives mean and deviation of every dimension, and writes nothing', async () => {
  const before = await readdir(cwd);
  const { code, stdout, stderr } = await zdist('audit --only moments --mu mu.npy --log-var log_var.npy --json --quiet');
  expect([code, stderr]).toEqual([0, '']);
  const found = JSON.parse(stdout) as MomentsAlone;
  expect([found.n, found.latents, found.source]).toEqual([n, latents, 'mu.npy, log_var.npy']);
  found.dimensions.forEach(({ mean, sd, sdOfMeans, meanScale, kl }, d) => {
    const centre = column(d, (i) => mu[i]!);
    const between = column(d, (i) => (mu[i]! - centre) ** 2);
    const within = column(d, (i) => Math.exp(logVar[i]!));
    expectClose([mean, sdOfMeans!], [centre, Math.sqrt(between)], { relative: 1e-9, absolute: 1e-10 });
    // float32 holds each sigma.
    expectClose([meanScale!, sd], [Math.sqrt(within), Math.sqrt(between + within)], { relative: 1e-7 });
    expectClose([kl!], [0.5 * (mean ** 2 + sd ** 2 - 1) - Math.log(sd)], { relative: 1e-9, absolute: 1e-12 });
  });
  expect(await readdir(cwd)).toEqual(before);
});

it('is the same from a file of another type, which is read block by block', async () => {
  const dimensionsOf = async (arrays: string): Promise<MomentsAlone['dimensions']> =>
    JSON.parse((await zdist(`audit ${arrays} --only moments --json --quiet`)).stdout).dimensions;
  expect(await dimensionsOf('--z mu64.npy')).toEqual(await dimensionsOf('--z mu.npy'));
  expect(await dimensionsOf('--mu mu.npy --sigma sigma.npy')).toEqual(
    await dimensionsOf('--mu mu.npy --log-var log_var.npy'),
  );
});

it('says in a table what it found, with the factor that makes the variance 1', async () => {
  const { stdout } = await zdist('audit --z mu.npy --only moments --quiet');
  expect(stdout.split('\n')[0]).toMatch(/^dimension +mean +sd +KL, nats$/);
  expect(stdout).toContain('7,000 codes, 12 latents, of mu.npy');
  const all = Array.from(mu);
  const centre = all.reduce((sum, v) => sum + v, 0) / all.length;
  const sd = Math.sqrt(all.reduce((sum, v) => sum + (v - centre) ** 2, 0) / all.length);
  expect(stdout).toContain(`scaling factor 1/sd of all values: ${(1 / sd).toPrecision(3)}`);
  const constant = await zdist('audit --z constant.npy --only moments --quiet');
  expect(constant.stdout).toContain('summed: infinite');
  expect(constant.stdout).not.toContain('scaling factor');
});

it.each([
  ['--z wrong.npy', 'wrong.npy: expected finite numbers, got NaN at row 3, column 4 (counted from 0) and at 1 other'],
  ['--z mu.npy --out there', '--only moments: expected codes alone, got --out'],
  ['--z mu.npy --fail-on mismatched', '--only moments: expected codes alone, got --fail-on'],
  ['runs/joint', '--only moments: expected files of codes, got runs/joint'],
  ['merge a.summary', '--only moments: expected files of codes, got merge a.summary'],
])('%s is refused', async (line, message) => {
  const { code, stderr } = await zdist(`audit ${line} --only moments --quiet`);
  expect(code).toBe(2);
  expect(stderr).toContain(`zdist: ${message}`);
});

it('--only knows nothing but moments', async () => {
  expect((await zdist('audit --z mu.npy --only moment')).stderr).toContain(
    '--only: expected moments, got "moment" (did you mean "moments"?)',
  );
});
