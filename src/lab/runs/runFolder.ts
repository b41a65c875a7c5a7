import { join } from 'node:path';
import { stringify } from 'yaml';
import { csv } from '../report/csv.js';
import { quantities } from '../report/series.js';
import type { CurvePoint, RunResult } from '../studies/study.js';
import type { FileSystem } from './fileSystem.js';
import type { RunJob } from './job.js';
import { makeFolder, writeFile } from './writeFile.js';

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** One row an evaluation; values in nats per image, each with its standard error and the number of values. */
export const curveCsv = (curve: readonly CurvePoint[]): string =>
  csv(
    ['step', 'epoch', ...quantities.flatMap((name) => [name, `${name}_se`, `${name}_n`])],
    curve.map((point) => [
      point.step,
      point.epoch,
      ...quantities.flatMap((name) => [point[name].value, point[name].se, point[name].n]),
    ]),
  );

/** Begins a run folder: the resolved configuration, and a `run.json` that says that the run is under way. */
export const beginRunFolder = async (files: FileSystem, job: RunJob, started: string): Promise<void> => {
  await makeFolder(files, job.folder);
  await writeFile(files, join(job.folder, 'config.yaml'), stringify(job.config));
  const { name, config } = job;
  await writeFile(files, join(job.folder, 'run.json'), json({ schema: 1, state: 'running', started, name, ...config }));
};

/** Ends a run folder: what was measured, and how the run ended. */
export const endRunFolder = async (
  files: FileSystem,
  folder: string,
  result: RunResult,
  started: string,
): Promise<void> => {
  if (result.curve.length > 0) await writeFile(files, join(folder, 'curve.csv'), curveCsv(result.curve));
  await writeFile(files, join(folder, 'run.json'), json({ schema: 1, started, ...result }));
};
