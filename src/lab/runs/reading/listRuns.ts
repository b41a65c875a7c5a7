import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { InputError } from '../../../engine/errors/index.js';
import { runPool } from '../../studies/pool.js';
import { type FileSystem, namesIn, readIfThere, systemCode } from '../fileSystem.js';
import type { LockReading } from '../lock/lock.js';
import { writeFile } from '../writeFile.js';
import { type ListedRun, presentState, type RunSummary, summarize } from './summary.js';

/** So many files are looked at side by side. */
const AT_ONCE = 32;
const INDEX_VERSION = 1;

interface Indexed {
  /** Of `run.json`: another time or size means that it is to be read again. */
  readonly changed: number;
  readonly size: number;
  readonly summary: RunSummary;
}

/** What earlier lists have read, by folder. It can be deleted at any time: it is made again from the runs. */
interface Index {
  readonly version: number;
  readonly runs: Readonly<Record<string, Indexed>>;
}

export interface ListEffects extends LockReading {
  readonly files: FileSystem;
  /** Holds the index, which is never among the runs. */
  readonly cacheDir: string;
}

export interface RunList {
  readonly runs: readonly ListedRun[];
  /** Folders whose `run.json` cannot be read, with the reason. */
  readonly problems: readonly string[];
}

const statOf = async (files: FileSystem, path: string): Promise<{ size: number; mtimeMs: number } | undefined> => {
  try {
    return await files.stat(path);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(systemCode(error) ?? '')) return undefined;
    throw error;
  }
};

interface Found {
  readonly folder: string;
  readonly size: number;
  readonly changed: number;
}

const runAt = async (files: FileSystem, folder: string): Promise<Found | undefined> => {
  const stat = await statOf(files, join(folder, 'run.json'));
  return stat && { folder, size: stat.size, changed: stat.mtimeMs };
};

/** The runs in a folder, and those in the studies in it: a study keeps its own in `runs`. */
const findRuns = async (files: FileSystem, root: string): Promise<Found[]> => {
  const runsIn = async (folder: string): Promise<Found[]> => {
    const names = await namesIn(files, folder);
    const found = await runPool(names, AT_ONCE, (name) => runAt(files, join(folder, name)), always);
    return found.flatMap((run) => run ?? []);
  };
  const itself = await runAt(files, root);
  if (itself) return [itself];
  const inside = async (name: string): Promise<Found[]> => {
    const path = join(root, name);
    if (name === 'runs') return runsIn(path);
    const run = await runAt(files, path);
    return run ? [run] : runsIn(join(path, 'runs'));
  };
  return (await runPool(await namesIn(files, root), AT_ONCE, inside, always)).flat();
};

const always = (): boolean => true;

const indexFile = (cacheDir: string, root: string): string =>
  join(cacheDir, 'runs', `${createHash('sha256').update(root).digest('hex').slice(0, 16)}.json`);

/** An index that is gone, damaged or of another version is an empty one. */
const readIndex = async (files: FileSystem, path: string): Promise<Index['runs']> => {
  try {
    const content = await readIfThere(files, path);
    if (content === undefined) return {};
    const index = JSON.parse(Buffer.from(content).toString('utf8')) as Index;
    return index.version === INDEX_VERSION ? index.runs : {};
  } catch {
    return {};
  }
};

/**
 * All runs in a folder, by name. Reads only what has changed since the last list; writes nothing but the index in the
 * cache folder, and does without it where that cannot be written.
 *
 * Throws: InputError when there is no such folder.
 */
export const listRuns = async (root: string, effects: ListEffects): Promise<RunList> => {
  const { files, cacheDir } = effects;
  if ((await statOf(files, root)) === undefined) throw new InputError(`${root}: expected a folder of runs, got none`);
  const path = indexFile(cacheDir, root);
  const before = await readIndex(files, path);
  const found = await findRuns(files, root);
  const after: Record<string, Indexed> = {};
  const problems: string[] = [];
  const list = async ({ folder, size, changed }: Found): Promise<ListedRun[]> => {
    const known = before[folder];
    try {
      const same = known?.size === size && known.changed === changed;
      const summary = same ? known.summary : await summarize(files, folder);
      after[folder] = same ? known : { size, changed, summary };
      return [{ ...summary, folder, state: await presentState(folder, summary.state, effects) }];
    } catch (error) {
      problems.push(error instanceof Error ? error.message : String(error));
      return [];
    }
  };
  const runs = (await runPool(found, AT_ONCE, list, always)).flat();
  const unchanged =
    found.length === Object.keys(before).length && found.every(({ folder }) => before[folder] === after[folder]);
  if (!unchanged) {
    const index: Index = { version: INDEX_VERSION, runs: after };
    await writeFile(files, path, JSON.stringify(index)).catch(() => undefined);
  }
  return { runs, problems: problems.sort() };
};
