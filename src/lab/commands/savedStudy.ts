/** `config.yaml` of a study folder: what a study that was left is gone on by. */
import { join } from 'node:path';
import { stringify } from 'yaml';
import { InputError } from '../../engine/errors/index.js';
import { fileLayer, type Layer, type Presets, resolveConfig, studyDefaults, studySchema } from '../config/index.js';
import { type FileSystem, readIfThere } from '../runs/fileSystem.js';
import { writeFile } from '../runs/writeFile.js';
import type { StudyConfig } from '../studies/plan.js';

const FILE = 'config.yaml';

/** Throws: StorageError. */
export const saveStudy = (
  files: FileSystem,
  folder: string,
  { shared, regimes, seeds, workers }: StudyConfig,
): Promise<void> =>
  writeFile(files, join(folder, FILE), stringify({ ...shared, regimes, seed: seeds[0], seeds: seeds.length, workers }));

/**
 * The settings of the study in a folder; undefined where there is none. `asked` is what the command line asks for.
 *
 * Throws: InputError, a line each, where that is another study; only `workers` may be others.
 */
export const savedStudy = async (
  files: FileSystem,
  folder: string,
  presets: Presets,
  asked: Layer,
): Promise<Layer | undefined> => {
  const path = join(folder, FILE);
  const yaml = await readIfThere(files, path);
  if (yaml === undefined) return undefined;
  const saved = fileLayer(path, Buffer.from(yaml).toString('utf8'));
  const resolved = (layers: readonly Layer[]) => resolveConfig(studySchema, presets, studyDefaults, layers);
  const [before, now] = [resolved([saved]), resolved([saved, asked])];
  const differences = (Object.keys({ ...before, ...now }) as (keyof typeof before)[]).flatMap((key) => {
    const [expected, got] = [JSON.stringify(before[key]), JSON.stringify(now[key])];
    if (expected === got || key === 'workers') return [];
    return [`${key}: expected ${expected}, as the study in ${folder} has it, got ${got}`];
  });
  if (differences.length > 0) throw new InputError(differences.join('\n'));
  return saved;
};
