import { mkdir, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { damagedFile } from '../../../test/support/damagedFile.js';
import { readReference } from '../../../test/support/reference.js';
import { readRows, saved, withFolder } from '../../../test/support/rows.js';
import { InputError } from '../../engine/errors/index.js';
import { openNpyRows as openRows, readNpy, writeNpy } from '../../vae/data/arrays/index.js';
import { openBytes } from './byteFile.js';

const openNpyRows = (path: string, name: string) => openRows(() => openBytes(path, name), name);

interface Reference {
  readonly shape: readonly number[];
  readonly values: readonly number[];
  readonly file: string;
}
const { read: cases } = readReference<{ readonly read: Record<string, Reference> }>('npy_read');

/** 7 rows of 3: 0 … 20. */
const counted = writeNpy(
  Float32Array.from({ length: 21 }, (_, i) => i),
  [7, 3],
);

describe('rows of a .npy file', () => {
  it.each(Object.entries(cases))('are those of numpy: %s', (_, { shape, values, file }) =>
    withFolder(async (folder) => {
      const rows = await openNpyRows(await saved(folder, 'a.npy', Buffer.from(file, 'hex')), 'a.npy');
      expect(rows).toMatchObject({ name: 'a.npy', n: shape[0], width: values.length / shape[0]!, shape });
      for (const atOnce of [1, 2, 100]) expect(await readRows(rows, { atOnce })).toEqual(values.map(Math.fround));
    }),
  );

  it('are read twice alike, in any range, a block at a time', () =>
    withFolder(async (folder) => {
      const rows = await openNpyRows(await saved(folder, 'a.npy', counted), 'a.npy');
      const expected = Array.from({ length: 12 }, (_, i) => 6 + i);
      for (const atOnce of [1, 3, 4, 9]) expect(await readRows(rows, { from: 2, to: 6, atOnce })).toEqual(expected);
      expect(await readRows(rows, { from: 4, to: 4, atOnce: 4 })).toEqual([]);
      const sizes: number[] = [];
      for await (const block of rows.blocks({ atOnce: 3 })) sizes.push(block.length);
      expect(sizes).toEqual([9, 9, 3]);
    }));

  it('may be left before their end', () =>
    withFolder(async (folder) => {
      const rows = await openNpyRows(await saved(folder, 'a.npy', counted), 'a.npy');
      for await (const block of rows.blocks({ atOnce: 2 })) {
        expect(Array.from(block)).toEqual([0, 1, 2, 3, 4, 5]);
        break;
      }
    }));

  it.each([
    [{ from: -1, atOnce: 1 }],
    [{ to: 8, atOnce: 1 }],
    [{ from: 3, to: 2, atOnce: 1 }],
    [{ atOnce: 0 }],
    [{ from: 0.5, atOnce: 1 }],
  ])('are refused outside of the file: %o', (range) =>
    withFolder(async (folder) => {
      const rows = await openNpyRows(await saved(folder, 'a.npy', counted), 'a.npy');
      await expect(readRows(rows, range)).rejects.toThrow('rows: expected 0 <= from <= to <= 7 and atOnce >= 1, got');
    }),
  );

  it.each<[string, Uint8Array, string]>([
    ['nothing', new Uint8Array(0), 'expected a .npy file, as numpy.save writes it, got another beginning'],
    ['a file cut short', counted.subarray(0, -1), 'truncated: expected 84 bytes for shape [7, 3], got 83'],
    ['no row', writeNpy(new Float32Array(0), [0, 3]), 'expected at least one row and one column, got shape [0, 3]'],
    ['no column', writeNpy(new Float32Array(0), [3, 0]), 'expected at least one row and one column, got shape [3, 0]'],
    ['a single number', writeNpy(Float32Array.of(1), []), 'expected at least one row and one column, got shape []'],
  ])('are refused: %s', (_, bytes, text) =>
    withFolder(async (folder) => {
      const path = await saved(folder, 'a.npy', bytes);
      await expect(openNpyRows(path, 'codes/a.npy')).rejects.toThrow(new InputError(`codes/a.npy: ${text}`));
    }),
  );

  it('are refused where there is no file', () =>
    withFolder(async (folder) => {
      const gone = openNpyRows(join(folder, 'none.npy'), 'none.npy');
      await expect(gone).rejects.toThrow(new InputError('none.npy: expected a file that can be read, got ENOENT'));
      await mkdir(join(folder, 'dir.npy'));
      const dir = openNpyRows(join(folder, 'dir.npy'), 'dir.npy');
      await expect(dir).rejects.toThrow(new InputError('dir.npy: expected a file, got a folder'));
    }));

  it('say where the file ends when it shrinks meanwhile', () =>
    withFolder(async (folder) => {
      const path = await saved(folder, 'a.npy', counted);
      const rows = await openNpyRows(path, 'a.npy');
      await truncate(path, counted.length - 4);
      await expect(readRows(rows)).rejects.toThrow(
        new InputError(`a.npy: expected 4 more bytes at offset ${counted.length - 4}, got its end`),
      );
    }));
});

describe('a .npy file with bytes that are not numpy’s', () => {
  const files = Object.values(cases).map(({ file }) => Buffer.from(file, 'hex'));
  it('is read alike at once and by rows, or refused by its name', () =>
    withFolder(async (folder) => {
      await fc.assert(
        fc.asyncProperty(damagedFile(files), async (bytes) => {
          const outcome = await openNpyRows(await saved(folder, 'a.npy', bytes), 'a.npy')
            .then((rows) => readRows(rows))
            .catch((error: unknown) => error);
          if (Array.isArray(outcome)) {
            const { data } = readNpy(bytes, 'a.npy');
            expect(outcome).toEqual(Array.from(data as ArrayLike<number | bigint>, (v) => Math.fround(Number(v))));
          } else {
            expect(outcome).toBeInstanceOf(InputError);
            expect((outcome as Error).message).toMatch(/^a\.npy: /);
          }
        }),
        { seed: 6, numRuns: 400 },
      );
    }));

  it('is refused at once where its shape is endless', () => {
    const shape = `'shape': (${'1'.repeat(2000)}x), }`;
    const text = `{'descr': '<f4', 'fortran_order': False, ${shape}`;
    const head = Buffer.concat([Buffer.from([0x93]), Buffer.from('NUMPY\x01\x00'), Buffer.alloc(2), Buffer.from(text)]);
    head.writeUInt16LE(text.length, 8);
    expect(() => readNpy(head, 'a.npy')).toThrow('a.npy: expected a header of .npy, got');
  });
});
