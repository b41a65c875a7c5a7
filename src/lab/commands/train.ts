import { join, resolve } from 'node:path';
import { InputError } from '../../engine/errors/index.js';
import {
  environmentLayer,
  fileLayer,
  flagsLayer,
  type RunConfig,
  resolveConfig,
  runDefaults,
  runSchema,
  setLayers,
} from '../config/index.js';
import { createView } from '../progress/index.js';
import { systemCode } from '../runs/fileSystem.js';
import { mustBeFree } from '../studies/outFolder.js';
import { folderName } from '../studies/plan.js';
import { superviseInterruptible } from '../studies/runStudy.js';
import type { Effects, Given, Laboratory } from './effects.js';
import { exitOfState } from './exitCodes.js';
import { dataFolders, isSet, text } from './options.js';
import { runTable } from './table.js';

/** Matrices of these sizes gain little from more threads. */
const MOST_THREADS = 4;

const readConfig = async ({ files, cwd }: Effects, path: string): Promise<string> => {
  try {
    return Buffer.from(await files.readFile(resolve(cwd, path))).toString('utf8');
  } catch (error) {
    throw new InputError(`--config: expected a file that can be read, got ${path} (${systemCode(error) ?? error})`);
  }
};

const configure = async (given: Given, effects: Effects, { presets }: Laboratory): Promise<RunConfig> => {
  const path = text(given, 'config');
  const { set } = given.options;
  const flags = flagsLayer(
    Object.fromEntries(
      ['preset', 'data', 'epochs', 'seed', 'draws', 'limit', 'threads', 'regime', 'kl'].map((key) => [
        key,
        text(given, key),
      ]),
    ),
  );
  const resolved = resolveConfig(runSchema, presets, runDefaults, [
    ...(path === undefined ? [] : [fileLayer(path, await readConfig(effects, path))]),
    environmentLayer(effects.env, Object.keys(runSchema.shape)),
    ...setLayers(Array.isArray(set) ? set.map(String) : []),
    flags,
  ]);
  return {
    ...resolved,
    threads: resolved.threads === 'auto' ? Math.min(MOST_THREADS, effects.cores) : resolved.threads,
  };
};

export const run = async (given: Given, effects: Effects): Promise<number> => {
  const { stdout, stderr, files, now } = effects;
  const laboratory = await effects.laboratory();
  const config = await configure(given, effects, laboratory);
  const name = `${config.preset}-${config.regime}-${config.kl}`;
  const out = text(given, 'out') ?? `runs/${folderName(now(), name, config.data, config)}`;
  const folder = resolve(effects.cwd, out);
  if (isSet(given, 'dryRun')) {
    stdout.write(`${JSON.stringify(config, null, 2)}\n${folder}\n`);
    return 0;
  }

  await mustBeFree(files, folder);
  const runs = [{ name, weight: 1 }];
  const view = createView({ stderr, env: effects.env, quiet: isSet(given, 'quiet'), now, runs, workers: 1 });
  const folders = dataFolders(effects.env);
  await laboratory.identifyData({ ...config, ...folders, log: view.note });
  const interrupt = effects.interrupt();
  const { spawn } = laboratory;
  const { result, stack, hopeless } = await superviseInterruptible(
    { name, folder, config, ...folders },
    { files, now, spawn, view, interrupt },
  ).finally(() => view.close());

  if (result.state === 'failed') stderr.write(`zdist: ${result.error}\n`);
  if (isSet(given, 'debug') && stack) stderr.write(`${stack}\n`);
  if (isSet(given, 'json')) stdout.write(`${JSON.stringify(result, null, 2)}\n`);
  else stdout.write(`${runTable([result], config.binarisation)}\nrun  ${join(folder, 'run.json')}\n`);
  return exitOfState(result.state, interrupt, hopeless);
};
