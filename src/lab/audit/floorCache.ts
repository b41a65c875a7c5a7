import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FloorCache } from '../../latent/audit/index.js';

const isNumbers = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((each) => typeof each === 'number' && Number.isFinite(each));

/** Values of a kept floor, unless the file is absent, damaged, or another floor's. */
const read = (path: string, key: string): readonly number[] | undefined => {
  try {
    const kept = JSON.parse(readFileSync(path, 'utf8')) as { key?: unknown; values?: unknown } | null;
    return kept?.key === key && isNumbers(kept.values) ? kept.values : undefined;
  } catch {
    return undefined;
  }
};

/**
 * Noise floors kept as files under `<cache folder>/noise-floors`, one a key. Never fails for want of a disk: what cannot
 * be read is drawn again, what cannot be written is not kept.
 */
export const diskFloors = (cacheDir: string): FloorCache => {
  const folder = join(cacheDir, 'noise-floors');
  const pathOf = (key: string): string =>
    join(folder, `${createHash('sha256').update(key).digest('hex').slice(0, 24)}.json`);
  return {
    get: (key) => read(pathOf(key), key),
    set: (key, values) => {
      const path = pathOf(key);
      const beside = `${path}.${process.pid}.tmp`;
      try {
        mkdirSync(folder, { recursive: true });
        writeFileSync(beside, JSON.stringify({ key, values }));
        renameSync(beside, path);
      } catch {
        // The floor is drawn again next time.
      }
    },
  };
};
