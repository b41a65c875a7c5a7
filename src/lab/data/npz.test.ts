import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { damagedFile } from '../../../test/support/damagedFile.js';
import { readReference } from '../../../test/support/reference.js';
import { readRows, saved, withFolder } from '../../../test/support/rows.js';
import { type ZipEntry, zipOf } from '../../../test/support/zip.js';
import { InputError } from '../../engine/errors/index.js';
import { chooseArray, writeNpy } from '../../vae/data/arrays/index.js';
import { openNpz } from './npz.js';

const reference = readReference<
  {
    readonly [archive in 'stored' | 'compressed' | 'columns' | 'compressed columns']: string;
  } & { readonly mu: readonly number[]; readonly labels: readonly number[] }
>('npz');
const bytesOf = (hex: string): Uint8Array => Buffer.from(hex, 'hex');

/** Everything that is in an archive, or the message that refuses it. */
const readAll = async (path: string): Promise<Record<string, number[]>> => {
  const archive = await openNpz(path, 'a.npz');
  const arrays: Record<string, number[]> = {};
  for (const name of archive.names) arrays[name] = await readRows(await archive.rows(name));
  return arrays;
};
const refusal = async (bytes: Uint8Array): Promise<string> =>
  withFolder(async (folder) => {
    const error: unknown = await readAll(await saved(folder, 'a.npz', bytes)).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(InputError);
    return (error as Error).message;
  });

describe('a .npz archive', () => {
  it.each(['stored', 'compressed'] as const)('of numpy is read by name: %s', (kind) =>
    withFolder(async (folder) => {
      const { mu, labels } = reference;
      expect(await readAll(await saved(folder, 'a.npz', bytesOf(reference[kind])))).toEqual({ mu, labels });
    }),
  );

  it('of columns is read where it is not compressed, and else says what to do', async () => {
    await withFolder(async (folder) => {
      const path = await saved(folder, 'a.npz', bytesOf(reference.columns));
      expect(await readAll(path)).toEqual({ mu: reference.mu });
    });
    expect(await refusal(bytesOf(reference['compressed columns']))).toBe(
      'a.npz:mu: expected rows one after another, got columns (Fortran order) compressed; save np.ascontiguousarray(a), or without compression',
    );
  });

  it('gives any range of a compressed array', () =>
    withFolder(async (folder) => {
      // 3 MB: more than is inflated, and skipped, at once.
      const values = Float64Array.from({ length: 400_000 }, (_, i) => i % 1009);
      const path = await saved(folder, 'a.npz', zipOf([{ name: 'x.npy', content: writeNpy(values, [100_000, 4]) }]));
      const rows = await (await openNpz(path, 'a.npz')).rows('x');
      const range = { from: 70_000, to: 70_005, atOnce: 2 };
      expect(await readRows(rows, range)).toEqual(Array.from(values.subarray(280_000, 280_020)));
      let sum = 0;
      for await (const block of rows.blocks({ atOnce: 4096 })) for (const value of block) sum += value;
      expect(sum).toBe(values.reduce((a, b) => a + b));
    }));

  it('says which arrays there are', () =>
    withFolder(async (folder) => {
      const archive = await openNpz(await saved(folder, 'a.npz', bytesOf(reference.stored)), 'a.npz');
      const choose = (name?: string) => Promise.resolve().then(() => chooseArray(archive, name, 'a.npz'));
      expect((await choose('mu')).shape).toEqual([2, 3]);
      await expect(choose('mo')).rejects.toThrow(
        new InputError('a.npz: expected one of mu, labels, got "mo" (did you mean "mu"?)'),
      );
      await expect(choose()).rejects.toThrow(
        new InputError('a.npz: expected one array of numbers, got mu, labels; write a.npz:mu for one of them'),
      );
    }));
});

describe('an archive that was made to harm', () => {
  const content = writeNpy(Float32Array.of(1, 2, 3, 4), [2, 2]);
  const zeros = writeNpy(new Float32Array(250_000), [250_000, 1]);
  const entry = (changes: Partial<ZipEntry>): readonly ZipEntry[] => [{ name: 'x.npy', content, ...changes }];

  it.each<[string, readonly ZipEntry[], string]>([
    ['a name above the archive', entry({ name: '../x.npy' }), 'got a damaged one (invalid relative path: ../x.npy)'],
    ['an absolute name', entry({ name: '/etc/x.npy' }), 'got a damaged one (absolute path: /etc/x.npy)'],
    ['one name twice', [...entry({}), ...entry({})], 'a.npz: expected one entry x.npy, got two'],
    ['an encrypted entry', entry({ says: { flags: 1 } }), 'expected an array that can be read, got an encrypted one'],
    ['another method', entry({ says: { method: 12 } }), 'stored or deflated, got compression method 12'],
    [
      'more than can come out of it',
      entry({ content: zeros, says: { size: 4_000_000_000 } }),
      'expected at most 1032 bytes from each of its',
    ],
    [
      'more than it says',
      entry({ content: Buffer.concat([content, Buffer.alloc(8)]), says: { size: content.length } }),
      'got more',
    ],
    [
      'less than it says',
      entry({ says: { size: content.length + 40 } }),
      'truncated: expected 184 bytes as the archive says, got 144',
    ],
    ['a stored entry of another size', entry({ stored: true, says: { size: 100 } }), 'size mismatch for stored file'],
    ['another checksum', entry({ says: { crc: 7 } }), 'a.npz:x: expected content of CRC-32 00000007, got'],
    ['an array of another size', entry({ content: content.subarray(0, -1) }), 'truncated: expected 16 bytes for shape'],
  ])('is refused: %s', async (_, entries, text) => {
    expect(await refusal(zipOf(entries))).toContain(text);
  });

  it('is refused where it is no archive', async () => {
    expect(await refusal(content)).toMatch(/^a\.npz: expected a \.npz archive, got a damaged one/);
    expect(await refusal(new Uint8Array(0))).toMatch(/^a\.npz: expected a \.npz archive, got a damaged one/);
  });

  it('is refused where its data are no deflated ones', async () => {
    const bytes = zipOf(entry({ content: zeros }));
    bytes.fill(0xff, 40, 60);
    expect(await refusal(bytes)).toMatch(/^a\.npz:x: expected whole deflated data, got damaged data after 0 bytes/);
  });

  it('never does more than be refused by its name', () =>
    withFolder(async (folder) => {
      const files = [bytesOf(reference.stored), bytesOf(reference.compressed), zipOf(entry({}))];
      await fc.assert(
        fc.asyncProperty(damagedFile(files), async (bytes) => {
          const outcome = await readAll(await saved(folder, 'a.npz', bytes)).catch((error: unknown) => error);
          if (!(outcome instanceof Error)) return;
          expect(outcome).toBeInstanceOf(InputError);
          expect(outcome.message).toMatch(/^a\.npz/);
        }),
        { seed: 6, numRuns: 300 },
      );
    }));
});
