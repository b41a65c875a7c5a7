import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { didYouMean, InputError } from '../../engine/errors/index.js';
import { nodeRuntime } from '../../engine/runtime/node.js';
import {
  auditJson,
  auditProgress,
  auditSettings,
  diskFloors,
  momentsAlone,
  momentsTable,
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
import { dataFolders, isSet, text } from './options.js';

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

export const run = async (given: Given, effects: Effects): Promise<number> => {
  const { stdout, stderr, env, files, now, cores, cwd } = effects;
  const flags = { alpha: text(given, 'alpha'), seed: text(given, 'seed'), threads: text(given, 'threads') };
  const { threads, failOn, ...settings } = auditSettings({ ...flags, failOn: text(given, 'failOn') }, env, cores);
  const progress = auditProgress({ stderr, env, quiet: isSet(given, 'quiet'), now });
  const place = { files, cwd, seed: settings.seed, threads };
  try {
    const stream = { ...place, onProgress: (share: number): void => progress.before('reading codes', share) };
    if (text(given, 'only') !== undefined) return await only(given, effects, stream);
    if (text(given, 'shard') !== undefined) return await shard(given, effects, stream);
    const folder = resolve(cwd, text(given, 'out') ?? 'audit');
    await mustBeFree(files, folder);
    const runtime = nodeRuntime({ threads });
    const source = await openAuditSource(
      { args: given.args.flat(), texts: textsOf(given), stream: isSet(given, 'stream') },
      { ...place, runtime, ...dataFolders(env), log: progress.note, onProgress: progress.before },
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
