import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { InputError } from '../../engine/errors/index.js';
import { nodeRuntime } from '../../engine/runtime/node.js';
import type { Runtime } from '../../engine/runtime/runtime.js';
import { type AuditOptions, type AuditResult, audit } from '../../latent/audit/index.js';
import { type StreamedInput, streamedAudit } from '../../latent/audit/streaming/index.js';
import {
  ARRAY_OPTIONS,
  type ArrayPaths,
  auditJson,
  auditProgress,
  auditSettings,
  diskFloors,
  encodeRun,
  holeImages,
  isLarge,
  parseShard,
  readArrays,
  readRun,
  readShards,
  type StreamOptions,
  streamCodes,
  terminalSummary,
  writeAudit,
  writeShard,
} from '../audit/index.js';
import { defaultCacheDir } from '../data/index.js';
import { type AuditImages, renderAudit } from '../report/audit/index.js';
import { describeVersions } from '../studies/machine.js';
import { mustBeFree } from '../studies/outFolder.js';
import type { Effects, Given } from './effects.js';
import { EXIT } from './exitCodes.js';
import { dataFolders, isSet, text } from './options.js';

/** Codes to audit, and a decoder to look at holes with where there is one. */
interface Source {
  readonly audit: (options: AuditOptions) => Promise<AuditResult>;
  readonly imagesOf: (result: AuditResult) => Promise<AuditImages | undefined>;
}

const withoutDecoder = (audit: Source['audit']): Source => ({ audit, imagesOf: () => Promise.resolve(undefined) });

/** The seed is that of the shards. */
const streamed = (input: StreamedInput): Source =>
  withoutDecoder((options) => streamedAudit(input, { ...options, seed: input.train.settings.seed }));

const camelCase = (option: string): string => option.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());

const mergedSource = async (given: Given, files: Effects['files'], cwd: string): Promise<Source> => {
  const [, ...names] = given.args as string[];
  const paths = pathsOf(given);
  const beside = [
    ...ARRAY_OPTIONS.filter((name) => paths[name] !== undefined),
    ...['stream', 'seed'].filter((name) => name in given.options),
  ];
  if (beside.length > 0) {
    throw new InputError(`audit merge: expected files of shards alone, got --${beside.join(', --')}`);
  }
  return streamed(await readShards(files, cwd, names));
};

const pathsOf = (given: Given): ArrayPaths =>
  Object.fromEntries(ARRAY_OPTIONS.map((name) => [name, text(given, camelCase(name))]));

interface SourcePlace {
  readonly runtime: Runtime;
  readonly stream: StreamOptions;
  readonly tell: Pick<ReturnType<typeof auditProgress>, 'note' | 'before'>;
}

const sourceOf = async (
  given: Given,
  { files, cwd, env }: Effects,
  { runtime, stream, tell }: SourcePlace,
): Promise<Source> => {
  const paths = pathsOf(given);
  const [run, ...others] = given.args;
  if (run === 'merge') return mergedSource(given, files, cwd);
  if (run === undefined) {
    const request = { options: paths };
    const large = isSet(given, 'stream') || (await isLarge(cwd, request));
    if (large) return streamed(await streamCodes(request, stream));
    const input = await readArrays(cwd, paths);
    return withoutDecoder((options) => audit(input, options));
  }
  const arrays = ARRAY_OPTIONS.filter((name) => paths[name] !== undefined).map((name) => `--${name}`);
  const beside = [...arrays, ...(isSet(given, 'stream') ? ['--stream'] : []), ...others];
  if (beside.length > 0) {
    throw new InputError(`audit: expected a run or arrays, got the run ${run} and ${beside.join(', ')}`);
  }
  const models = await readRun(files, resolve(cwd, run), run);
  const { input, data } = await encodeRun(models, {
    runtime,
    ...dataFolders(env),
    log: tell.note,
    onProgress: (share) => tell.before('encoding images', share),
  });
  const { decoder, config } = models;
  const { test } = input;
  const measure: Source['audit'] = (options) => audit(input, options);
  if (decoder === undefined || test === undefined || !('mu' in test)) return withoutDecoder(measure);
  const { width, height } = data.test;
  const source = { decoder, runtime, test, width, height, seed: config.seed };
  return { audit: measure, imagesOf: (result) => holeImages(result, source) };
};

/** `--shard i/n`: one summary and no audit. */
const shard = async (given: Given, { stdout, files, cwd }: Effects, stream: StreamOptions): Promise<number> => {
  const [source] = given.args;
  if (source !== undefined) throw new InputError(`--shard: expected arrays, got ${source}`);
  const folder = resolve(cwd, text(given, 'out') ?? 'shards');
  const path = await writeShard(files, folder, { options: pathsOf(given) }, parseShard(text(given, 'shard')!), stream);
  stdout.write(isSet(given, 'json') ? `${JSON.stringify({ summary: path })}\n` : `summary  ${path}\n`);
  return EXIT.done;
};

export const run = async (given: Given, effects: Effects): Promise<number> => {
  const { stdout, stderr, env, files, now, cores } = effects;
  const flags = { alpha: text(given, 'alpha'), seed: text(given, 'seed'), threads: text(given, 'threads') };
  const { threads, failOn, ...settings } = auditSettings({ ...flags, failOn: text(given, 'failOn') }, env, cores);
  const progress = auditProgress({ stderr, env, quiet: isSet(given, 'quiet'), now });
  const stream = {
    cwd: effects.cwd,
    seed: settings.seed,
    threads,
    onProgress: (share: number) => progress.before('reading codes', share),
  };
  try {
    if (text(given, 'shard') !== undefined) return await shard(given, effects, stream);
    const folder = resolve(effects.cwd, text(given, 'out') ?? 'audit');
    await mustBeFree(files, folder);
    const runtime = nodeRuntime({ threads });
    const { audit, imagesOf } = await sourceOf(given, effects, { runtime, stream, tell: progress });
    const result = await audit({
      ...settings,
      runtime,
      floors: diskFloors(dataFolders(env).cacheDir ?? defaultCacheDir(env)),
      onProgress: progress.onProgress,
      now,
      versions: describeVersions(),
    });
    const images = await imagesOf(result);
    progress.close();

    // The numbers go out first: the disk may refuse the files.
    const json = isSet(given, 'json');
    const colour = stdout.isTTY === true && !env.NO_COLOR && env.TERM !== 'dumb';
    stdout.write(json ? auditJson(result) : `${terminalSummary(result, { columns: stdout.columns, colour })}\n`);
    const report = await writeAudit(files, folder, result, renderAudit(result, images), images);
    if (!json) stdout.write(`report  ${pathToFileURL(report)}\naudit   ${resolve(folder, 'audit.json')}\n`);
    return failOn.includes(result.verdict) ? EXIT.verdict : EXIT.done;
  } finally {
    progress.close();
  }
};
