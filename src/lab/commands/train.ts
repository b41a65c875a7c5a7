import { join, resolve } from 'node:path';
import { InputError } from '../../engine/errors/index.js';
import {
  environmentLayer,
  fileLayer,
  flagsLayer,
  type Layer,
  type RunConfig,
  resolveConfig,
  runDefaults,
  runSchema,
  setLayers,
} from '../config/index.js';
import { createView } from '../progress/index.js';
import { systemCode } from '../runs/fileSystem.js';
import { savedResult } from '../runs/reading/savedResult.js';
import { mustBeFree } from '../studies/outFolder.js';
import { folderName } from '../studies/plan.js';
import { superviseInterruptible } from '../studies/runStudy.js';
import type { RunResult } from '../studies/study.js';
import type { Effects, Given, Laboratory } from './effects.js';
import { EXIT, exitOfState } from './exitCodes.js';
import { checkpointSecondsOf, dataFolders, isSet, text } from './options.js';
import { readSaved, resumeOf, type SavedRun } from './resume.js';
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

const layersOf = async (given: Given, effects: Effects): Promise<Layer[]> => {
  const path = text(given, 'config');
  const { set } = given.options;
  const keys = ['preset', 'data', 'epochs', 'seed', 'draws', 'limit', 'threads', 'regime', 'kl'];
  return [
    ...(path === undefined ? [] : [fileLayer(path, await readConfig(effects, path))]),
    ...setLayers(Array.isArray(set) ? set.map(String) : []),
    flagsLayer(Object.fromEntries(keys.map((key) => [key, text(given, key)]))),
  ];
};

const configure = async (given: Given, effects: Effects, { presets }: Laboratory): Promise<RunConfig> => {
  const environment = environmentLayer(effects.env, Object.keys(runSchema.shape));
  const layers = await layersOf(given, effects);
  const under = text(given, 'config') === undefined ? 0 : 1;
  const resolved = resolveConfig(runSchema, presets, runDefaults, layers.toSpliced(under, 0, environment));
  return {
    ...resolved,
    threads: resolved.threads === 'auto' ? Math.min(MOST_THREADS, effects.cores) : resolved.threads,
  };
};

/** What is to be trained, where, and whether that is to go on. */
interface Plan {
  readonly name: string;
  readonly folder: string;
  readonly config: RunConfig;
  readonly saved: SavedRun | undefined;
  /** Whether a run may have been begun here and killed before it had a configuration. */
  readonly begun?: true;
}

/** What a run leaves that was killed before it wrote its configuration. */
const UNBEGUN = ['lock', 'config.yaml.part'] as const;

const plan = async (given: Given, effects: Effects, laboratory: Laboratory): Promise<Plan> => {
  const [argument] = given.args;
  const out = text(given, 'out');
  if (argument !== undefined && out !== undefined) {
    throw new InputError(`train: expected a run to go on with or --out, got ${argument} and --out ${out}`);
  }
  const resume = resumeOf(text(given, 'resume'), argument === undefined ? 'never' : 'must');
  const place = argument ?? out;
  if (resume === 'must' && place === undefined)
    throw new InputError('--resume must: expected the folder of a run, got none');
  if (place !== undefined && resume !== 'never') {
    const folder = resolve(effects.cwd, place);
    const saved = await readSaved(effects.files, folder, laboratory.presets, await layersOf(given, effects));
    if (saved) return { name: saved.record?.name ?? nameOf(saved.config), folder, config: saved.config, saved };
    if (resume === 'must') throw new InputError(`${place}: expected the folder of a run, got one without config.yaml`);
  }
  const config = await configure(given, effects, laboratory);
  const name = nameOf(config);
  const folder = resolve(effects.cwd, place ?? `runs/${folderName(effects.now(), name, config.data, config)}`);
  return { name, folder, config, saved: undefined, ...(resume === 'allow' && { begun: true }) };
};

const nameOf = ({ preset, regime, kl }: RunConfig): string => `${preset}-${regime}-${kl}`;

export const run = async (given: Given, effects: Effects): Promise<number> => {
  const { stdout, stderr, files, now } = effects;
  const laboratory = await effects.laboratory();
  const checkpointSeconds = checkpointSecondsOf(given);
  const { name, folder, config, saved, begun } = await plan(given, effects, laboratory);
  if (isSet(given, 'dryRun')) {
    stdout.write(`${JSON.stringify(config, null, 2)}\n${folder}\n`);
    return 0;
  }
  const tell = (result: RunResult): void => {
    if (isSet(given, 'json')) stdout.write(`${JSON.stringify(result, null, 2)}\n`);
    else stdout.write(`${runTable([result], config.binarisation)}\nrun  ${join(folder, 'run.json')}\n`);
  };
  if (saved?.record?.state === 'done') {
    if (!isSet(given, 'quiet')) stderr.write(`${folder}: the run is done: nothing is left to train\n`);
    tell(await savedResult(files, folder, saved.record));
    return EXIT.done;
  }

  if (!saved) await mustBeFree(files, folder, begun ? UNBEGUN : []);
  const runs = [{ name, weight: 1 }];
  const view = createView({ stderr, env: effects.env, quiet: isSet(given, 'quiet'), now, runs, workers: 1 });
  const folders = dataFolders(effects.env);
  await laboratory.identifyData({ ...config, ...folders, log: view.note });
  const interrupt = effects.interrupt();
  const { spawn } = laboratory;
  const { result, stack, hopeless } = await superviseInterruptible(
    {
      ...{ name, folder, config, ...folders },
      ...(saved && { resume: true }),
      ...(checkpointSeconds !== undefined && { checkpointSeconds }),
    },
    { files, now, spawn, view, interrupt },
  ).finally(() => view.close());

  if (result.state === 'failed') stderr.write(`zdist: ${result.error}\n`);
  if (isSet(given, 'debug') && stack) stderr.write(`${stack}\n`);
  tell(result);
  return exitOfState(result.state, interrupt, hopeless);
};
