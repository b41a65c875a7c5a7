/**
 * One writer a run. `lock/000007.json` names the writer of the seventh generation; the highest generation has the run.
 * A generation is taken by creating its file, which one process alone can do, and files are only removed below one's own:
 * so whoever was thought dead and wakes up finds a higher generation, and knows that the run is no longer his.
 */
import { join } from 'node:path';
import { z } from 'zod';
import { type FileSystem, namesIn, readIfThere, systemCode } from '../fileSystem.js';
import { makeFolder, StorageError } from '../writeFile.js';
import { isAlive, type Processes, type Writer } from './writers.js';

/** A run that somebody else writes. */
export class RunTakenError extends Error {
  override name = 'RunTakenError';
}

export interface Lock {
  /** Throws: RunTakenError when another writer has taken the run. */
  check(): Promise<void>;
  /** A sign of life. Never throws: a disk that refuses it refuses what matters more as well. */
  beat(): Promise<void>;
  /** Leaves the run to whoever comes next. Never throws. */
  release(): Promise<void>;
}

export interface LockEffects {
  readonly files: FileSystem;
  readonly now: () => number;
  readonly processes: Processes;
}

/** A lock without a whole name in it: its writer died, or is just now writing it. */
const UNNAMED_FOR = 10_000;

const schema = z.object({
  pid: z.number(),
  host: z.string(),
  started: z.exactOptional(z.string()),
  heartbeat: z.number(),
  released: z.exactOptional(z.literal(true)),
});

const generationsIn = async (files: Pick<FileSystem, 'readdir'>, folder: string): Promise<number[]> =>
  (await namesIn(files, folder))
    .flatMap((name) => /^(\d{6,})\.json$/.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => b - a);

const fileOf = (run: string, generation: number): string =>
  join(run, 'lock', `${String(generation).padStart(6, '0')}.json`);

const parse = (content: Uint8Array): Writer | undefined => {
  try {
    return schema.parse(JSON.parse(Buffer.from(content).toString('utf8')));
  } catch {
    return undefined;
  }
};

/** What looking at a lock takes: nothing that could change it. */
export interface LockReading extends Pick<LockEffects, 'now' | 'processes'> {
  readonly files: Pick<FileSystem, 'readdir' | 'readFile' | 'stat'>;
}

/** The one who has a run, if he lives. */
export const livingWriter = async (run: string, reading: LockReading): Promise<Writer | undefined> => {
  const { files, now, processes } = reading;
  const [generation] = await generationsIn(files, join(run, 'lock'));
  if (generation === undefined) return undefined;
  const path = fileOf(run, generation);
  const content = await readIfThere(files, path);
  // Removed by the writer of a higher generation, who came after we looked.
  if (content === undefined) return livingWriter(run, reading);
  const writer = parse(content);
  if (writer) return isAlive(writer, processes, now()) ? writer : undefined;
  const heartbeat = (await files.stat(path)).mtimeMs;
  return now() - heartbeat < UNNAMED_FOR ? { pid: 0, host: 'unknown', heartbeat } : undefined;
};

const taken = (run: string, writer: Writer | undefined, now: number): RunTakenError => {
  const [host] = writer?.host.split(' ') ?? [];
  const seen = writer && Math.max(0, Math.round((now - writer.heartbeat) / 1000));
  const who = writer
    ? `process ${writer.pid} on ${host} writes (last sign of life ${seen} s ago)`
    : 'another process took';
  return new RunTakenError(`${run}: expected a run that nobody writes, got one that ${who}`);
};

/**
 * Takes a run that nobody has.
 *
 * Throws: RunTakenError when somebody has it, or was faster; StorageError.
 */
export const takeRun = async (run: string, effects: LockEffects): Promise<Lock> => {
  const { files, now, processes } = effects;
  const folder = join(run, 'lock');
  const highest = async (): Promise<number> => (await generationsIn(files, folder))[0] ?? 0;
  const content = (released: boolean): string =>
    `${JSON.stringify({ ...processes.self, heartbeat: now(), ...(released && { released: true }) } satisfies Writer)}\n`;

  const before = await highest();
  const writer = await livingWriter(run, effects);
  if (writer) throw taken(run, writer, now());
  const mine = before + 1;
  const path = fileOf(run, mine);
  await makeFolder(files, folder);
  await files.writeFile(path, content(false), { flush: true, flag: 'wx' }).catch(async (error: unknown) => {
    if (systemCode(error) === 'EEXIST') throw taken(run, undefined, now());
    await files.rm(path, { force: true }).catch(() => undefined);
    throw new StorageError(path, error);
  });
  const check = async (): Promise<void> => {
    if ((await highest()) !== mine) throw taken(run, await livingWriter(run, effects), now());
  };
  // Others may have come and gone since we looked: then theirs is the higher generation.
  await check().catch(async (error: unknown) => {
    await files.rm(path, { force: true });
    throw error;
  });
  for (const generation of await generationsIn(files, folder)) {
    if (generation < mine) await files.rm(fileOf(run, generation), { force: true });
  }

  let released = false;
  const rewrite = async (): Promise<void> => {
    const beside = `${path}.part`;
    await check();
    await files.writeFile(beside, content(released), { flush: true });
    await files.rename(beside, path);
  };
  // One after the other: a sign of life must not come after the release.
  let last = Promise.resolve();
  const inTurn = (): Promise<void> => {
    last = last.then(rewrite).catch(() => undefined);
    return last;
  };
  return {
    check,
    beat: inTurn,
    release: () => {
      released = true;
      return inTurn();
    },
  };
};
