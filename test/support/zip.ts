import { crc32, deflateRawSync } from 'node:zlib';

export interface ZipEntry {
  readonly name: string;
  readonly content: Uint8Array;
  /** Deflated, unless told. */
  readonly stored?: boolean;
  /** What the headers say in place of the truth. */
  readonly says?: { readonly size?: number; readonly method?: number; readonly flags?: number; readonly crc?: number };
}

/** The fields that a local header and the central directory share. */
const fields = (entry: ZipEntry, data: Uint8Array): Buffer => {
  const { content, stored, says } = entry;
  const shared = Buffer.alloc(26);
  shared.writeUInt16LE(20, 0);
  shared.writeUInt16LE(says?.flags ?? 0, 2);
  shared.writeUInt16LE(says?.method ?? (stored ? 0 : 8), 4);
  shared.writeUInt32LE(says?.crc ?? crc32(content), 10);
  shared.writeUInt32LE(data.length, 14);
  shared.writeUInt32LE(says?.size ?? content.length, 18);
  shared.writeUInt16LE(Buffer.byteLength(entry.name), 22);
  return shared;
};

/** A zip archive, honest or not. */
export const zipOf = (entries: readonly ZipEntry[]): Buffer => {
  const [parts, directory]: [Buffer[], Buffer[]] = [[], []];
  let offset = 0;
  for (const entry of entries) {
    const data = entry.stored ? Buffer.from(entry.content) : deflateRawSync(entry.content);
    const shared = fields(entry, data);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), shared, Buffer.from(entry.name), data]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00'), shared, tail, Buffer.from(entry.name)]));
    parts.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 0, 'latin1');
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, central, end]);
};
