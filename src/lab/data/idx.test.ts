import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { damagedFile } from '../../../test/support/damagedFile.js';
import { InputError } from '../../engine/errors/index.js';
import type { IdxImages } from '../../vae/data/arrays/index.js';
import { readIdx, writeIdx } from './index.js';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zdist-idx-'));
});
afterAll(() => rm(folder, { recursive: true }));

const images: IdxImages = {
  kind: 'images',
  count: 3,
  height: 2,
  width: 4,
  bytes: Uint8Array.from({ length: 24 }, (_, i) => i),
};
const header = (...words: number[]): Buffer => {
  const bytes = Buffer.alloc(4 * words.length);
  for (const [i, word] of words.entries()) bytes.writeUInt32BE(word, 4 * i);
  return bytes;
};
const plain = Buffer.concat([header(0x803, 3, 2, 4), images.bytes]);

/** The message with the path taken off its front, which it must have. */
const refusal = async (name: string, bytes: Uint8Array): Promise<string> => {
  const path = join(folder, name);
  await writeFile(path, bytes);
  const error: unknown = await readIdx(path).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(InputError);
  const { message } = error as Error;
  expect(message.startsWith(`${path}: `), message).toBe(true);
  return message.slice(path.length + 2);
};

describe('IDX files', () => {
  it.each(['images', 'images.gz'])('come back as they were written: %s', async (name) => {
    const path = join(folder, name);
    await writeIdx(path, images);
    expect(await readIdx(path)).toEqual(images);
    expect((await readdir(folder)).filter((file) => file.endsWith('.tmp'))).toEqual([]);
  });

  it('are the bytes of the format', async () => {
    await writeIdx(join(folder, 'bytes'), images);
    expect(await readFile(join(folder, 'bytes'))).toEqual(plain);
    const labels = { kind: 'labels', count: 5, bytes: Uint8Array.of(9, 0, 1, 2, 3) } as const;
    await writeIdx(join(folder, 'labels'), labels);
    expect(await readFile(join(folder, 'labels'))).toEqual(Buffer.from([0, 0, 8, 1, 0, 0, 0, 5, 9, 0, 1, 2, 3]));
    expect(await readIdx(join(folder, 'labels'))).toEqual(labels);
  });

  it('may be packed under a name without .gz', async () => {
    await writeFile(join(folder, 'packed'), gzipSync(plain));
    expect(await readIdx(join(folder, 'packed'))).toEqual(images);
  });

  it('leave the old file where the new one cannot be written', async () => {
    await expect(writeIdx(join(folder, 'no', 'such', 'folder'), images)).rejects.toThrow('ENOENT');
  });
});

describe('a bad IDX file', () => {
  it('that is not there', async () => {
    const path = join(folder, 'nothing');
    await expect(readIdx(path)).rejects.toThrow(`${path}: expected a file that can be read, got ENOENT`);
    await expect(readIdx(folder)).rejects.toThrow(`${folder}: expected a file that can be read, got EISDIR`);
  });

  it.each(['empty', 'empty.gz'])('that is empty: %s', async (name) => {
    expect(await refusal(name, Buffer.alloc(0))).toBe('expected an IDX file, got an empty file');
  });

  it('that is cut short', async () => {
    expect(await refusal('short', plain.subarray(0, 30))).toBe(
      'expected 3 × 2 × 4 = 24 bytes after the header, got 14 (truncated)',
    );
    expect(await refusal('short.gz', gzipSync(plain.subarray(0, 39)))).toBe(
      'expected 3 × 2 × 4 = 24 bytes after the header, got 23 (truncated)',
    );
    expect(await refusal('stub', plain.subarray(0, 9))).toBe('expected a header of 16 bytes, got 9 bytes (truncated)');
    expect(await refusal('stub2', plain.subarray(0, 2))).toBe('expected a header of 16 bytes, got 2 bytes (truncated)');
    expect(await refusal('stub3', header(0x801))).toBe('expected a header of 8 bytes, got 4 bytes (truncated)');
  });

  it('that goes on after its end', async () => {
    expect(await refusal('long', Buffer.concat([plain, Buffer.alloc(7)]))).toBe(
      'expected 3 × 2 × 4 = 24 bytes after the header, got 31 (7 bytes too many)',
    );
  });

  it('whose header promises more than any file holds', async () => {
    expect(await refusal('huge', header(0x803, 0xffff_ffff, 0xffff_ffff, 0xffff_ffff))).toContain('got 0 (truncated)');
  });

  it('with another magic', async () => {
    expect(await refusal('float', header(0xd03, 1, 1, 1))).toBe(
      'expected magic 0x00000803 (images) or 0x00000801 (labels), got 0x00000d03',
    );
    expect(await refusal('text', Buffer.from('<html>not found</html>'))).toContain('got 0x3c68746d');
  });

  it('of no images', async () => {
    expect(await refusal('none', header(0x803, 0, 28, 28))).toBe('expected at least one byte of data, got 0 × 28 × 28');
  });

  it('that is not gzip in spite of its name', async () => {
    expect(await refusal('plain.gz', plain)).toBe('expected gzip (a file that begins with 1f 8b), got 00 00');
  });

  it('whose gzip data are damaged', async () => {
    const packed = gzipSync(plain);
    expect(await refusal('cut.gz', packed.subarray(0, packed.length - 9))).toBe(
      'expected whole gzip data, got damaged data (unexpected end of file)',
    );
    const flipped = Buffer.from(packed);
    flipped[flipped.length - 6]! ^= 0xff;
    expect(await refusal('flipped.gz', flipped)).toBe(
      'expected whole gzip data, got damaged data (incorrect data check)',
    );
  });

  it('are not unpacked beyond what their header says', async () => {
    const bomb = gzipSync(Buffer.concat([plain, Buffer.alloc(50_000_000)]));
    expect(await refusal('bomb.gz', bomb)).toBe('expected as many bytes as its header says, got more');
    const endless = gzipSync(Buffer.concat([header(0x803, 0xffffffff, 0xffff, 0xffff), Buffer.alloc(5_000_000)]));
    expect(await refusal('endless.gz', endless)).toMatch(
      /^expected at most 100 bytes from each of its 49\d\d bytes, or 67108864 in all, got a claim of 1844/,
    );
    expect(await refusal('other.gz', gzipSync(Buffer.alloc(50_000_000)))).toBe(
      'expected as many bytes as its header says, got more',
    );
  });

  it('are read or refused, however damaged', async () => {
    await fc.assert(
      fc.asyncProperty(damagedFile([plain, gzipSync(plain)]), async (bytes) => {
        const path = join(folder, 'damaged');
        await writeFile(path, bytes);
        const outcome = await readIdx(path).catch((error: unknown) => error);
        if (!(outcome instanceof Error)) return;
        expect(outcome).toBeInstanceOf(InputError);
        expect(outcome.message).toContain(`${path}: `);
      }),
      { seed: 6, numRuns: 300 },
    );
  });
});
