import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { type File, File as Hdf5File, ready } from 'h5wasm/node';
import { beforeAll, describe, expect, it } from 'vitest';
import { damagedFile } from '../../../test/support/damagedFile.js';
import { readRows, saved, withFolder } from '../../../test/support/rows.js';
import { InputError } from '../../engine/errors/index.js';
import { openHdf5 } from './hdf5.js';

beforeAll(() => ready);

/** The path of a file that `fill` filled. */
const written = (folder: string, fill: (file: File) => void): string => {
  const path = join(folder, 'a.h5');
  const file = new Hdf5File(path, 'w');
  fill(file);
  file.close();
  return path;
};
const counted = (length: number): Float32Array => Float32Array.from({ length }, (_, i) => i);
const chunked = { shape: [100, 3], chunks: [7, 3], compression: 'gzip' } as const;
const several = (file: File): void => {
  file.create_group('obsm');
  const group = file.get('obsm') as ReturnType<File['create_group']>;
  group.create_dataset({ name: 'X_scVI', data: counted(12), shape: [4, 3] });
  file.create_dataset({
    name: 'packed',
    data: Float64Array.from(counted(300)),
    ...chunked,
    chunks: [7, 3],
    shape: [100, 3],
  });
  file.create_dataset({ name: 'labels', data: BigInt64Array.of(5n, -6n) });
  file.create_dataset({ name: 'names', data: ['a', 'b'] });
};

const readAll = async (path: string): Promise<Record<string, number[]>> => {
  const archive = await openHdf5(path, 'a.h5');
  const arrays: Record<string, number[]> = {};
  for (const name of archive.names) arrays[name] = await readRows(await archive.rows(name));
  return arrays;
};

describe('an HDF5 file', () => {
  it('is read by the paths of its data sets', () =>
    withFolder(async (folder) => {
      const archive = await openHdf5(written(folder, several), 'a.h5');
      expect([...archive.names].sort()).toEqual(['labels', 'names', 'obsm/X_scVI', 'packed']);
      const codes = await archive.rows('obsm/X_scVI');
      expect(codes).toMatchObject({ name: 'a.h5:obsm/X_scVI', n: 4, width: 3, shape: [4, 3] });
      expect(await readRows(codes)).toEqual(Array.from(counted(12)));
      expect(await readRows(await archive.rows('labels'))).toEqual([5, -6]);
      const packed = await archive.rows('packed');
      expect(await readRows(packed, { atOnce: 9 })).toEqual(Array.from(counted(300)));
      expect(await readRows(packed, { from: 6, to: 9, atOnce: 2 })).toEqual(Array.from(counted(27).subarray(18)));
    }));

  it('is refused where it holds no numbers', () =>
    withFolder(async (folder) => {
      const archive = await openHdf5(written(folder, several), 'a.h5');
      await expect(archive.rows('names')).rejects.toThrow(
        'a.h5:names: expected floats of 16, 32 or 64 bits or integers, got HDF5 type class 3',
      );
    }));

  it('is refused where its numbers are in another file, or behind a link', () =>
    withFolder(async (folder) => {
      await saved(folder, 'other.h5', await readFile(written(folder, several)));
      const path = written(folder, (file) => {
        file.create_external_link(join(folder, 'other.h5'), 'packed', 'away');
        file.create_soft_link('/away', 'soft');
      });
      const archive = await openHdf5(path, 'a.h5');
      const expected = 'expected a data set in this file, got a link to';
      await expect(archive.rows('away')).rejects.toThrow(`a.h5:away: ${expected} the file ${join(folder, 'other.h5')}`);
      await expect(archive.rows('soft')).rejects.toThrow(`a.h5:soft: ${expected} /away`);
    }));

  it('is refused where it is none', () =>
    withFolder(async (folder) => {
      const path = await saved(folder, 'a.h5', 'mu, sigma\n1, 2\n');
      await expect(openHdf5(path, 'a.h5')).rejects.toThrow(InputError);
      await expect(openHdf5(path, 'a.h5')).rejects.toThrow(
        'a.h5: expected an HDF5 file, got a damaged one or another format (file signature not found)',
      );
    }));

  it('never does more than be refused by its name', () =>
    withFolder(async (folder) => {
      const bytes = await readFile(written(folder, several));
      await fc.assert(
        fc.asyncProperty(damagedFile([bytes]), async (content) => {
          const outcome = await readAll(await saved(folder, 'damaged.h5', content)).catch((error: unknown) => error);
          if (!(outcome instanceof Error)) return;
          expect(outcome).toBeInstanceOf(InputError);
          expect(outcome.message).toMatch(/^a\.h5/);
        }),
        { seed: 6, numRuns: 200 },
      );
    }));
});
