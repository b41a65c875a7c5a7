import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { InputError } from '../../engine/errors/index.js';
import { type WrittenData, writeNpy } from '../../vae/data/arrays/index.js';
import { readCodes } from './index.js';

let folder: string;
const save = (name: string, data: WrittenData, shape: readonly number[]): Promise<void> =>
  writeFile(join(folder, name), writeNpy(data, shape));
const read = (paths: Record<string, string>) => readCodes(folder, { options: paths });
const refused = async (paths: Record<string, string>): Promise<string[]> => {
  const error: unknown = await read(paths).catch((cause: unknown) => cause);
  expect(error).toBeInstanceOf(InputError);
  return (error as Error).message.split('\n');
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zdist-arrays-'));
  await save('mu.npy', Float32Array.of(0, 1, 2, 3, 4, 5), [3, 2]);
  await save('sigma.npy', Float32Array.of(1, 1, 0.5, 0.5, 2, 2), [3, 2]);
  await save('log_var.npy', Float64Array.of(0, 0, Math.log(0.25), 2 * Math.log(3), 0, 0), [3, 2]);
  await save('wide.npy', new Float32Array(9).fill(1), [3, 3]);
  await save('flat.npy', Float32Array.of(1, 2, 3), [3]);
  await save('cube.npy', new Float32Array(8), [2, 2, 2]);
  await save('labels.npy', BigInt64Array.of(0n, 7n, -1n), [3]);
  await save('halves.npy', Float32Array.of(0, 0.5, 1), [3]);
});

describe('arrays of codes', () => {
  it('are mu with sigma', async () => {
    const { train, test, sources, labels } = await read({ mu: 'mu.npy', sigma: 'sigma.npy' });
    expect(train).toEqual({
      mu: Float32Array.of(0, 1, 2, 3, 4, 5),
      sigma: Float32Array.of(1, 1, 0.5, 0.5, 2, 2),
      n: 3,
      latents: 2,
    });
    expect([test, labels, sources]).toEqual([undefined, undefined, { train: 'mu.npy, sigma.npy' }]);
  });

  it('are mu with the logarithm of variances, in any float', async () => {
    const { train } = await read({ mu: 'mu.npy', 'log-var': 'log_var.npy' });
    expect('sigma' in train && Array.from(train.sigma)).toEqual([1, 1, 0.5, 3, 1, 1]);
  });

  it('are draws, with held-out ones and labels', async () => {
    const input = await read({ z: 'mu.npy', 'test-z': 'sigma.npy', labels: 'labels.npy' });
    expect(input.train).toMatchObject({ n: 3, latents: 2 });
    expect(input.test).toMatchObject({ n: 3, latents: 2 });
    expect(Array.from(input.labels!)).toEqual([0, 7, -1]);
    expect(input.names).toEqual({ z: 'mu.npy', 'test z': 'sigma.npy' });
    expect(input.sources).toEqual({ train: 'mu.npy', test: 'sigma.npy' });
  });

  it.each<[string, Record<string, string>, string[]]>([
    ['nothing', {}, ['audit: expected a run folder, or arrays by --mu with --sigma or --log-var, or by --z']],
    ['mu alone', { mu: 'mu.npy' }, ['--mu: expected --sigma or --log-var beside it; for draws give --z']],
    ['sigma alone', { sigma: 'sigma.npy' }, ['--sigma: expected --mu beside it']],
    [
      'draws and posteriors, and two scales of held-out ones',
      { z: 'mu.npy', mu: 'mu.npy', sigma: 'a', 'test-mu': 'b', 'test-sigma': 'c', 'test-log-var': 'd' },
      [
        '--z: expected draws alone, got --mu and --sigma beside them',
        '--test-sigma: expected one of --test-sigma and --test-log-var, got both',
      ],
    ],
    [
      'held-out codes of another kind',
      { mu: 'mu.npy', sigma: 'sigma.npy', 'test-z': 'mu.npy' },
      ['--test-z: expected --test-mu beside --mu, got --test-z'],
    ],
    [
      'files that are not there, and shapes that are no matrix',
      { mu: 'none.npy', sigma: 'flat.npy', 'test-mu': 'cube.npy', 'test-sigma': 'sigma.npy', labels: 'mu.npy' },
      [
        'none.npy: expected a file that can be read, got ENOENT',
        'flat.npy: expected shape [N, D], got [3]; reshape(-1, 1) for one latent',
        'cube.npy: expected shape [N, D], got [2, 2, 2]; reshape(len(a), -1)',
        'mu.npy: expected shape [N], got [3, 2]',
      ],
    ],
    [
      'shapes that differ',
      { mu: 'mu.npy', sigma: 'wide.npy' },
      ['wide.npy: expected [3, 2] as mu.npy has, got [3, 3]'],
    ],
    [
      'labels that are no classes',
      { z: 'mu.npy', labels: 'halves.npy' },
      ['halves.npy: expected whole numbers, got 0.5 at row 1 (counted from 0)'],
    ],
  ])('are refused: %s', async (_, paths, lines) => {
    expect(await refused(paths)).toEqual(lines);
  });

  it('are refused where a file is no .npy, by its name', async () => {
    await writeFile(join(folder, 'text.npy'), 'mu, sigma\n1, 2\n');
    expect(await refused({ z: 'text.npy' })).toEqual([
      'text.npy: expected a .npy file, as numpy.save writes it, got another beginning',
    ]);
  });
});
