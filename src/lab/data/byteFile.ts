import { type FileHandle, open, stat } from 'node:fs/promises';
import { InputError } from '../../engine/errors/index.js';
import type { ByteFile } from '../../vae/data/arrays/index.js';

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
        throw new InputError(`${name}: expected ${bytes.length - done} more bytes at offset ${at + done}, got its end`);
      }
      done += bytesRead;
    }
  };
