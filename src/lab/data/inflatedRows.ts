/** Rows of an array that lies deflated in a zip archive: read from its beginning, whatever rows are asked for. */
import { createReadStream } from 'node:fs';
import { pipeline, type Readable } from 'node:stream';
import { crc32, createInflateRaw } from 'node:zlib';
import { InputError } from '../../engine/errors/index.js';
import {
  type ArrayRows,
  NPY_HEAD,
  type NpyHeader,
  readAhead,
  readNpyHeader,
  requireRange,
  rowReader,
  rowShape,
} from '../../vae/data/arrays/index.js';

/** Bytes that are inflated at once, and skipped at once. */
const CHUNK = 1 << 20;

/** An entry of an archive, packed by deflate. */
export interface DeflatedEntry {
  readonly path: string;
  /** How messages name it. */
  readonly name: string;
  /** Bytes of the archive in which it lies. */
  readonly start: number;
  readonly packed: number;
  /** What it says that it holds. */
  readonly size: number;
  readonly crc: number;
}

/** What comes out of an entry, byte after byte. */
class Inflated {
  /** Bytes handed out. */
  private at = 0;
  private crc = 0;
  private rest: Uint8Array = new Uint8Array(0);
  private readonly stream: Readable;
  private readonly chunks: AsyncIterator<Uint8Array>;

  constructor(private readonly entry: DeflatedEntry) {
    const { path, start, packed } = entry;
    const bytes = createReadStream(path, { start, end: start + packed - 1, highWaterMark: CHUNK });
    // What goes wrong is thrown by the iterator.
    this.stream = pipeline(bytes, createInflateRaw({ chunkSize: CHUNK }), () => {});
    this.chunks = this.stream[Symbol.asyncIterator]();
  }

  private async next(): Promise<boolean> {
    try {
      const { value, done } = await this.chunks.next();
      if (done) return false;
      this.rest = value;
      this.crc = crc32(value, this.crc);
      return true;
    } catch (error) {
      const { name } = this.entry;
      const reason = (error as Error).message;
      throw new InputError(
        `${name}: expected whole deflated data, got damaged data after ${this.at} bytes (${reason})`,
      );
    }
  }

  /** Throws: InputError where the data end before `bytes` are full. */
  async fill(bytes: Uint8Array): Promise<void> {
    for (let done = 0; done < bytes.length; ) {
      if (this.rest.length === 0 && !(await this.next())) {
        const { name, size } = this.entry;
        throw new InputError(`${name}: truncated: expected ${size} bytes as the archive says, got ${this.at}`);
      }
      const part = this.rest.subarray(0, bytes.length - done);
      bytes.set(part, done);
      this.rest = this.rest.subarray(part.length);
      done += part.length;
      this.at += part.length;
    }
  }

  async skip(count: number): Promise<void> {
    const bytes = new Uint8Array(Math.min(count, CHUNK));
    for (let left = count; left > 0; left -= CHUNK) await this.fill(bytes.subarray(0, left));
  }

  /** Throws: InputError where more follows than the archive says, or the whole has another checksum. */
  async end(): Promise<void> {
    const { name, size, crc } = this.entry;
    if (this.rest.length > 0 || (await this.next())) {
      throw new InputError(`${name}: expected ${size} bytes as the archive says, got more`);
    }
    if (this.crc !== crc) {
      const hex = (sum: number): string => sum.toString(16).padStart(8, '0');
      throw new InputError(`${name}: expected content of CRC-32 ${hex(crc)}, got ${hex(this.crc)}`);
    }
  }

  close(): void {
    this.stream.destroy();
  }
}

const readHeader = async (entry: DeflatedEntry): Promise<NpyHeader> => {
  const bytes = new Inflated(entry);
  try {
    const head = new Uint8Array(Math.min(entry.size, NPY_HEAD));
    await bytes.fill(head);
    return readNpyHeader(head, entry.size, entry.name);
  } finally {
    bytes.close();
  }
};

/**
 * Rows of a deflated .npy file.
 *
 * Throws: InputError as readNpy does, and for an array that stands column by column, whose rows lie all over it.
 */
export const openInflatedRows = async (entry: DeflatedEntry): Promise<ArrayRows> => {
  const { name } = entry;
  const { type, bigEndian, fortran, shape, start } = await readHeader(entry);
  const { n, width } = rowShape(shape, name);
  if (fortran && shape.length > 1) {
    const advice = 'save np.ascontiguousarray(a), or without compression';
    throw new InputError(`${name}: expected rows one after another, got columns (Fortran order) compressed; ${advice}`);
  }
  return {
    name,
    n,
    width,
    shape,
    async *blocks(range) {
      const rows = requireRange(range, n);
      const bytes = new Inflated(entry);
      try {
        await bytes.skip(start + rows.from * width * type.size);
        const read = rowReader({ type, bigEndian });
        yield* readAhead(rows, width, async (_from, to, out) => {
          await read((raw) => bytes.fill(raw), out);
          if (to === n) await bytes.end();
        });
      } finally {
        bytes.close();
      }
    },
    close: () => Promise.resolve(),
  };
};
