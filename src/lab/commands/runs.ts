import { basename, join, relative, resolve } from 'node:path';
import { didYouMean, InputError } from '../../engine/errors/index.js';
import { duration, integer, interval, withInterval } from '../../latent/numbers/index.js';
import { defaultCacheDir } from '../data/index.js';
import { processesHere } from '../runs/lock/writers.js';
import { type ListEffects, listRuns } from '../runs/reading/listRuns.js';
import { readRecord } from '../runs/reading/record.js';
import { type ListedRun, presentState } from '../runs/reading/summary.js';
import { collect, remove } from '../runs/removeRuns.js';
import type { Effects, Given } from './effects.js';
import { EXIT } from './exitCodes.js';
import { exportRuns } from './exportRuns.js';
import { dataFolders, isSet, text } from './options.js';
import { columns } from './table.js';

const ACTIONS = ['ls', 'show', 'rm', 'gc', 'export'] as const;

export const listEffects = ({ files, now, env }: Effects): ListEffects => ({
  files,
  now,
  processes: processesHere(),
  cacheDir: dataFolders(env).cacheDir ?? defaultCacheDir(env),
});

const row = (run: ListedRun, from: string): string[] => {
  const { config, final } = run;
  const value = (name: 'elbo' | 'rate'): string => (final ? withInterval(interval([final[name]])) : '');
  return [
    relative(from, run.folder) || '.',
    run.state,
    config.regime,
    config.kl,
    String(config.seed),
    String(config.latents),
    basename(config.data),
    value('elbo'),
    value('rate'),
    integer(run.steps),
    duration(run.seconds),
  ];
};

const HEADER = ['run', 'state', 'regime', 'kl', 'seed', 'latents', 'data', 'ELBO', 'rate', 'steps', 'time'];

const ls = async (given: Given, effects: Effects, [root = 'runs']: readonly string[]): Promise<number> => {
  const { stdout, stderr, cwd } = effects;
  const { runs, problems } = await listRuns(resolve(cwd, root), listEffects(effects));
  const state = text(given, 'state');
  const shown = runs.filter((run) => state === undefined || run.state === state);
  if (isSet(given, 'json')) stdout.write(`${JSON.stringify(shown, null, 2)}\n`);
  else if (shown.length > 0) stdout.write(columns([HEADER, ...shown.map((run) => row(run, cwd))]));
  else stderr.write(`${root}: no runs${state === undefined ? '' : ` that are ${state}`}\n`);
  for (const problem of problems) stderr.write(`zdist: ${problem}\n`);
  return EXIT.done;
};

/** One run in words: what `run.json` says, without the lists that figures are made of. */
const show = async (given: Given, effects: Effects, folders: readonly string[]): Promise<number> => {
  const { stdout, files, cwd } = effects;
  for (const path of folders) {
    const folder = resolve(cwd, path);
    const record = await readRecord(files, folder);
    const state = await presentState(folder, record.state, listEffects(effects));
    if (isSet(given, 'json')) {
      stdout.write(`${JSON.stringify({ ...record, state, folder }, null, 2)}\n`);
      continue;
    }
    const { name, started, steps, seconds, error, config, final } = record;
    const lines = { name, state, ...(error && { error }), started, steps, time: duration(seconds), ...config };
    const cells = Object.entries(lines).map(([key, value]) => [
      key,
      typeof value === 'object' ? JSON.stringify(value) : String(value),
    ]);
    const values = Object.entries(final ?? {}).map(([key, value]) => [
      key,
      `${withInterval(interval([value]))} nats per image (n ${value.n}, seed ${value.seed ?? config.seed})`,
    ]);
    const width = Math.max(...[...cells, ...values].map(([key]) => key!.length));
    for (const [key, value] of [...cells, ...values]) stdout.write(`${key!.padEnd(width)}  ${value}\n`);
  }
  return EXIT.done;
};

const size = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`;

const rm = async (given: Given, effects: Effects, folders: readonly string[]): Promise<number> => {
  const dry = isSet(given, 'dryRun');
  for (const folder of folders) {
    const freed = await remove(resolve(effects.cwd, folder), listEffects(effects), dry);
    effects.stdout.write(`${folder}: ${dry ? 'would remove' : 'removed'} ${size(freed)}\n`);
  }
  return EXIT.done;
};

const gc = async (given: Given, effects: Effects, [root = 'runs']: readonly string[]): Promise<number> => {
  const { stdout, stderr, cwd } = effects;
  const dry = isSet(given, 'dryRun');
  const listing = listEffects(effects);
  const { runs, problems } = await listRuns(resolve(cwd, root), listing);
  let all = 0;
  for (const run of runs) {
    const freed = await collect(run, listing, dry);
    if (freed > 0) stdout.write(`${join(relative(cwd, run.folder))}: ${size(freed)}\n`);
    all += freed;
  }
  stdout.write(`${dry ? 'would free' : 'freed'} ${size(all)} in ${integer(runs.length)} runs\n`);
  for (const problem of problems) stderr.write(`zdist: ${problem}\n`);
  return EXIT.done;
};

export const run = async (given: Given, effects: Effects): Promise<number> => {
  const [action, ...rest] = given.args;
  const folders = rest.filter((folder) => folder !== undefined);
  if (action === 'ls' || action === 'gc') {
    if (folders.length > 1) throw new InputError(`runs ${action}: expected one folder of runs, got ${folders.length}`);
    return (action === 'ls' ? ls : gc)(given, effects, folders);
  }
  if (action === 'show' || action === 'rm' || action === 'export') {
    if (folders.length === 0) throw new InputError(`runs ${action}: expected the folder of a run, got none`);
    if (action === 'export') return exportRuns(given, effects, folders, listEffects(effects));
    return (action === 'show' ? show : rm)(given, effects, folders);
  }
  throw new InputError(`runs: expected ${ACTIONS.join(', ')}, got "${action}"${didYouMean(String(action), ACTIONS)}`);
};
