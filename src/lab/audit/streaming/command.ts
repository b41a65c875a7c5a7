/** What `zdist audit` does with codes that are streamed, sharded and merged. */
import { join, resolve } from 'node:path';
import { InputError } from '../../../engine/errors/index.js';
import { type StreamedInput, type StreamSummary, wrongValues } from '../../../latent/audit/streaming/index.js';
import { type CodeRequest, type CodeRows, type CodeSource, openCodes } from '../../codes/index.js';
import { type FileSystem, systemCode } from '../../runs/fileSystem.js';
import { writeFile } from '../../runs/writeFile.js';
import { fingerprintOf } from './codeBlocks.js';
import { summarizeCodes } from './pass.js';
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
  /** Ends the reading when it aborts. */
  readonly signal?: AbortSignal;
}

/**
 * Whether codes are more than should be read into memory, by their headers. What cannot be opened is not large: who
 * reads it says why.
 */
export const isLarge = async (cwd: string, request: CodeRequest): Promise<boolean> => {
  const codes = await openCodes(cwd, request).catch(ofInput);
  if (codes === undefined) return false;
  const { train, test } = codes;
  await codes.close();
  const valuesOf = (rows: CodeRows): number => rows.n * rows.latents * ('mu' in rows ? 2 : 1);
  return valuesOf(train) + (test ? valuesOf(test) : 0) > STREAMED_VALUES;
};

const ofInput = (error: unknown): undefined => {
  if (!(error instanceof InputError)) throw error;
};

interface StreamedPart {
  readonly fingerprint: string;
  readonly n: number;
  readonly summary: StreamSummary;
}

interface Streamed extends Pick<CodeSource, 'names' | 'sources'> {
  readonly train: StreamedPart;
  readonly test?: StreamedPart;
}

const WHOLE: Shard = { index: 1, of: 1 };

/** Throws: InputError as openCodes does, and for labels, which are not streamed. */
const streamShard = async (
  request: CodeRequest,
  { index, of }: Shard,
  { cwd, seed, threads, onProgress, signal }: StreamOptions,
): Promise<Streamed> => {
  if (request.options.labels !== undefined) {
    throw new InputError(
      '--labels: expected codes that are read into memory, got codes that are streamed; ' +
        'leave it out, or audit one class by --sql "select ... where label = 3"',
    );
  }
  const codes = await openCodes(cwd, request);
  const { names, sources } = codes;
  const stream = async (rows: CodeRows, part: 'train' | 'test'): Promise<StreamedPart> => {
    const { n, latents } = rows;
    const summary = await summarizeCodes({
      cwd,
      request,
      settings: { seed, latents, posteriors: 'mu' in rows, part },
      range: rangeOf(n, index - 1, of),
      threads: part === 'train' ? threads : 1,
      ...(part === 'train' && { onProgress }),
      ...(signal && { signal }),
    });
    return { fingerprint: await fingerprintOf(rows), n, summary };
  };
  try {
    const test = codes.test && (await stream(codes.test, 'test'));
    return { train: await stream(codes.train, 'train'), ...(test && { test }), names, sources };
  } finally {
    await codes.close();
  }
};

/** What tells codes from others: of the training and of the held-out ones. */
export interface CodesIdentity {
  readonly train: string;
  readonly test?: string;
}

/** Throws: InputError as openCodes does. */
export const identifyCodes = async (cwd: string, request: CodeRequest): Promise<CodesIdentity> => {
  const codes = await openCodes(cwd, request);
  try {
    const test = codes.test && (await fingerprintOf(codes.test));
    return { train: await fingerprintOf(codes.train), ...(test !== undefined && { test }) };
  } finally {
    await codes.close();
  }
};

/** The codes of a request, read in one pass. */
export const streamCodes = async (request: CodeRequest, options: StreamOptions): Promise<StreamedInput> => {
  const { train, test, names, sources } = await streamShard(request, WHOLE, options);
  const inputs = { train: train.fingerprint, ...(test && { test: test.fingerprint }) };
  return { train: train.summary, ...(test && { test: test.summary }), names, sources, inputs };
};

/**
 * Reads one shard of the codes of a request and writes its summary into a folder. Returns the path of the file.
 *
 * Throws: InputError where there is such a file already, and for values that are wrong, with row and column.
 */
export const writeShard = async (
  files: FileSystem,
  folder: string,
  request: CodeRequest,
  shard: Shard,
  options: StreamOptions,
): Promise<string> => {
  const name = shardName(shard);
  const there: readonly string[] = await files.readdir(folder).catch(() => []);
  if (there.includes(name)) throw new InputError(`--out: expected a folder without ${name}, got ${folder}`);
  const { train, test, names, sources } = await streamShard(request, shard, options);
  const problems = [train, ...(test ? [test] : [])].flatMap(({ summary }) => wrongValues(summary, names));
  if (problems.length > 0) throw new InputError(problems.join('\n'));
  const saved = (part: StreamedPart, source: string): ShardSummary['train'] => ({
    ...part,
    source,
    names: { ...names },
    summary: savedSummary(part.summary),
  });
  const content = encodeSummary({
    shard,
    train: saved(train, sources.train),
    ...(test && { test: saved(test, sources.test ?? 'held-out codes') }),
  });
  const path = join(folder, name);
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
