/** What `zdist audit` does with codes that are streamed, sharded and merged. */
import { join, resolve } from 'node:path';
import { InputError } from '../../../engine/errors/index.js';
import { type StreamedInput, type StreamSummary, wrongValues } from '../../../latent/audit/streaming/index.js';
import { type FileSystem, systemCode } from '../../runs/fileSystem.js';
import { writeFile } from '../../runs/writeFile.js';
import { type ArrayPaths, arrayNames, arraySource, checkChoice } from '../arrays.js';
import { type CodesFiles, openCodes } from './codesFiles.js';
import { summarizeFiles } from './pass.js';
import { rangeOf } from './ranges.js';
import { joinShards, type Shard, shardName } from './shards.js';
import { decodeSummary, encodeSummary } from './summaryFile.js';
import { type ShardSummary, savedSummary } from './summarySchema.js';

/** Codes of more values than these are streamed without being asked: as float32 they take 128 MiB. */
const STREAMED_VALUES = 2 ** 25;

export interface StreamOptions {
  readonly cwd: string;
  readonly seed: number;
  readonly threads: number;
  /** Share of the rows that are read. */
  readonly onProgress: (share: number) => void;
}

const filesOf = (paths: ArrayPaths, cwd: string, prefix: '' | 'test-'): CodesFiles | undefined => {
  const given = (['z', 'mu', 'sigma', 'log-var'] as const).flatMap((array) => {
    const path = paths[prefix + array];
    return path === undefined ? [] : [[array, path] as const];
  });
  return given.length > 0 ? { cwd, paths: Object.fromEntries(given) } : undefined;
};

/**
 * Whether arrays are more than should be read into memory, by their headers. What cannot be opened is not large: who
 * reads it says why.
 */
export const isLarge = async (paths: ArrayPaths, cwd: string): Promise<boolean> => {
  let values = 0;
  for (const prefix of ['', 'test-'] as const) {
    const files = filesOf(paths, cwd, prefix);
    const codes = files && (await openCodes(files).catch(ofInput));
    if (codes === undefined) continue;
    values += codes.n * codes.latents * (codes.posteriors ? 2 : 1);
    await codes.close();
  }
  return values > STREAMED_VALUES;
};

const ofInput = (error: unknown): undefined => {
  if (!(error instanceof InputError)) throw error;
};

interface StreamedPart {
  readonly fingerprint: string;
  readonly n: number;
  readonly summary: StreamSummary;
}

const streamPart = async (
  files: CodesFiles,
  part: 'train' | 'test',
  { index, of }: Shard,
  { seed, threads, onProgress }: StreamOptions,
): Promise<StreamedPart> => {
  const codes = await openCodes(files);
  const { n, latents, posteriors } = codes;
  const fingerprint = await codes.fingerprint().finally(() => codes.close());
  const summary = await summarizeFiles({
    files,
    settings: { seed, latents, posteriors, part },
    range: rangeOf(n, index - 1, of),
    threads: part === 'train' ? threads : 1,
    onProgress,
  });
  return { fingerprint, n, summary };
};

interface Parts {
  readonly train: StreamedPart;
  readonly test?: StreamedPart;
}

const streamParts = async (paths: ArrayPaths, shard: Shard, options: StreamOptions): Promise<Parts> => {
  checkChoice(paths);
  if (paths.labels !== undefined) {
    throw new InputError(
      '--labels: expected codes that are read into memory, got codes that are streamed; leave it out',
    );
  }
  const testFiles = filesOf(paths, options.cwd, 'test-');
  const test = testFiles && (await streamPart(testFiles, 'test', shard, { ...options, onProgress: () => undefined }));
  const train = await streamPart(filesOf(paths, options.cwd, '')!, 'train', shard, options);
  const [expected, got] = [train, test ?? train].map(({ summary }) => summary.settings.latents);
  if (expected !== got) {
    const source = arraySource(paths, 'test-');
    throw new InputError(`${source}: expected ${expected} dimensions as ${arraySource(paths, '')} has, got ${got}`);
  }
  return { train, ...(test && { test }) };
};

/** Codes that arrays name, read in one pass. */
export const streamArrays = async (paths: ArrayPaths, options: StreamOptions): Promise<StreamedInput> => {
  const { train, test } = await streamParts(paths, { index: 1, of: 1 }, options);
  return {
    train: train.summary,
    ...(test && { test: test.summary }),
    names: arrayNames(paths),
    sources: { train: arraySource(paths, ''), ...(test && { test: arraySource(paths, 'test-') }) },
  };
};

/**
 * Reads one shard of arrays and writes its summary into a folder. Returns the path of the file.
 *
 * Throws: InputError where there is such a file already, and for values that are wrong, with row and column.
 */
export const writeShard = async (
  files: FileSystem,
  folder: string,
  paths: ArrayPaths,
  shard: Shard,
  options: StreamOptions,
): Promise<string> => {
  const path = join(folder, shardName(shard));
  const there: readonly string[] = await files.readdir(folder).catch(() => []);
  if (there.includes(shardName(shard)))
    throw new InputError(`--out: expected a folder without ${shardName(shard)}, got one`);
  const { train, test } = await streamParts(paths, shard, options);
  const names = arrayNames(paths);
  const problems = [train, ...(test ? [test] : [])].flatMap(({ summary }) => wrongValues(summary, names));
  if (problems.length > 0) throw new InputError(problems.join('\n'));
  const saved = (part: StreamedPart, prefix: '' | 'test-'): ShardSummary['train'] => ({
    ...part,
    source: arraySource(paths, prefix),
    names,
    summary: savedSummary(part.summary),
  });
  const content = encodeSummary({
    shard,
    train: saved(train, ''),
    ...(test && { test: saved(test, 'test-') }),
  });
  await writeFile(files, path, content);
  return path;
};

/**
 * The codes that the files of all shards are of.
 *
 * Throws: InputError with everything that is wrong with the files, by their names.
 */
export const readShards = async (files: FileSystem, cwd: string, names: readonly string[]): Promise<StreamedInput> => {
  const problems: string[] = [];
  const shards = [];
  for (const name of names) {
    try {
      shards.push({ name, shard: decodeSummary(await files.readFile(resolve(cwd, name)), name) });
    } catch (error) {
      const code = systemCode(error);
      if (code === undefined && !(error instanceof InputError)) throw error;
      problems.push(
        code === undefined ? (error as Error).message : `${name}: expected a file that can be read (${code})`,
      );
    }
  }
  if (problems.length > 0) throw new InputError(problems.join('\n'));
  return joinShards(shards);
};
