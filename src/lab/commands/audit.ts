import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { nodeRuntime } from '../../engine/runtime/node.js';
import { audit } from '../../latent/audit/index.js';
import {
  ARRAY_OPTIONS,
  auditJson,
  auditProgress,
  auditSettings,
  diskFloors,
  openAuditSource,
  terminalSummary,
  writeAudit,
  writeShard,
} from '../audit/index.js';
import { defaultCacheDir } from '../data/index.js';
import { MODEL_OPTIONS } from '../models/index.js';
import { renderAudit } from '../report/audit/index.js';
import { describeVersions } from '../studies/machine.js';
import { mustBeFree } from '../studies/outFolder.js';
import type { Effects, Given } from './effects.js';
import { EXIT } from './exitCodes.js';
import { dataFolders, isSet, text } from './options.js';

const camelCase = (option: string): string => option.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());

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
    const texts = Object.fromEntries(
      [...ARRAY_OPTIONS, ...MODEL_OPTIONS, 'decoder'].map((name) => [name, text(given, camelCase(name))]),
    );
    const place = { files, cwd: effects.cwd, runtime, seed: settings.seed, ...dataFolders(env) };
    const tell = { log: progress.note, onProgress: progress.before };
    const source = await openAuditSource(given.args[0], texts, { ...place, ...tell });
    const audited = await audit(source.input, {
      ...settings,
      runtime,
      floors: diskFloors(dataFolders(env).cacheDir ?? defaultCacheDir(env)),
      onProgress: progress.onProgress,
      now,
      versions: describeVersions(),
    });
    const result = {
      ...audited,
      notes: [...source.notes, ...audited.notes],
      ...(source.model && { model: source.model }),
    };
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
