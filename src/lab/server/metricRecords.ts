import { open } from 'node:fs/promises';
import { systemCode } from '../runs/fileSystem.js';
import type { MetricRecord } from '../runs/metrics/metrics.js';
import { scan } from '../runs/metrics/records.js';

/** Bytes that are read at once, where whole records lie in so many. */
const WINDOW = 1 << 20;

export interface NewRecords {
  readonly records: readonly MetricRecord[];
  /** Where the next record will begin. */
  readonly end: number;
  /** There is more to read at once. */
  readonly more: boolean;
}

/** By how it begins, so that codes, which are most of a log, need not be parsed where nobody wants them. */
const PROBES = Buffer.from('{"type":"probes"');

const isProbes = (content: Uint8Array): boolean => PROBES.equals(content.subarray(0, PROBES.length));

/**
 * The whole records of a log from a byte on, about a megabyte of them. A record that is half written is left for later.
 * Undefined where the log is shorter than that: it was cut, as when a run goes on from a checkpoint.
 */
export const recordsFrom = async (path: string, from: number, probes = true): Promise<NewRecords | undefined> => {
  const file = await open(path, 'r').catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  });
  if (file === undefined) return from === 0 ? { records: [], end: 0, more: false } : undefined;
  try {
    const { size } = await file.stat();
    if (size < from) return undefined;
    for (let window = WINDOW; ; window *= 2) {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(Math.min(window, size - from)), { position: from });
      const { contents, ends } = scan(buffer.subarray(0, bytesRead));
      const rest = from + bytesRead < size;
      if (contents.length === 0 && rest && bytesRead > 0) continue;
      const wanted = probes ? contents : contents.filter((content) => !isProbes(content));
      const records = wanted.map((content) => JSON.parse(Buffer.from(content).toString('utf8')) as MetricRecord);
      const end = from + (ends.at(-1) ?? 0);
      return { records, end, more: rest && contents.length > 0 };
    }
  } finally {
    await file.close();
  }
};

/** All whole records of a log from a byte on. */
export const allRecordsFrom = async (path: string, from: number, probes = true): Promise<NewRecords | undefined> => {
  const records: MetricRecord[] = [];
  for (let end = from; ; ) {
    const part = await recordsFrom(path, end, probes);
    if (part === undefined) return undefined;
    records.push(...part.records);
    end = part.end;
    if (!part.more) return { records, end, more: false };
  }
};
