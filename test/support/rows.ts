import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RowRange, RowSource } from '../../src/vae/data/arrays/index.js';

/** What a source gives for a range, row after row; blocks are copied, as their buffer is used again. */
export const readRows = async (source: RowSource, range: RowRange = { atOnce: 2 }): Promise<number[]> => {
  const values: number[] = [];
  for await (const block of source.blocks(range)) values.push(...block);
  return values;
};

/** A folder that is gone after `use`. */
export const withFolder = async <T>(use: (folder: string) => Promise<T>): Promise<T> => {
  const folder = await mkdtemp(join(tmpdir(), 'zdist-rows-'));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
};

/** The path of a file with these bytes. */
export const saved = async (folder: string, name: string, bytes: Uint8Array | string): Promise<string> => {
  const path = join(folder, name);
  await writeFile(path, bytes);
  return path;
};
