import { basename, dirname, join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { didYouMean, InputError } from '../../engine/errors/index.js';
import { withInterval } from '../../latent/numbers/index.js';
import { type ComparedRun, type Comparison, compareRuns, settingText } from '../compare/comparison.js';
import { pairedRatesOf } from '../compare/pairedRates.js';
import { quantities } from '../report/series.js';
import { type FileSystem, namesIn, systemCode } from '../runs/fileSystem.js';
import { listRuns } from '../runs/reading/listRuns.js';
import { readRecord } from '../runs/reading/record.js';
import { savedResult } from '../runs/reading/savedResult.js';
import { presentState } from '../runs/reading/summary.js';
import { writeFile } from '../runs/writeFile.js';
import type { RunResult } from '../studies/study.js';
import type { Effects, Given } from './effects.js';
import { EXIT } from './exitCodes.js';
import { isSet, text } from './options.js';
import { listEffects } from './runs.js';
import { columns } from './table.js';

const isThere = async (files: FileSystem, path: string): Promise<boolean> => {
  try {
    return (await files.stat(path)).size >= 0;
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(systemCode(error) ?? '')) return false;
    throw error;
  }
};

/** The folder of a run: a path, or its name below the folder of runs. Throws: InputError with the nearest name. */
const folderOf = async (path: string, root: string, effects: Effects): Promise<string> => {
  const { files, cwd } = effects;
  const folder = resolve(cwd, path);
  if (await isThere(files, folder)) return folder;
  const known = (await isThere(files, root)) ? (await listRuns(root, listEffects(effects))).runs : [];
  const named = known.filter((run) => [basename(run.folder), relative(root, run.folder)].includes(path));
  if (named.length === 1) return named[0]!.folder;
  if (named.length > 1) {
    const all = named.map((run) => relative(cwd, run.folder)).join(', ');
    throw new InputError(`${path}: expected one run of this name, got ${all}`);
  }
  const beside = (await namesIn(files, dirname(folder))).map((name) => join(dirname(path), name));
  const near = didYouMean(path, [...beside, ...known.map((run) => basename(run.folder))]);
  throw new InputError(`${path}: expected the folder or the name of a run, got none${near}`);
};

const open = async (path: string, root: string, effects: Effects): Promise<ComparedRun> => {
  const { files } = effects;
  const folder = await folderOf(path, root, effects);
  const record = await readRecord(files, folder);
  const result = await savedResult(files, folder, record);
  const state = await presentState(folder, record.state, listEffects(effects));
  // A run that is under way, or whose writer died, has what was measured last in its log alone.
  const last = result.curve.at(-1);
  return {
    path,
    folder,
    record,
    result: { ...result, state: state as RunResult['state'], ...(last && { final: last }) },
  };
};

const table = ({ settings, groups, differences }: Comparison): string => {
  const names = groups.map((group, i) => `${String.fromCharCode(97 + i)}: ${group.label}`);
  const seeds = columns([
    ['', 'seeds', ...quantities],
    ...groups.map(({ seeds: each, values }, i) => [
      names[i]!,
      each.join(', '),
      ...quantities.map((name) => (values[name] ? withInterval(values[name]) : '')),
    ]),
  ]);
  const letters = groups.map((_, i) => String.fromCharCode(97 + i));
  const differ = columns([
    ['setting', ...letters],
    ...settings.map(({ key, values }) => [key, ...values.map(settingText)]),
  ]);
  const rows = differences.map(({ quantity, of, from, method, value, half }) => {
    const [a, b] = [of, from].map((label) => letters[groups.findIndex((group) => group.label === label)]);
    return [`${a} − ${b}`, quantity, half === undefined ? String(value) : withInterval({ value, half }), method];
  });
  const told = rows.length > 0 ? `\n${columns([['difference', '', 'nats per image', 'interval'], ...rows])}` : '';
  return `${differ}\n${seeds}${told}`;
};

export const run = async (given: Given, effects: Effects): Promise<number> => {
  const { cwd, files, stdout, stderr } = effects;
  const root = resolve(cwd, text(given, 'runs') ?? 'runs');
  const runs: ComparedRun[] = [];
  for (const path of given.args) runs.push(await open(String(path), root, effects));
  const comparison = await compareRuns(runs, pairedRatesOf(files));
  for (const warning of comparison.warnings) stderr.write(`zdist: ${warning}\n`);
  stdout.write(isSet(given, 'json') ? `${JSON.stringify(comparison, null, 2)}\n` : table(comparison));
  const out = text(given, 'out');
  if (out !== undefined) {
    const { comparisonPage } = await import('../compare/page.js');
    const file = resolve(cwd, out);
    await writeFile(files, file, await comparisonPage(comparison, runs, { read: (path) => files.readFile(path) }));
    (isSet(given, 'json') ? stderr : stdout).write(`${pathToFileURL(file)}\n`);
  }
  return EXIT.done;
};
