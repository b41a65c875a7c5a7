import { InputError } from '../../engine/errors/index.js';
import type { Environment } from '../config/index.js';
import { describeVersions } from '../studies/machine.js';
import type { AuditShardEffects } from '../sweep/jobs/auditShardKind.js';
import { rememberData } from '../sweep/jobs/dataIdentity.js';
import { confinedCodes, confinedPlace } from '../sweep/jobs/dataPlace.js';
import type { TrainEffects } from '../sweep/jobs/trainKind.js';
import type { Effects, Given, Laboratory } from './effects.js';
import { dataFolders, text } from './options.js';

export const DEFAULT_RETRIES = 1;

/** A whole number of an option; undefined where it was not given, or is `auto`. Throws InputError. */
export const countOf = (given: Given, name: string, from: number, to: number): number | undefined => {
  const answer = text(given, name);
  if (answer === undefined || answer === 'auto') return undefined;
  const count = Number(answer);
  if (Number.isInteger(count) && count >= from && count <= to) return count;
  throw new InputError(`--${name}: expected a whole number in ${from} … ${to}, got ${JSON.stringify(answer)}`);
};

/** What trains the runs of a sweep on this machine; `confined` keeps their data within the data folder. */
export const trainEffects = (
  { env, files, now }: Effects,
  laboratory: Laboratory,
  confined: boolean,
  log: (line: string) => void,
): TrainEffects => {
  const folders = dataFolders(env);
  const { zdist, 'onnxruntime-node': runtime } = describeVersions();
  return {
    files,
    now,
    spawn: laboratory.spawn,
    // What else this machine runs leaves the bytes of a run as they are.
    code: { zdist: zdist!, 'onnxruntime-node': runtime! },
    placeOf: confined ? confinedPlace(folders.dataDir) : (data) => Promise.resolve(data),
    identify: rememberData((place) => laboratory.identifyData({ ...place, ...folders, log })),
    ...folders,
  };
};

/** What summarises shards of audits on this machine: codes within its data folder, by their own version of zdist. */
export const auditShardEffects = ({ env, files }: Effects): AuditShardEffects => ({
  files,
  code: { zdist: describeVersions().zdist! },
  folderOf: confinedCodes(dataFolders(env).dataDir),
});

/** Where the queue is: --queue, or ZDIST_QUEUE, which no list of processes shows. */
export const queueAddress = (given: Given, env: Environment): string | undefined =>
  text(given, 'queue') ?? (env.ZDIST_QUEUE || undefined);
