import files, { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { noSpace } from '../../../test/support/study.js';
import { writeFile } from './writeFile.js';

const folder = () => mkdtemp(join(tmpdir(), 'zdist-write-'));

describe('writeFile', () => {
  it('writes into folders that are not there yet', async () => {
    const path = join(await folder(), 'a/b.txt');
    await writeFile(files, path, 'hello');
    expect(await readFile(path, 'utf8')).toBe('hello');
  });

  it('keeps the old file and leaves nothing beside it when the disk is full', async () => {
    const home = await folder();
    const path = join(home, 'a.txt');
    await writeFile(files, path, 'old');
    const full = {
      ...files,
      writeFile: async (beside: string) => {
        await files.writeFile(beside, 'ne');
        throw noSpace();
      },
    };
    const message = `cannot write ${path}: no space left on the disk (ENOSPC)`;
    await expect(writeFile(full, path, 'new')).rejects.toThrow(message);
    expect(await readFile(path, 'utf8')).toBe('old');
    expect(await readdir(home)).toEqual(['a.txt']);
  });

  it('names a folder that is a file', async () => {
    const home = await folder();
    await writeFile(files, join(home, 'a'), '');
    await expect(writeFile(files, join(home, 'a/b'), '')).rejects.toThrow(/cannot write .*a\/b: .*(EEXIST|ENOTDIR)/);
  });
});
