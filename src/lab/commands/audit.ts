import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { didYouMean, InputError } from '../../engine/errors/index.js';
import { nodeRuntime } from '../../engine/runtime/node.js';
import {
  type AuditProgress,
  type AuditSource,
  auditJson,
  auditProgress,
  auditSettings,
  diskFloors,
  MOST_SHARDS,
  momentsAlone,
  momentsTable,
  openAuditSource,
  parseShard,
  type StreamOptions,
  streamed,
  terminalSummary,
  writeAudit,
  writeShard,
} from '../audit/index.js';
import { CODE_TEXTS, type CodeRequest, namesCodes, requestOf } from '../codes/index.js';
import { defaultCacheDir } from '../data/index.js';
import { MODEL_OPTIONS, type ModelTexts } from '../models/index.js';
import { renderAudit } from '../report/audit/index.js';
import { describeVersions } from '../studies/machine.js';
import { mustBeFree } from '../studies/outFolder.js';
import type { Effects, Given } from './effects.js';
import { EXIT, exitOfSignal } from './exitCodes.js';
import { dataFolders, isSet, modelLimit, text } from './options.js';
import { countOf, queueAddress } from './sweepSetup.js';

const camelCase = (option: string): string => option.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());

const textsOf = (given: Given): ModelTexts =>
  Object.fromEntries(
    [...CODE_TEXTS, ...MODEL_OPTIONS, 'decoder', 'seed'].map((name) => [name, text(given, camelCase(name))]),
  );

/** The codes that are to be read in parts. Throws: InputError for what is no codes. */
const codesOf = (given: Given, { env }: Effects, option: string): CodeRequest => {
  const [source] = given.args;
  if (source !== undefined && !namesCodes(source)) throw new InputError(`${option}: expected arrays, got ${source}`);
  return requestOf(textsOf(given), source, env.ZDIST_DATA_DIR);
};

/** `--shard i/n`: one summary and no audit. */
const shard = async (given: Given, effects: Effects, stream: StreamOptions): Promise<number> => {
  const { stdout, files, cwd } = effects;
  const folder = resolve(cwd, text(given, 'out') ?? 'shards');
  const path = await writeShard(
    files,
    folder,
    codesOf(given, effects, '--shard'),
    parseShard(text(given, 'shard')!),
    stream,
  );
  stdout.write(isSet(given, 'json') ? `${JSON.stringify({ summary: path })}\n` : `summary  ${path}\n`);
  return EXIT.done;
};

/** `--only moments`: what one read of the files gives, on stdout alone. */
const only = async (given: Given, { stdout, env }: Effects, stream: StreamOptions): Promise<number> => {
  const what = text(given, 'only')!;
  if (what !== 'moments')
    throw new InputError(`--only: expected moments, got "${what}"${didYouMean(what, ['moments'])}`);
  const beside = ['shard', 'failOn', 'out', 'labels', 'encoder', 'decoder', 'data'].find((name) => text(given, name));
  if (beside !== undefined) {
    throw new InputError(`--only moments: expected codes alone, got --${beside === 'failOn' ? 'fail-on' : beside}`);
  }
  const [source, ...others] = given.args.flat();
  if (others.length > 0 || (source !== undefined && !namesCodes(source))) {
    throw new InputError(`--only moments: expected files of codes, got ${[source, ...others].join(' ')}`);
  }
  const found = await momentsAlone(requestOf(textsOf(given), source, env.ZDIST_DATA_DIR), stream);
  stdout.write(isSet(given, 'json') ? `${JSON.stringify(found, null, 2)}\n` : momentsTable(found));
  return EXIT.done;
};

/** `--shards n` with a queue: workers read the parts. Undefined when it was interrupted. */
const sharded = async (
  given: Given,
  effects: Effects,
  {
    seed,
    progress,
    interrupt,
  }: { readonly seed: number; readonly progress: AuditProgress; readonly interrupt: AbortSignal },
): Promise<AuditSource | undefined> => {
  const address = await queueAddress(given, effects);
  if (!address) {
    throw new InputError(
      '--shards: expected --queue or ZDIST_QUEUE beside it; without one, --shard i/n reads one part',
    );
  }
  const { auditOnQueue } = await import('./auditQueue.js');
  const asked = {
    address,
    request: codesOf(given, effects, '--shards'),
    shards: countOf(given, 'shards', 1, MOST_SHARDS)!,
    seed,
    interrupt,
    note: progress.note,
    onProgress: (share: number) => progress.before('reading codes', share),
  };
  const input = await auditOnQueue(asked, given, effects);
  return input && streamed(input);
};

/** Throws: InputError for options of one way to read codes beside those of another. */
const checkWays = (given: Given): void => {
  const [queue, store, shards, one] = ['queue', 'store', 'shards', 'shard'].map((name) => text(given, name));
  if (shards === undefined && (queue ?? store) !== undefined) {
    throw new InputError(`--${queue === undefined ? 'store' : 'queue'}: expected --shards beside it, got none`);
  }
  if (shards !== undefined && (one !== undefined || isSet(given, 'stream'))) {
    throw new InputError(`--shards: expected it alone, got --${one === undefined ? 'stream' : 'shard'} beside it`);
  }
};

export const run = async (given: Given, effects: Effects): Promise<number> => {
  const { stdout, stderr, env, files, now, cores, cwd } = effects;
  const flags = { alpha: text(given, 'alpha'), seed: text(given, 'seed'), threads: text(given, 'threads') };
  const { threads, failOn, ...settings } = auditSettings({ ...flags, failOn: text(given, 'failOn') }, env, cores);
  const progress = auditProgress({ stderr, env, quiet: isSet(given, 'quiet'), now });
  checkWays(given);
  const place = { files, cwd, seed: settings.seed, threads };
  try {
    const stream = { ...place, onProgress: (share: number): void => progress.before('reading codes', share) };
    if (text(given, 'only') !== undefined) return await only(given, effects, stream);
    if (text(given, 'shard') !== undefined) return await shard(given, effects, stream);
    const folder = resolve(cwd, text(given, 'out') ?? 'audit');
    await mustBeFree(files, folder);
    const runtime = nodeRuntime({ threads });
    const open = (): Promise<AuditSource> =>
      openAuditSource(
        { args: given.args.flat(), texts: textsOf(given), stream: isSet(given, 'stream') },
        { ...place, runtime, ...dataFolders(env), ...modelLimit(env), log: progress.note, onProgress: progress.before },
      );
    const interrupt = text(given, 'shards') === undefined ? undefined : effects.interrupt();
    const source = await (interrupt ? sharded(given, effects, { seed: settings.seed, progress, interrupt }) : open());
    if (!source) return exitOfSignal(interrupt!.reason);
    const result = await source.audit({
      ...settings,
      runtime,
      floors: diskFloors(dataFolders(env).cacheDir ?? defaultCacheDir(env)),
      onProgress: progress.onProgress,
      now,
      versions: describeVersions(),
    });
    const images = await source.imagesOf(result).finally(() => source.release());
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
