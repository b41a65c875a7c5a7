import files, { mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { noSpace } from '../../../../test/support/study.js';
import { folderStore, type StoreFiles } from './folderStore.js';

const newRoot = () => mkdtemp(join(tmpdir(), 'zdist-store-'));

describe('folderStore', () => {
  it('creates once, replaces, and reads back', async () => {
    const root = await newRoot();
    const store = folderStore(root);
    expect(await store.read('jobs/a.json')).toBeUndefined();
    expect(await store.create('jobs/a.json', 'one')).toBe(true);
    expect(await store.create('jobs/a.json', 'two')).toBe(false);
    expect(Buffer.from((await store.read('jobs/a.json'))!).toString()).toBe('one');
    await store.replace('jobs/a.json', 'three');
    expect(await readFile(join(root, 'jobs/a.json'), 'utf8')).toBe('three');
    expect(await readdir(join(root, 'jobs'))).toEqual(['a.json']);
  });

  it('lets one of many writers win', async () => {
    const store = folderStore(await newRoot());
    const won = await Promise.all(Array.from({ length: 30 }, (_, i) => store.create('x', `writer ${i}`)));
    expect(won.filter(Boolean)).toHaveLength(1);
    expect(Buffer.from((await store.read('x'))!).toString()).toBe(`writer ${won.indexOf(true)}`);
  });

  it('gives folders, and flushes what is published from them', async () => {
    const root = await newRoot();
    const flushed: string[] = [];
    const disk: StoreFiles = {
      ...files,
      open: async (path, flags) => {
        flushed.push(String(path).slice(root.length + 1));
        return files.open(path, flags);
      },
    };
    const store = folderStore(root, disk);
    const folder = await store.openFolder('runs/1');
    await mkdir(join(folder, 'models'));
    await writeFile(join(folder, 'models/encoder.onnx'), 'x');
    await writeFile(join(folder, 'run.json'), '{}');
    await store.publish('runs/1', folder, ['models/encoder.onnx', 'run.json']);
    await store.closeFolder(folder);
    expect(flushed).toEqual(['runs/1/models/encoder.onnx', 'runs/1/run.json', 'runs/1/models', 'runs/1']);
    await expect(store.publish('runs/1', folder, ['gone'])).rejects.toThrow(/cannot write .*: the folder is gone/);
  });

  it('leaves nothing behind on a full disk', async () => {
    const root = await newRoot();
    const store = folderStore(root, { ...files, writeFile: () => Promise.reject(noSpace()) });
    await expect(store.create('a/b', 'x')).rejects.toThrow(
      `cannot write ${root}/a/b: no space left on the disk (ENOSPC)`,
    );
    expect(await readdir(join(root, 'a'))).toEqual([]);
  });

  it.each(['../x', '/x', 'a/../b', 'a//b', '', 'a\\b', 'c:x'])('refuses the key "%s"', async (key) => {
    const store = folderStore(await newRoot());
    await expect((async () => store.create(key, 'x'))()).rejects.toThrow(RangeError);
    await expect(store.read(key)).rejects.toThrow(RangeError);
  });
});
