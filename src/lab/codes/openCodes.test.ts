import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readRows, saved } from '../../../test/support/rows.js';
import { writeTable } from '../../../test/support/tableFile.js';
import { zipOf } from '../../../test/support/zip.js';
import { InputError } from '../../engine/errors/index.js';
import { writeNpy } from '../../vae/data/arrays/index.js';
import { type CodeRequest, loadCodes, openCodes, readCodes } from './index.js';

let folder: string;
const array = (shape: readonly number[], start = 0): Uint8Array => {
  const length = shape.reduce((a, b) => a * b, 1);
  return writeNpy(
    Float32Array.from({ length }, (_, i) => start + i),
    shape,
  );
};
/** 12 latents: mu_0 … mu_11 hold 0 … 11, sd_d holds 1 + d, with the columns shuffled. */
const wide = (): string => {
  const columns = Array.from({ length: 12 }, (_, d) => [`${d} + i as mu_${d}`, `${1 + d} as sd_${d}`]).flat();
  return `select i as id, ${columns.reverse().join(', ')}, i % 3 as label, 'x' as name from range(5) t(i)`;
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zdist-codes-'));
  await mkdir(join(folder, 'parts'));
  for (const i of [1, 2, 10]) await saved(folder, `parts/mu_${i}.npy`, array([2, 2], 10 * i));
  await saved(folder, 'parts/other.npy', array([2, 3]));
  await saved(folder, 'parts/.hidden.npy', array([2, 2]));
  await writeTable(folder, 'wide.parquet', wide());
  await writeTable(folder, 'run.parquet', 'select i as index, 0.5::float as mu_0, 0 as log_var_0 from range(4) t(i)');
  await writeTable(folder, 'gaps.parquet', 'select 1 as mu_0, 1 as mu_1, 1 as mu_2, 1 as sd_1, 1 as sd_3');
  await saved(folder, 'z.csv', 'z_1,z_2\n1,2\n3,4\n');
  const entry = (name: string, shape: readonly number[]) => ({ name: `${name}.npy`, content: array(shape, 1) });
  const arrays = [entry('mu', [3, 2]), entry('sigma', [3, 2]), entry('test_z', [4, 2]), entry('y', [3])];
  await saved(folder, 'codes.npz', zipOf(arrays));
  await saved(folder, 'other.csv', 'a,b\n1,2\n');
  await saved(folder, 'halves.csv', 'z_1,label\n1,1\n2,1.5\n');
});
afterAll(() => rm(folder, { recursive: true }));

const read = (request: Partial<CodeRequest>) => readCodes(folder, { options: {}, ...request });
const refused = async (request: Partial<CodeRequest>): Promise<string[]> => {
  const error: unknown = await read(request).catch((cause: unknown) => cause);
  expect(error).toBeInstanceOf(InputError);
  return (error as Error).message.split('\n');
};

describe('codes from columns', () => {
  it('are in the order in which people number', async () => {
    const options = { mu: 'mu_*', sigma: 'sd_*', labels: 'label' };
    const { train, labels, sources, names } = await read({ codes: 'wide.parquet', options });
    expect(train).toMatchObject({ n: 5, latents: 12 });
    const latents = Array.from({ length: 12 }, (_, d) => d);
    expect('mu' in train && Array.from(train.mu.subarray(12, 24))).toEqual(latents.map((d) => d + 1));
    expect('mu' in train && Array.from(train.sigma.subarray(12, 24))).toEqual(latents.map((d) => d + 1));
    expect(Array.from(labels!)).toEqual([0, 1, 2, 0, 1]);
    expect(sources).toEqual({ train: 'wide.parquet: mu_*, wide.parquet: sd_*' });
    expect(names).toEqual({ mu: 'wide.parquet: mu_*', sigma: 'wide.parquet: sd_*' });
  });

  it('may be recognised, which is said', async () => {
    const source = await openCodes(folder, { options: {}, codes: 'run.parquet' });
    expect(source.notes).toEqual(['Recognised in run.parquet: mu_* as mu, log_var_* as log_var.']);
    expect('mu' in source.train && (await readRows(source.train.sigma))).toEqual([1, 1, 1, 1]);
    await source.close();
    const draws = await openCodes(folder, { options: {}, codes: 'z.csv' });
    expect(draws.notes).toEqual(['Recognised in z.csv: z_* as draws z.']);
    expect(draws.names).toEqual({ z: 'z.csv: z_*' });
    await draws.close();
  });

  it('may be named behind their file', async () => {
    const { train } = await read({ options: { z: 'wide.parquet:mu_*', labels: 'wide.parquet:label' } });
    expect(train).toMatchObject({ n: 5, latents: 12 });
  });

  it('may be held-out ones of the same names', async () => {
    const request = { codes: 'z.csv', testCodes: 'z.csv', options: { z: 'z_*' } };
    const { train, test } = await read(request);
    expect(test).toEqual(train);
  });

  it.each<[string, Partial<CodeRequest>, string[]]>([
    [
      'partners that are missing',
      { codes: 'gaps.parquet', options: { mu: 'mu_*', sigma: 'sd_*' } },
      [
        '--mu: expected mu_3 beside sd_3 in gaps.parquet, got no such column',
        '--sigma: expected sd_0, sd_2 beside mu_0, mu_2 in gaps.parquet, got no such column',
      ],
    ],
    [
      'columns that are not there',
      { codes: 'z.csv', options: { mu: 'mu_*', sigma: 'sd_*' } },
      ['z.csv: expected a column "mu_*", got z_1, z_2', 'z.csv: expected a column "sd_*", got z_1, z_2'],
    ],
    ['two stars', { codes: 'z.csv', options: { z: '*_*' } }, ['z.csv: expected one * in the columns "*_*", got 2']],
    [
      'names that say nothing',
      { codes: 'other.csv' },
      ["other.csv: expected --mu 'mu_*' with --sigma 'sd_*', or --z 'z_*' to say which columns are codes, got a, b"],
    ],
    [
      'text as labels',
      { codes: 'wide.parquet', options: { z: 'mu_*', labels: 'name' } },
      ['wide.parquet: expected numbers in column name, got "x" at row 0 (counted from 0)'],
    ],
    [
      'parts as labels',
      { codes: 'halves.csv', options: { z: 'z_*', labels: 'label' } },
      ['halves.csv: expected whole numbers, got 1.5 at row 1 (counted from 0)'],
    ],
  ])('are refused: %s', async (_, request, lines) => {
    expect(await refused(request)).toEqual(lines);
  });
});

describe('codes from several files', () => {
  it('follow one another in the order in which people number', async () => {
    const { train } = await read({ options: { z: 'parts/mu_*.npy' } });
    expect('z' in train && Array.from(train.z)).toEqual([10, 11, 12, 13, 20, 21, 22, 23, 100, 101, 102, 103]);
  });

  it('come in whole blocks', async () => {
    const source = await openCodes(folder, { options: { z: 'parts/mu_?.npy' } });
    const sizes: number[] = [];
    if ('z' in source.train) for await (const block of source.train.z.blocks({ atOnce: 3 })) sizes.push(block.length);
    expect(sizes).toEqual([6, 2]);
    await source.close();
  });

  it('may lie in any folder', async () => {
    const { train, sources } = await read({ codes: '**/mu_*.npy' });
    expect(train).toMatchObject({ n: 6, latents: 2 });
    expect(sources?.train).toBe('**/mu_*.npy');
  });

  it.each<[string, Partial<CodeRequest>, string[]]>([
    [
      'of other widths',
      { options: { z: 'parts/*.npy' } },
      ['parts/other.npy: expected 2 columns as parts/mu_1.npy has, got 3'],
    ],
    ['of other kinds', { codes: '*.*' }, ['gaps.parquet: expected a file of the same kind as codes.npz, got another']],
    ['none', { codes: 'none*.npy' }, ['none*.npy: expected files that match, got none']],
  ])('are refused: %s', async (_, request, lines) => {
    expect(await refused(request)).toEqual(lines);
  });
});

describe('codes from an archive', () => {
  it('are named by option', async () => {
    const options = { mu: 'mu', sigma: 'sigma', labels: 'y' };
    const { train, labels, sources } = await read({ codes: 'codes.npz', options });
    expect(train).toMatchObject({ n: 3, latents: 2, mu: Float32Array.of(1, 2, 3, 4, 5, 6) });
    expect(Array.from(labels!)).toEqual([1, 2, 3]);
    expect(sources?.train).toBe('codes.npz:mu, codes.npz:sigma');
  });

  it('are named behind it, or recognised', async () => {
    const named = await read({ options: { mu: 'codes.npz:mu', sigma: 'codes.npz:sigma' } });
    expect(await read({ codes: 'codes.npz' })).toEqual(named);
  });

  it('may be held-out ones beside the others', async () => {
    const { train, test } = await read({ codes: 'codes.npz', options: { z: 'mu', 'test-z': 'test_z' } });
    expect([train.n, test?.n]).toEqual([3, 4]);
  });

  it.each<[string, Partial<CodeRequest>, string[]]>([
    [
      'without a name',
      { options: { z: 'codes.npz' } },
      ['codes.npz: expected one array of numbers, got mu, sigma, test_z, y; write codes.npz:mu for one of them'],
    ],
    [
      'of other sizes',
      { codes: 'codes.npz', options: { mu: 'mu', sigma: 'test_z' } },
      ['codes.npz:test_z: expected [3, 2] as codes.npz:mu has, got [4, 2]'],
    ],
    [
      'of one axis',
      { codes: 'codes.npz', options: { z: 'y' } },
      ['codes.npz:y: expected shape [N, D], got [3]; reshape(-1, 1) for one latent'],
    ],
    [
      'with other labels',
      { codes: 'codes.npz', options: { z: 'test_z', labels: 'y' } },
      ['codes.npz:y: expected one label for each of 4 codes, got 3'],
    ],
  ])('are refused: %s', async (_, request, lines) => {
    expect(await refused(request)).toEqual(lines);
  });
});

describe('codes from a query', () => {
  it('are the columns of its answer', async () => {
    const sql = `select * from '${folder}/wide.parquet' where label = 1`;
    const { train, sources } = await read({ sql, options: { mu: 'mu_*', sigma: 'sd_*' } });
    expect(train).toMatchObject({ n: 2, latents: 12 });
    expect(sources?.train).toBe('--sql: mu_*, --sql: sd_*');
  });

  it('stand alone', async () => {
    expect(await refused({ sql: 'select 1', codes: 'z.csv' })).toEqual([
      '--sql: expected it alone, got the codes z.csv beside it',
    ]);
  });
});

describe('a file of another format', () => {
  it.each([
    [
      'codes.feather',
      "got Arrow; convert it: python3 -c \"import pandas; pandas.read_feather('codes.feather').to_parquet",
    ],
    ['codes.bin', 'expected a file that ends in .npy, .npz, .safetensors, .h5, .parquet, .csv or .tsv, got another'],
  ])('is refused: %s', async (name, text) => {
    expect((await refused({ options: { z: name } }))[0]).toContain(text);
  });
});

describe('codes that do not fit into memory', () => {
  it('are refused before they are read', async () => {
    const source = await openCodes(folder, { options: {}, codes: 'z.csv' });
    await expect(loadCodes(source, 15)).rejects.toThrow(
      'z.csv: z_*: expected codes of at most 1.4e-8 GiB to be read into memory, got 2 rows of 2 (1.5e-8 GiB with all that is given); zdist audit --stream reads them from disk',
    );
    await source.close();
  });
});
