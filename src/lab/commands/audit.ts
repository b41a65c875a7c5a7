import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { InputError } from '../../engine/errors/index.js';
import { nodeRuntime } from '../../engine/runtime/node.js';
import type { Runtime } from '../../engine/runtime/runtime.js';
import { type AuditInput, type AuditResult, audit } from '../../latent/audit/index.js';
import {
  ARRAY_OPTIONS,
  type ArrayPaths,
  auditJson,
  auditProgress,
  auditSettings,
  diskFloors,
  encodeRun,
  holeImages,
  readArrays,
  readRun,
  terminalSummary,
  writeAudit,
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
  readonly input: AuditInput;
  readonly imagesOf: (result: AuditResult) => Promise<AuditImages | undefined>;
}

const camelCase = (option: string): string => option.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());

const sourceOf = async (
  given: Given,
  { files, cwd, env }: Effects,
  runtime: Runtime,
  tell: Pick<ReturnType<typeof auditProgress>, 'note' | 'before'>,
): Promise<Source> => {
  const paths: ArrayPaths = Object.fromEntries(ARRAY_OPTIONS.map((name) => [name, text(given, camelCase(name))]));
  const [run] = given.args;
  if (run === undefined) {
    return { input: await readArrays(cwd, paths), imagesOf: () => Promise.resolve(undefined) };
  }
  const arrays = ARRAY_OPTIONS.filter((name) => paths[name] !== undefined);
  if (arrays.length > 0) {
    const options = arrays.map((name) => `--${name}`).join(', ');
    throw new InputError(`audit: expected a run or arrays, got the run ${run} and ${options}`);
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
  if (decoder === undefined || test === undefined || !('mu' in test)) {
    return { input, imagesOf: () => Promise.resolve(undefined) };
  }
  const { width, height } = data.test;
  const source = { decoder, runtime, test, width, height, seed: config.seed };
  return { input, imagesOf: (result) => holeImages(result, source) };
};

export const run = async (given: Given, effects: Effects): Promise<number> => {
  const { stdout, stderr, env, files, now, cores } = effects;
  const flags = { alpha: text(given, 'alpha'), seed: text(given, 'seed'), threads: text(given, 'threads') };
  const { threads, failOn, ...settings } = auditSettings({ ...flags, failOn: text(given, 'failOn') }, env, cores);
  const folder = resolve(effects.cwd, text(given, 'out') ?? 'audit');
  await mustBeFree(files, folder);

  const runtime = nodeRuntime({ threads });
  const progress = auditProgress({ stderr, env, quiet: isSet(given, 'quiet'), now });
  try {
    const { input, imagesOf } = await sourceOf(given, effects, runtime, progress);
    const result = await audit(input, {
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
