import { join } from 'node:path';
import { stringify } from 'yaml';
import type { Dataset, ImageSet } from '../../vae/data/index.js';
import type { RunConfig } from '../config/index.js';
import { labelDigest, sha256 } from '../data/digest.js';
import type { OpenedDataset } from '../data/index.js';
import { csv } from '../report/csv.js';
import { quantities } from '../report/series.js';
import type { CurvePoint, RunResult } from '../studies/study.js';
import type { FileSystem } from './fileSystem.js';
import type { RunJob } from './job.js';
import type { Origin } from './origin.js';
import { statedResult } from './stated.js';
import { writeFile } from './writeFile.js';

/** Of `run.json`. 1: flat, with the curve, without lock, origin and checkpoints. */
export const SCHEMA = 2;

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

/** SHA-256 of a configuration, whatever the order of its keys. */
export const configDigest = (config: RunConfig): string => {
  const sorted = (_: string, value: unknown): unknown =>
    value !== null && typeof value === 'object' && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value;
  return sha256(Buffer.from(JSON.stringify(config, sorted), 'utf8'));
};

/** What `run.json` says besides the result. */
export interface RunHead {
  readonly started: string;
  readonly origin: Origin;
  readonly config: RunConfig;
  /** SHA-256 of the pixels; absent until the data are there. */
  readonly data?: string;
}

/** Writes `run.json`. The heartbeat is the time of writing; between two of them the lock has the later one. */
export const writeRunRecord = (
  files: FileSystem,
  folder: string,
  { started, origin, config, data }: RunHead,
  state: Record<string, unknown>,
  now: number,
): Promise<void> =>
  writeFile(
    files,
    join(folder, 'run.json'),
    json({
      schema: SCHEMA,
      started,
      heartbeat: new Date(now).toISOString(),
      ...state,
      inputs: { config: configDigest(config), ...(data !== undefined && { data }) },
      config,
      ...origin,
    }),
  );

export const writeConfig = (files: FileSystem, { folder, config }: RunJob): Promise<void> =>
  writeFile(files, join(folder, 'config.yaml'), stringify(config));

const part = ({ count, pixels }: ImageSet): object => ({ images: count, sha256: sha256(pixels) });

/** `data.json`: what the data are and how they are split. */
export const writeDataRecord = (
  files: FileSystem,
  { folder, config }: RunJob,
  data: OpenedDataset & Dataset,
): Promise<void> => {
  const { name, source, train, test } = data;
  const { width, height } = train;
  const record = {
    schema: 1,
    name,
    source,
    width,
    height,
    binarisation: config.binarisation,
    ...(config.limit !== undefined && { limit: config.limit }),
    sha256: data.sha256,
    ...(train.labels && test.labels && { labels: labelDigest(data) }),
    splits: { train: part(train), test: part(test) },
  };
  return writeFile(files, join(folder, 'data.json'), json(record));
};

/** Ends a run folder: what was measured, and how the run ended. */
export const writeResult = async (
  files: FileSystem,
  folder: string,
  head: RunHead,
  result: RunResult,
  now: number,
): Promise<void> => {
  if (result.curve.length > 0) await writeFile(files, join(folder, 'curve.csv'), curveCsv(result.curve));
  await writeRunRecord(files, folder, head, statedResult(result), now);
};
