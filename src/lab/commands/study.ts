import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { didYouMean, InputError } from '../../engine/errors/index.js';
import {
  environmentLayer,
  flagsLayer,
  type Layer,
  REGIMES,
  resolveConfig,
  studyDefaults,
  studySchema,
} from '../config/index.js';
import { createView } from '../progress/index.js';
import { describeMachine, describeVersions } from '../studies/machine.js';
import { mustBeFree } from '../studies/outFolder.js';
import { folderName, planRuns, type StudyConfig, workersFor } from '../studies/plan.js';
import { runStudy } from '../studies/runStudy.js';
import { studyJson, writeStudy } from '../studies/writeStudy.js';
import { claimsTable } from './claimsTable.js';
import type { Effects, Given, Laboratory } from './effects.js';
import { exitOfState } from './exitCodes.js';
import { dataFolders, isSet, shellWord, text } from './options.js';
import { resumeOf } from './resume.js';
import { savedStudy, saveStudy } from './savedStudy.js';
import { runTable } from './table.js';

const flagsOf = (given: Given): Layer =>
  flagsLayer({
    ...Object.fromEntries(
      ['preset', 'data', 'epochs', 'seed', 'seeds', 'draws', 'limit', 'threads', 'workers'].map((key) => [
        key,
        text(given, key),
      ]),
    ),
    regimes: text(given, 'regimes')?.split(','),
  });

const configure = (layers: readonly Layer[], { cores }: Effects, { presets }: Laboratory): StudyConfig => {
  const resolved = resolveConfig(studySchema, presets, studyDefaults, layers);
  const { regimes, seeds, workers, seed, threads: asked, ...rest } = resolved;
  const threads = asked === 'auto' ? 1 : asked;
  const config: StudyConfig = {
    shared: { ...rest, threads },
    regimes: REGIMES.filter((regime) => regimes.includes(regime)),
    seeds: Array.from({ length: seeds }, (_, i) => seed + i),
    workers: 1,
  };
  const count = planRuns(config).length;
  return { ...config, workers: workers === 'auto' ? workersFor(cores, threads, count) : Math.min(workers, count) };
};

/** The command line that makes a study again, with what decides its numbers. */
const commandLine = ({ shared, regimes, seeds }: StudyConfig): string => {
  const options: Record<string, unknown> = {
    data: shared.data,
    preset: shared.preset,
    epochs: shared.epochs,
    seed: seeds[0],
    seeds: seeds.length,
    ...(shared.draws === 'repeated' && { draws: shared.draws }),
    ...(shared.limit !== undefined && { limit: shared.limit }),
    ...(regimes.length < REGIMES.length && { regimes: regimes.join(',') }),
    threads: shared.threads,
  };
  const words = Object.entries(options).flatMap(([key, value]) => [`--${key}`, shellWord(String(value))]);
  return ['zdist study article', ...words].join(' ');
};

export const run = async (given: Given, effects: Effects): Promise<number> => {
  const { stdout, stderr, files, now } = effects;
  const [name] = given.args;
  if (name !== 'article') {
    throw new InputError(`study: expected article, got "${name}"${didYouMean(String(name), ['article'])}`);
  }
  const laboratory = await effects.laboratory();
  const resume = resumeOf(given.options.resume as string | true | undefined, 'never');
  const asked = text(given, 'out');
  if (resume !== 'never' && asked === undefined) {
    throw new InputError('--resume: expected --out with the folder of a study, got none');
  }
  const saved =
    resume === 'never'
      ? undefined
      : await savedStudy(files, resolve(effects.cwd, asked!), laboratory.presets, flagsOf(given));
  if (resume === 'must' && !saved) throw new InputError(`--resume: expected a study in ${asked}, got none`);
  const environment = environmentLayer(effects.env, Object.keys(studySchema.shape));
  const config = configure([saved ?? environment, flagsOf(given)], effects, laboratory);
  const { shared, workers } = config;
  const command = commandLine(config);
  const out = asked ?? `studies/${folderName(now(), 'article', shared.data, config)}`;
  const folder = resolve(effects.cwd, out);
  const planned = planRuns(config);
  if (isSet(given, 'dryRun')) {
    stdout.write(`${planned.map((each) => each.name).join('\n')}\n\n${command}\n`);
    stdout.write(
      `${planned.length} runs, ${workers} side by side, threads of each ${shared.threads}, into ${folder}\n`,
    );
    return 0;
  }

  if (!saved) {
    await mustBeFree(files, folder);
    await saveStudy(files, folder, config);
  }
  const quiet = isSet(given, 'quiet');
  const view = createView({ stderr, env: effects.env, quiet, now, runs: planned, workers });
  const folders = dataFolders(effects.env);
  const identity = await laboratory.identifyData({ ...shared, ...folders, log: view.note });
  const interrupt = effects.interrupt();
  const { study, stacks, hopeless } = await runStudy(
    {
      config,
      folder,
      data: { ...identity, binarisation: shared.binarisation },
      ...folders,
      command,
      ...(saved && { resume: true }),
    },
    {
      files,
      now,
      view,
      interrupt,
      spawn: laboratory.spawn,
      noiseFloor: laboratory.noiseFloor,
      makeExtractor: laboratory.makeExtractor,
      machine: describeMachine(),
      versions: describeVersions(),
    },
  );
  for (const result of study.runs) {
    if (result.state === 'failed') stderr.write(`zdist: ${result.name}: ${result.error}\n`);
  }
  if (isSet(given, 'debug')) for (const stack of stacks) stderr.write(`${stack}\n`);

  // The numbers go out first: the disk may refuse the files.
  const json = isSet(given, 'json');
  if (json) stdout.write(studyJson(study));
  else {
    stdout.write(`${runTable(study.runs, shared.binarisation)}\n${claimsTable(study, stdout.columns)}\n`);
    stdout.write(`${study.verdict}\n\n`);
  }
  const report = await writeStudy(files, folder, study, laboratory.renderReport);
  if (!json) stdout.write(`report  ${pathToFileURL(report)}\nstudy   ${resolve(folder, 'study.json')}\n`);
  return exitOfState(study.state, interrupt, hopeless);
};
