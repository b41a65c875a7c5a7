/** Going on with a run: what is in a folder, and whether it is the run that the command line means. */
import { join } from 'node:path';
import { didYouMean, InputError } from '../../engine/errors/index.js';
import {
  fileLayer,
  type Layer,
  type Presets,
  type RunConfig,
  resolveConfig,
  runDefaults,
  runSchema,
} from '../config/index.js';
import { type FileSystem, readIfThere } from '../runs/fileSystem.js';
import { type RunRecord, readRecord } from '../runs/reading/record.js';

const RESUME = ['must', 'allow', 'never'] as const;
export type Resume = (typeof RESUME)[number];

/** Throws: InputError for another word. */
export const resumeOf = (word: string | true | undefined, otherwise: Resume): Resume => {
  const resume = word === true ? 'must' : (word ?? otherwise);
  if ((RESUME as readonly string[]).includes(resume)) return resume as Resume;
  throw new InputError(`--resume: expected ${RESUME.join(', ')}, got "${resume}"${didYouMean(resume, RESUME)}`);
};

export interface SavedRun {
  readonly config: RunConfig;
  /** Absent where the run was left before it had written one. */
  readonly record?: RunRecord;
}

const shown = (value: unknown): string => (value === undefined ? 'nothing' : JSON.stringify(value));

/**
 * The run in a folder; undefined where there is none. `layers` are what the command line asks for.
 *
 * Throws: InputError, a line each, where the command line asks for another configuration than the run has.
 */
export const readSaved = async (
  files: FileSystem,
  folder: string,
  presets: Presets,
  layers: readonly Layer[],
): Promise<SavedRun | undefined> => {
  const path = join(folder, 'config.yaml');
  const yaml = await readIfThere(files, path);
  if (yaml === undefined) return undefined;
  const saved = fileLayer(path, Buffer.from(yaml).toString('utf8'));
  const resolved = (all: readonly Layer[]) => resolveConfig(runSchema, presets, runDefaults, all);
  const config = resolved([saved]);
  const asked = resolved([saved, ...layers]);
  const differences = (Object.keys({ ...config, ...asked }) as (keyof typeof config)[]).flatMap((key) => {
    const [expected, got] = [shown(config[key]), shown(asked[key])];
    return expected === got ? [] : [`${key}: expected ${expected}, as the run in ${folder} has it, got ${got}`];
  });
  if (differences.length > 0) throw new InputError(differences.join('\n'));
  const began = (await readIfThere(files, join(folder, 'run.json'))) !== undefined;
  return {
    config: { ...config, threads: config.threads === 'auto' ? 1 : config.threads },
    ...(began && { record: await readRecord(files, folder) }),
  };
};
