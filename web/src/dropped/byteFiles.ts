/** Files of a tab, read in place: a large one is never taken into memory as a whole unless somebody asks for all of it. */
import { InputError } from '../../../src/engine/errors/index.js';
import type { ByteFile } from '../../../src/vae/data/arrays/index.js';

/** What a tab is given at most of one file that has to lie in memory. */
const MOST = 2 ** 30;

const gibibytes = (bytes: number): string => `${(bytes / 2 ** 30).toPrecision(2)} GiB`;

/** Bytes from the beginning of a part of a file. */
export const byteFile = (content: Blob, name: string): ByteFile => ({
  size: content.size,
  read: async (bytes, at) => {
    if (at + bytes.length > content.size) {
      const more = at + bytes.length - content.size;
      throw new InputError(`${name}: expected ${more} more bytes at offset ${content.size}, got its end`);
    }
    bytes.set(new Uint8Array(await content.slice(at, at + bytes.length).arrayBuffer()));
  },
  close: () => Promise.resolve(),
});

/** Throws: InputError for a file that is too large for a tab. */
export const wholeFile = async (file: Blob, name: string): Promise<Uint8Array> => {
  if (file.size > MOST) {
    const got = `${gibibytes(file.size)}; zdist audit on the command line reads it from disk`;
    throw new InputError(`${name}: expected a file of at most ${gibibytes(MOST)} in a tab, got ${got}`);
  }
  return new Uint8Array(await file.arrayBuffer());
};

/**
 * What comes out of packed bytes.
 *
 * Throws: InputError where they are damaged, or hold more than `most` bytes: nothing is unpacked beyond that.
 */
export const unpacked = async (
  packed: Blob,
  format: 'gzip' | 'deflate-raw',
  most: number,
  name: string,
): Promise<Uint8Array> => {
  const parts: Uint8Array[] = [];
  let size = 0;
  const reader = packed.stream().pipeThrough(new DecompressionStream(format)).getReader();
  for (;;) {
    const { done, value } = await reader.read().catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      throw new InputError(`${name}: expected whole packed data, got damaged data (${reason})`);
    });
    if (done) break;
    size += value.length;
    if (size > most) {
      await reader.cancel();
      throw new InputError(`${name}: expected at most ${most} bytes, got more`);
    }
    parts.push(value);
  }
  const whole = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
};

/** A file, out of gzip where it is in it. Throws: InputError as wholeFile and unpacked do. */
export const wholeUnpacked = async (file: Blob, name: string): Promise<Uint8Array> => {
  const [first, second] = new Uint8Array(await file.slice(0, 2).arrayBuffer());
  if (first === 0x1f && second === 0x8b) return unpacked(file, 'gzip', MOST, name);
  return wholeFile(file, name);
};
