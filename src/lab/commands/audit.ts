import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { InputError } from '../../engine/errors/index.js';
import { nodeRuntime } from '../../engine/runtime/node.js';
import {
  auditJson,
  auditProgress,
  auditSettings,
  diskFloors,
  openAuditSource,
  parseShard,
  type StreamOptions,
  terminalSummary,
  writeAudit,
  writeShard,
} from '../audit/index.js';
import { CODE_TEXTS, namesCodes, requestOf } from '../codes/index.js';
import { defaultCacheDir } from '../data/index.js';
import { MODEL_OPTIONS, type ModelTexts } from '../models/index.js';
import { renderAudit } from '../report/audit/index.js';
import { describeVersions } from '../studies/machine.js';
import { mustBeFree } from '../studies/outFolder.js';
import type { Effects, Given } from './effects.js';
import { EXIT } from './exitCodes.js';
import { dataFolders, isSet, modelLimit, text } from './options.js';

const camelCase = (option: string): string => option.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());

const textsOf = (given: Given): ModelTexts =>
  Object.fromEntries(
    [...CODE_TEXTS, ...MODEL_OPTIONS, 'decoder', 'seed'].map((name) => [name, text(given, camelCase(name))]),
  );

/** `--shard i/n`: one summary and no audit. */
const shard = async (given: Given, { stdout, files, cwd, env }: Effects, stream: StreamOptions): Promise<number> => {
  const [source] = given.args;
  if (source !== undefined && !namesCodes(source)) throw new InputError(`--shard: expected arrays, got ${source}`);
  const folder = resolve(cwd, text(given, 'out') ?? 'shards');
  const request = requestOf(textsOf(given), source, env.ZDIST_DATA_DIR);
  const path = await writeShard(files, folder, request, parseShard(text(given, 'shard')!), stream);
  stdout.write(isSet(given, 'json') ? `${JSON.stringify({ summary: path })}\n` : `summary  ${path}\n`);
  return EXIT.done;
};

export const run = async (given: Given, effects: Effects): Promise<number> => {
  const { stdout, stderr, env, files, now, cores, cwd } = effects;
  const flags = { alpha: text(given, 'alpha'), seed: text(given, 'seed'), threads: text(given, 'threads') };
  const { threads, failOn, ...settings } = auditSettings({ ...flags, failOn: text(given, 'failOn') }, env, cores);
  const progress = auditProgress({ stderr, env, quiet: isSet(given, 'quiet'), now });
  const place = { files, cwd, seed: settings.seed, threads };
  try {
    if (text(given, 'shard') !== undefined) {
      const onProgress = (share: number): void => progress.before('reading codes', share);
      return await shard(given, effects, { ...place, onProgress });
    }
    const folder = resolve(cwd, text(given, 'out') ?? 'audit');
    await mustBeFree(files, folder);
    const runtime = nodeRuntime({ threads });
    const source = await openAuditSource(
      { args: given.args.flat(), texts: textsOf(given), stream: isSet(given, 'stream') },
      { ...place, runtime, ...dataFolders(env), ...modelLimit(env), log: progress.note, onProgress: progress.before },
    );
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
