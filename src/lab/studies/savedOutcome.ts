import { join } from 'node:path';
import { InputError } from '../../engine/errors/index.js';
import { momentBatchOf } from '../../vae/training/index.js';
import type { ProgressView } from '../progress/index.js';
import { type FileSystem, readIfThere } from '../runs/fileSystem.js';
import type { RunJob, RunOutcome } from '../runs/job.js';
import { readRecord } from '../runs/reading/record.js';
import { savedResult } from '../runs/reading/savedResult.js';
import { configDigest } from '../runs/runFolder.js';
import type { DataDescription } from './study.js';

/**
 * The outcome of a run of a study that was done before the study was left; undefined for one that is yet to be trained,
 * or to its end.
 *
 * Throws: InputError where the run was made by other settings or from other data than the study has now.
 */
export const savedOutcome = async (
  { folder, name, config }: RunJob,
  data: DataDescription,
  { files, view }: { readonly files: FileSystem; readonly view: ProgressView },
): Promise<RunOutcome | undefined> => {
  if ((await readIfThere(files, join(folder, 'run.json'))) === undefined) return undefined;
  const record = await readRecord(files, folder);
  if (record.state !== 'done') return undefined;
  const inputs = record.inputs as { readonly config?: string; readonly data?: string } | undefined;
  const expected = { config: configDigest(config), data: data.sha256 };
  for (const what of ['config', 'data'] as const) {
    if (inputs?.[what] === expected[what]) continue;
    throw new InputError(`${folder}: expected ${what} of SHA-256 ${expected[what]}, got ${inputs?.[what] ?? 'none'}`);
  }
  const result = await savedResult(files, folder, record);
  view.note(`${name}: done before`);
  view.ended(result);
  return { result, momentBatch: momentBatchOf(data.test) };
};
