/** .npz in a tab: a zip archive of .npy files, each read from its place in it. */
import { InputError } from '../../../src/engine/errors/index.js';
import { type ArrayArchive, openNpyRows, requirePlausible } from '../../../src/vae/data/arrays/index.js';
import { byteFile, unpacked, wholeFile } from './byteFiles.js';

/** Records of a zip archive, by how they begin and how long they are without their names. Source: PKWARE APPNOTE 4.3. */
const END = { signature: 0x06054b50, size: 22 };
const ENTRY = { signature: 0x02014b50, size: 46 };
const LOCAL = { signature: 0x04034b50, size: 30 };
/** A comment behind the end is no longer. */
const LONGEST_COMMENT = 0xffff;
/** Sizes and places that stand elsewhere, as those beyond 4 GiB do. */
const ELSEWHERE = 0xffff_ffff;
const STORED = 0;
const DEFLATED = 8;
const ENDING = '.npy';

interface Entry {
  readonly method: number;
  readonly encrypted: boolean;
  readonly packed: number;
  readonly size: number;
  /** Byte at which its own header stands. */
  readonly at: number;
}

const damaged = (name: string, what: string): InputError =>
  new InputError(`${name}: expected a .npz archive, got a damaged one (${what})`);

/** Where the list of entries stands. */
const readEnd = async (file: Blob, name: string): Promise<{ count: number; size: number; at: number }> => {
  const from = Math.max(0, file.size - END.size - LONGEST_COMMENT);
  const view = new DataView(await file.slice(from).arrayBuffer());
  for (let at = view.byteLength - END.size; at >= 0; at--) {
    if (view.getUint32(at, true) !== END.signature) continue;
    return {
      count: view.getUint16(at + 10, true),
      size: view.getUint32(at + 12, true),
      at: view.getUint32(at + 16, true),
    };
  }
  throw damaged(name, 'no end of the archive');
};

const readEntries = async (file: Blob, name: string): Promise<Map<string, Entry>> => {
  const end = await readEnd(file, name);
  if (end.at + end.size > file.size) throw damaged(name, 'its list of entries lies outside of it');
  const view = new DataView(await file.slice(end.at, end.at + end.size).arrayBuffer());
  const entries = new Map<string, Entry>();
  for (let i = 0, at = 0; i < end.count; i++) {
    if (at + ENTRY.size > view.byteLength || view.getUint32(at, true) !== ENTRY.signature) {
      throw damaged(name, `entry ${i} of its list`);
    }
    const [nameLength, extra, comment] = [28, 30, 32].map((place) => view.getUint16(at + place, true)) as [
      number,
      number,
      number,
    ];
    const next = at + ENTRY.size + nameLength + extra + comment;
    if (next > view.byteLength) throw damaged(name, `entry ${i} of its list`);
    const fileName = new TextDecoder().decode(new Uint8Array(view.buffer, at + ENTRY.size, nameLength));
    if (fileName.endsWith(ENDING)) {
      const array = fileName.slice(0, -ENDING.length);
      if (entries.has(array)) throw new InputError(`${name}: expected one entry ${fileName}, got two`);
      entries.set(array, {
        method: view.getUint16(at + 10, true),
        encrypted: (view.getUint16(at + 8, true) & 1) === 1,
        packed: view.getUint32(at + 20, true),
        size: view.getUint32(at + 24, true),
        at: view.getUint32(at + 42, true),
      });
    }
    at = next;
  }
  return entries;
};

/** The bytes of an entry: a part of the archive where it is stored, else what comes out of it. */
const contentOf = async (file: Blob, name: string, entry: Entry): Promise<Blob> => {
  const { method, encrypted, packed, size, at } = entry;
  if (encrypted) throw new InputError(`${name}: expected an array that can be read, got an encrypted one`);
  if (method !== STORED && method !== DEFLATED) {
    throw new InputError(`${name}: expected an array stored or deflated, got compression method ${method}`);
  }
  if ([packed, size, at].includes(ELSEWHERE)) {
    throw new InputError(`${name}: expected an archive of less than 4 GiB in a tab, got a larger one`);
  }
  const header = new DataView(await file.slice(at, at + LOCAL.size).arrayBuffer());
  if (header.byteLength < LOCAL.size || header.getUint32(0, true) !== LOCAL.signature) {
    throw damaged(name, 'no header where its list says');
  }
  const start = at + LOCAL.size + header.getUint16(26, true) + header.getUint16(28, true);
  const content = file.slice(start, start + packed);
  if (method === STORED) return content;
  requirePlausible(size, packed, name);
  const bytes = await unpacked(content, 'deflate-raw', size, name);
  if (bytes.length === size) return new Blob([bytes as Uint8Array<ArrayBuffer>]);
  throw new InputError(`${name}: truncated: expected ${size} bytes as the archive says, got ${bytes.length}`);
};

/**
 * The arrays of an archive.
 *
 * Throws: InputError where the file is no zip archive or a damaged one, and where two entries have one name; of an array
 * where it is encrypted, packed otherwise, larger than it can be, or no .npy file.
 */
export const openNpz = async (file: Blob, name: string): Promise<ArrayArchive> => {
  const entries = await readEntries(file, name);
  return {
    names: [...entries.keys()],
    rows: async (array) => {
      const part = `${name}:${array}`;
      const content = await contentOf(file, part, entries.get(array)!);
      return openNpyRows(async () => byteFile(content, part), part);
    },
  };
};

/** The bytes of one .npy file of an archive. */
export const npyOf = async (file: Blob, name: string, array: string): Promise<Uint8Array> => {
  const part = `${name}:${array}`;
  const entry = (await readEntries(file, name)).get(array);
  if (!entry) throw new InputError(`${name}: expected an array ${array}, got none`);
  return wholeFile(await contentOf(file, part, entry), part);
};

/** Names of the arrays of an archive. Throws: InputError as openNpz does. */
export const namesOf = async (file: Blob, name: string): Promise<string[]> => [
  ...(await readEntries(file, name)).keys(),
];
