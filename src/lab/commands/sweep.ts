import { resolve } from 'node:path';
import { InputError } from '../../engine/errors/index.js';
import { environmentLayer, flagsLayer, runSchema } from '../config/index.js';
import { systemCode } from '../runs/fileSystem.js';
import { describeVersions } from '../studies/machine.js';
import { mustBeFree } from '../studies/outFolder.js';
import { folderName } from '../studies/plan.js';
import type { TrainEffects } from '../sweep/jobs/trainKind.js';
import type { Outcomes } from '../sweep/outcome.js';
import { planSweep, type SweepPlan } from '../sweep/plan/planSweep.js';
import { parseSweep, type SweepFile } from '../sweep/plan/sweepFile.js';
import { hasPlan, readPlan, type SweepPlanFile, storePlan } from '../sweep/planFile.js';
import { committedOutcomes, type SweepResult, sweepResult } from '../sweep/result.js';
import { openRoot, splitPlace } from '../sweep/store/openStore.js';
import type { ResultStore } from '../sweep/store/resultStore.js';
import { trainJobs } from '../sweep/trainJobs.js';
import { sweepJson, writeSweep } from '../sweep/writeSweep.js';
import type { Effects, Given, Laboratory } from './effects.js';
import { EXIT, exitOfSignal } from './exitCodes.js';
import { isSet, text } from './options.js';
import { runHere } from './sweepHere.js';
import { queueAddress, trainEffects } from './sweepSetup.js';
import { sweepTable } from './sweepTable.js';

/** A sweep whose plan lies in its store. */
interface OpenSweep {
  readonly store: ResultStore;
  /** Name of its folder in the root of the store. */
  readonly folder: string;
  readonly plan: SweepPlanFile;
}

const readSweep = async ({ files, cwd }: Effects, path: string): Promise<string> => {
  try {
    return Buffer.from(await files.readFile(resolve(cwd, path))).toString('utf8');
  } catch (error) {
    throw new InputError(`sweep: expected a file that can be read, got ${path} (${systemCode(error) ?? error})`);
  }
};

const storeAt = async (place: string, { cwd, env }: Effects): Promise<Omit<OpenSweep, 'plan'>> => {
  const { root, name } = splitPlace(place);
  return { store: (await openRoot(root, cwd, env)).sweep(name), folder: name };
};

const planOf = (given: Given, { env }: Effects, { presets }: Laboratory, file: SweepFile): SweepPlan =>
  planSweep(
    file,
    presets,
    [environmentLayer(env, Object.keys(runSchema.shape))],
    [flagsLayer({ threads: text(given, 'threads') })],
  );

const namesOf = ({ runs, equal }: SweepPlan): string => {
  const left = equal > 0 ? `, ${equal} equal ones left out` : '';
  return `${runs.map(({ name }) => name).join('\n')}\n\n${runs.length} runs${left}\n`;
};

/** Lays a sweep into its store; one that is there is gone on with on --resume, with what the file says now. */
const begin = async (
  given: Given,
  effects: Effects,
  training: TrainEffects,
  { file, source, planned }: { readonly file: SweepFile; readonly source: string; readonly planned: SweepPlan },
): Promise<OpenSweep> => {
  const { name, stop } = file;
  const out = text(given, 'out') ?? `sweeps/${folderName(effects.now(), 'sweep', name, planned.runs)}`;
  const { store, folder } = await storeAt(out, effects);
  const there = await hasPlan(store);
  if (there && !isSet(given, 'resume')) {
    throw new InputError(`--out: expected a new folder, got ${out}, which holds a sweep: go on with it by --resume`);
  }
  if (!there && !out.startsWith('s3://')) await mustBeFree(effects.files, resolve(effects.cwd, out));
  const identify: TrainEffects['identify'] = async (place) =>
    training.identify({ ...place, data: await training.placeOf(place.data) });
  const jobs = await trainJobs(planned.runs, { stop, code: training.code, identify });
  await storePlan(store, { name, jobs }, source);
  return { store, folder, plan: { name, jobs } };
};

/** The queue's client takes time to load. */
const loadQueue = () => import('./sweepQueue.js');

const exitCode = ({ rows, state }: SweepResult, outcomes: Outcomes, interrupt: AbortSignal): number => {
  if (state === 'done') return EXIT.done;
  if (interrupt.aborted) return exitOfSignal(interrupt.reason);
  const disk = [...outcomes.values()].some((outcome) => outcome.state === 'failed' && outcome.hopeless === 'disk');
  return !disk && rows.some((row) => row.state === 'failed') ? EXIT.sweep : EXIT.failure;
};

export const run = async (given: Given, effects: Effects): Promise<number> => {
  const { stdout, stderr, now } = effects;
  const [source, folder] = given.args;
  const queue = await queueAddress(given, effects);
  const again = source === 'reconcile';
  if (again !== (folder !== undefined)) {
    throw new InputError('sweep: expected sweep.yaml, or reconcile and the folder of a sweep');
  }
  const laboratory = await effects.laboratory();
  const note = (line: string): void => void (isSet(given, 'quiet') || stderr.write(`${line}\n`));
  const training = trainEffects(given, effects, laboratory, { confined: queue !== undefined, log: note });

  if (queue && !isSet(given, 'dryRun')) await (await loadQueue()).requireSafeRedis(queue);
  let sweep: OpenSweep;
  if (again) {
    const { store, folder: name } = await storeAt(folder!, effects);
    sweep = { store, folder: name, plan: await readPlan(store) };
  } else {
    const yaml = await readSweep(effects, source!);
    const file = parseSweep(source!, yaml);
    const planned = planOf(given, effects, laboratory, file);
    if (isSet(given, 'dryRun')) {
      stdout.write(namesOf(planned));
      return EXIT.done;
    }
    sweep = await begin(given, effects, training, { file, source: yaml, planned });
  }

  const { store, plan } = sweep;
  const outcomes = await committedOutcomes(store, plan.jobs);
  const open = plan.jobs.filter(({ id }) => !outcomes.has(id));
  if (outcomes.size > 0) note(`${outcomes.size} of ${plan.jobs.length} runs have a result already`);
  const interrupt = effects.interrupt();
  const work = { given, effects, training, interrupt, ...sweep };
  const fresh = await (queue === undefined ? runHere(open, work) : (await loadQueue()).runOnQueue(queue, open, work));
  for (const [id, outcome] of fresh) outcomes.set(id, outcome);

  const written = new Date(now()).toISOString();
  const result = await sweepResult(store, plan, outcomes, { written, versions: describeVersions() });
  for (const { name, state, reason } of result.rows)
    if (state === 'failed') stderr.write(`zdist: ${name}: ${reason}\n`);
  // The numbers go out first: the disk may refuse the files.
  stdout.write(isSet(given, 'json') ? sweepJson(result) : `${sweepTable(result)}\n`);
  const { renderSweep } = await import('../report/sweep/index.js');
  await writeSweep(store, result, renderSweep(result));
  if (!isSet(given, 'json')) stdout.write(`page   ${store.name}/sweep.html\nsweep  ${store.name}/sweep.json\n`);
  return exitCode(result, outcomes, interrupt);
};
