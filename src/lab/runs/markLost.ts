import { join } from 'node:path';
import type { RunResult } from '../studies/study.js';
import { type FileSystem, readIfThere } from './fileSystem.js';
import type { RunJob } from './job.js';
import { takeRun } from './lock/lock.js';
import { processesHere } from './lock/writers.js';
import { curveCsv, SCHEMA } from './runFolder.js';
import { statedResult } from './stated.js';
import { writeFile } from './writeFile.js';

/**
 * Ends the folder of a run whose process died without a word: what its `run.json` said of its origin stays.
 *
 * Throws: RunTakenError when the run is another's by now; StorageError.
 */
export const markLost = async (
  { folder }: RunJob,
  result: RunResult,
  effects: { readonly files: FileSystem; readonly now: () => number },
): Promise<void> => {
  const { files, now } = effects;
  const lock = await takeRun(folder, { ...effects, processes: processesHere() });
  try {
    const path = join(folder, 'run.json');
    const content = await readIfThere(files, path);
    const head = content === undefined ? {} : (JSON.parse(Buffer.from(content).toString('utf8')) as object);
    if (result.curve.length > 0) await writeFile(files, join(folder, 'curve.csv'), curveCsv(result.curve));
    const heartbeat = new Date(now()).toISOString();
    await writeFile(
      files,
      path,
      `${JSON.stringify({ schema: SCHEMA, ...head, ...statedResult(result), heartbeat }, null, 2)}\n`,
    );
  } finally {
    await lock.release();
  }
};
