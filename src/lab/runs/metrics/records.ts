/**
 * Records one after the other in a file that is only ever appended to. Each is its length (uint32), a CRC-32C of that
 * length and the content (uint32), and the content; little-endian.
 */
import { crc32c } from './crc32c.js';

const PREFIX = 8;

export const frame = (content: Uint8Array): Uint8Array => {
  const record = new Uint8Array(PREFIX + content.length);
  const view = new DataView(record.buffer);
  view.setUint32(0, content.length, true);
  record.set(content, PREFIX);
  view.setUint32(4, crc32c(content, crc32c(record.subarray(0, 4))), true);
  return record;
};

export interface Scan {
  /** What the whole records hold, up to the first that is not whole. */
  readonly contents: readonly Uint8Array[];
  /** Where each of them ends; a log may be cut at any of these. */
  readonly ends: readonly number[];
  /** What is wrong after the last whole record, where anything is. */
  readonly damage?: string;
}

/** The records of a log, without those from the first damaged one on: where one begins is known from the one before. */
export const scan = (log: Uint8Array): Scan => {
  const view = new DataView(log.buffer, log.byteOffset, log.byteLength);
  const contents: Uint8Array[] = [];
  const ends: number[] = [];
  let at = 0;
  const damaged = (what: string): Scan => ({
    contents,
    ends,
    damage: `record ${contents.length} at byte ${at}: ${what}`,
  });
  while (at < log.length) {
    if (log.length - at < PREFIX) return damaged(`expected ${PREFIX} bytes, got ${log.length - at}`);
    const length = view.getUint32(at, true);
    const content = log.subarray(at + PREFIX, at + PREFIX + length);
    if (content.length < length) return damaged(`expected ${length} bytes of content, got ${content.length}`);
    const [expected, got] = [view.getUint32(at + 4, true), crc32c(content, crc32c(log.subarray(at, at + 4)))];
    if (expected !== got) return damaged(`expected CRC-32C ${hex(expected)}, got ${hex(got)}`);
    at += PREFIX + length;
    contents.push(content);
    ends.push(at);
  }
  return { contents, ends };
};

const hex = (value: number): string => value.toString(16).padStart(8, '0');
