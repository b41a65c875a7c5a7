import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { diskFloors } from './floorCache.js';

const newFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'zdist-floors-'));

it('keeps floors for the next audit', async () => {
  const folder = await newFolder();
  const floors = diskFloors(folder);
  expect(floors.get('mmd/n=10')).toBeUndefined();
  floors.set('mmd/n=10', [1, 2.5]);
  floors.set('mmd/n=20', [3]);
  expect(diskFloors(folder).get('mmd/n=10')).toEqual([1, 2.5]);
  expect(await readdir(join(folder, 'noise-floors'))).toHaveLength(2);
});

it('takes no damaged file, nor that of another floor', async () => {
  const folder = await newFolder();
  const floors = diskFloors(folder);
  floors.set('a', [1]);
  const [name] = await readdir(join(folder, 'noise-floors'));
  const path = join(folder, 'noise-floors', name!);
  const whole = await readFile(path, 'utf8');
  for (const text of ['', '{', 'null', '{"key":"b","values":[1]}', '{"key":"a","values":[null]}', whole.slice(0, -4)]) {
    await writeFile(path, text);
    expect(floors.get('a')).toBeUndefined();
  }
  floors.set('a', [2]);
  expect(floors.get('a')).toEqual([2]);
});

it('does without a disk', async () => {
  const file = join(await newFolder(), 'file');
  await writeFile(file, '');
  const floors = diskFloors(file);
  floors.set('a', [1]);
  expect(floors.get('a')).toBeUndefined();
});
