import { closeSync, openSync, readSync } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { InputError } from '../../engine/errors/index.js';
import type { ByteFile, OpenFile } from '../../vae/data/arrays/index.js';

/** Bytes that one read of the system takes: below 2 GiB, which is where Node.js refuses. */
const AT_ONCE = 2 ** 30;

/** The code of a system error, for messages. */
const refusal = (error: unknown, name: string): InputError =>
  new InputError(`${name}: expected a file that can be read, got ${(error as NodeJS.ErrnoException).code ?? error}`);

/** Throws: InputError where there is no such file, or it is a folder. `name` is for messages. */
export const openBytes = async (path: string, name: string): Promise<ByteFile> => {
  try {
    // Before it is opened, because to open a pipe waits for its writer.
    const entry = await stat(path);
    if (!entry.isFile()) {
      throw new InputError(`${name}: expected a file, got ${entry.isDirectory() ? 'a folder' : 'what is no file'}`);
    }
    const handle: FileHandle = await open(path, 'r');
    return { size: entry.size, read: reader(handle, name), close: () => handle.close() };
  } catch (error) {
    throw error instanceof InputError ? error : refusal(error, name);
  }
};

/** The same for who opens a file later, or more than once. */
export const opener = (path: string, name: string): OpenFile => Object.assign(() => openBytes(path, name), { path });

const reader =
  (handle: FileHandle, name: string): ByteFile['read'] =>
  async (bytes, at) => {
    let done = 0;
    while (done < bytes.length) {
      const length = Math.min(bytes.length - done, AT_ONCE);
      const { bytesRead } = await handle.read(bytes, done, length, at + done).catch((error: unknown) => {
        throw refusal(error, name);
      });
      if (bytesRead === 0) {
        throw ended(name, bytes.length - done, at + done);
      }
      done += bytesRead;
    }
  };

const ended = (name: string, more: number, at: number): InputError =>
  new InputError(`${name}: expected ${more} more bytes at offset ${at}, got its end`);

/** A file that is read while the thread waits. */
export interface ByteFileSync {
  /** As `read` of ByteFile. */
  read(bytes: Uint8Array, at: number): void;
  close(): void;
}

/**
 * For a thread that has nothing else to do: what it reads is then in the cache of the core that works on it.
 *
 * Throws: InputError where the file cannot be opened or ends early.
 */
export const openBytesSync = (path: string, name: string): ByteFileSync => {
  const attempt = <T>(make: () => T): T => {
    try {
      return make();
    } catch (error) {
      throw refusal(error, name);
    }
  };
  const descriptor = attempt(() => openSync(path, 'r'));
  return {
    read: (bytes, at) => {
      for (let done = 0; done < bytes.length; ) {
        const count = attempt(() => readSync(descriptor, bytes, done, bytes.length - done, at + done));
        if (count === 0) throw ended(name, bytes.length - done, at + done);
        done += count;
      }
    },
    close: () => closeSync(descriptor),
  };
};
