import { X509Certificate } from 'node:crypto';
import { resolve } from 'node:path';
import { InputError } from '../../engine/errors/index.js';
import { systemCode } from '../runs/fileSystem.js';
import { describeVersions } from '../studies/machine.js';
import type { AuditShardEffects } from '../sweep/jobs/auditShardKind.js';
import { rememberData } from '../sweep/jobs/dataIdentity.js';
import { confinedCodes, confinedPlace } from '../sweep/jobs/dataPlace.js';
import type { CodeVersion } from '../sweep/jobs/spec.js';
import type { TrainEffects } from '../sweep/jobs/trainKind.js';
import { type QueueAddress, queueAddressOf } from '../sweep/queue/address.js';
import type { Effects, Given, Laboratory } from './effects.js';
import { checkpointSecondsOf, dataFolders, text } from './options.js';

export const DEFAULT_RETRIES = 1;

/** A whole number of an option; undefined where it was not given, or is `auto`. Throws InputError. */
export const countOf = (given: Given, name: string, from: number, to: number): number | undefined => {
  const answer = text(given, name);
  if (answer === undefined || answer === 'auto') return undefined;
  const count = Number(answer);
  if (Number.isInteger(count) && count >= from && count <= to) return count;
  throw new InputError(`--${name}: expected a whole number in ${from} … ${to}, got ${JSON.stringify(answer)}`);
};

/** What else this machine runs leaves the bytes of a result as they are. */
const codeVersion = (): CodeVersion => {
  const { zdist, 'onnxruntime-node': runtime } = describeVersions();
  return { zdist: zdist!, 'onnxruntime-node': runtime! };
};

/** What trains the runs of a sweep on this machine; `confined` keeps their data within the data folder. */
export const trainEffects = (
  given: Given,
  { env, files, now }: Effects,
  laboratory: Laboratory,
  { confined, log }: { readonly confined: boolean; readonly log: (line: string) => void },
): TrainEffects => {
  const folders = dataFolders(env);
  const checkpointSeconds = checkpointSecondsOf(given);
  return {
    files,
    now,
    spawn: laboratory.spawn,
    code: codeVersion(),
    placeOf: confined ? confinedPlace(folders.dataDir) : (data) => Promise.resolve(data),
    identify: rememberData((place) => laboratory.identifyData({ ...place, ...folders, log })),
    ...folders,
    ...(checkpointSeconds !== undefined && { checkpointSeconds }),
  };
};

/** What summarises shards of audits on this machine, from codes within its data folder. */
export const auditShardEffects = ({ env, files }: Effects): AuditShardEffects => ({
  files,
  code: codeVersion(),
  folderOf: confinedCodes(dataFolders(env).dataDir),
});

const readAuthorities = async (path: string, { files, cwd }: Effects): Promise<string> => {
  const refuse = (got: string): InputError =>
    new InputError(`--queue-ca: expected a file of certificates in PEM, got ${path} (${got})`);
  const content = await files.readFile(resolve(cwd, path)).catch((error: unknown) => {
    throw refuse(systemCode(error) ?? String(error));
  });
  try {
    new X509Certificate(content);
  } catch {
    throw refuse('another content');
  }
  return Buffer.from(content).toString('utf8');
};

/**
 * Where the queue is: --queue, or ZDIST_QUEUE, which no list of processes shows; undefined where neither says so.
 *
 * Throws: InputError for another address, or an authority (--queue-ca, ZDIST_QUEUE_CA) that is none.
 */
export const queueAddress = async (given: Given, effects: Effects): Promise<QueueAddress | undefined> => {
  const { env } = effects;
  const url = text(given, 'queue') ?? (env.ZDIST_QUEUE || undefined);
  if (url === undefined) return undefined;
  const path = text(given, 'queueCa') ?? (env.ZDIST_QUEUE_CA || undefined);
  return queueAddressOf(url, path === undefined ? undefined : await readAuthorities(path, effects));
};
