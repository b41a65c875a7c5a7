import { randomUUID } from 'node:crypto';
import files from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { systemCode } from '../../runs/fileSystem.js';
import { StorageError } from '../../runs/writeFile.js';
import { checkKey, type ResultStore } from './resultStore.js';

/** What a store in a folder asks of a disk, besides reading; tests pass one that fails or loses its answer. */
export type StoreFiles = Pick<typeof files, 'link' | 'mkdir' | 'open' | 'readFile' | 'rename' | 'rm' | 'writeFile'>;

/**
 * A store in a folder, which several machines may share (NFS 3 and 4 link as one atomic step).
 *
 * An object is written beside its place, flushed, then linked there: `link` fails where something is already, so that
 * of several writers one wins and no reader ever sees half an object.
 */
export const folderStore = (root: string, disk: StoreFiles = files): ResultStore => {
  const pathOf = (key: string): string => join(root, ...checkKey(key).split('/'));

  /** On Windows folders cannot be flushed, and need not be. */
  const flushFolder = async (folder: string): Promise<void> => {
    if (process.platform === 'win32') return;
    await flush(folder);
  };
  const flush = async (path: string): Promise<void> => {
    const handle = await disk.open(path, 'r');
    await handle.sync().finally(() => handle.close());
  };

  /** Writes beside `key`, then has `settle` put it in its place. */
  const write = async <T>(
    key: string,
    content: string | Uint8Array,
    settle: (beside: string, path: string) => Promise<T>,
  ) => {
    const path = pathOf(key);
    const beside = `${path}.${randomUUID()}.part`;
    try {
      await disk.mkdir(dirname(path), { recursive: true });
      await disk.writeFile(beside, content, { flush: true });
      return await settle(beside, path);
    } catch (error) {
      throw new StorageError(path, error);
    } finally {
      await disk.rm(beside, { force: true }).catch(() => undefined);
    }
  };

  return {
    name: root,
    read: async (key) => {
      try {
        return await disk.readFile(pathOf(key));
      } catch (error) {
        if (systemCode(error) === 'ENOENT') return undefined;
        throw error;
      }
    },
    create: (key, content) =>
      write(key, content, async (beside, path) => {
        try {
          await disk.link(beside, path);
        } catch (error) {
          if (systemCode(error) === 'EEXIST') return false;
          throw error;
        }
        await flushFolder(dirname(path));
        return true;
      }),
    replace: (key, content) =>
      write(key, content, async (beside, path) => {
        await disk.rename(beside, path);
        await flushFolder(dirname(path));
      }),
    remove: (key) =>
      disk.rm(pathOf(key), { force: true }).catch((error: unknown) => {
        throw new StorageError(pathOf(key), error);
      }),
    openFolder: async (key) => {
      const path = pathOf(key);
      try {
        await disk.mkdir(path, { recursive: true });
      } catch (error) {
        throw new StorageError(path, error);
      }
      return path;
    },
    publish: async (_key, folder, published) => {
      try {
        for (const file of published) await flush(join(folder, file));
        for (const inner of new Set(published.map((file) => dirname(join(folder, file))))) await flushFolder(inner);
      } catch (error) {
        throw new StorageError(folder, error);
      }
    },
    closeFolder: () => Promise.resolve(),
  };
};
