import type { FileSystem } from '../fileSystem.js';
import { StorageError } from '../writeFile.js';
import { encodeRecord, HEADER, type MetricRecord } from './metrics.js';

/** `metrics.bin` as its one writer has it. */
export interface MetricLog {
  /** Takes a record; it reaches the file with the next `flush`. */
  append(record: MetricRecord): void;
  /** Throws: StorageError. */
  flush(): Promise<void>;
  /** Flushes, waits for the disk, and gives the length of the file. Throws: StorageError. */
  sync(): Promise<number>;
  close(): Promise<void>;
}

/**
 * Opens a log for appending after its first `keep` bytes: 0 for a new one.
 *
 * Throws: StorageError.
 */
export const openMetricLog = async (files: FileSystem, path: string, keep: number): Promise<MetricLog> => {
  const stored = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      throw new StorageError(path, error);
    }
  };
  const file = await stored(files.open(path, 'a'));
  let length = keep;
  let waiting: Uint8Array[] = [];
  const flush = async (): Promise<void> => {
    if (waiting.length === 0) return;
    const bytes = Buffer.concat(waiting);
    waiting = [];
    await stored(file.appendFile(bytes));
    length += bytes.length;
  };
  const append = (record: MetricRecord): void => void waiting.push(encodeRecord(record));
  try {
    await stored(file.truncate(keep));
    if (keep === 0) append(HEADER);
    await flush();
  } catch (error) {
    await file.close();
    throw error;
  }
  return {
    append,
    flush,
    sync: async () => {
      await flush();
      await stored(file.sync());
      return length;
    },
    close: () => file.close(),
  };
};
