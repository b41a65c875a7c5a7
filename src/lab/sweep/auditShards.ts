/** An audit as jobs: one for each part of the rows, and the codes that their summaries are all of. */
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { InputError } from '../../engine/errors/index.js';
import type { StreamedInput } from '../../latent/audit/streaming/index.js';
import { decodeSummary, identifyCodes, joinShards, type NamedShard } from '../audit/index.js';
import type { CodeRequest } from '../codes/index.js';
import { sha256 } from '../data/digest.js';
import { expandFiles } from '../data/patterns.js';
import type { AuditShardSpec } from './jobs/auditShardKind.js';
import { codeFilesOf } from './jobs/dataPlace.js';
import { canonicalJson, type Job, jobId } from './jobs/job.js';
import type { CodeVersion } from './jobs/spec.js';
import type { Outcomes } from './outcome.js';
import type { ResultStore } from './store/resultStore.js';

export interface ShardedAudit {
  /** Of its folder beside the sweeps: the same for the same codes, seed and number of shards. */
  readonly name: string;
  readonly jobs: readonly Job[];
}

/** Size and time of change of every file: what fingerprints, which look at the ends of the rows, may leave out. */
const changesOf = async (cwd: string, request: CodeRequest): Promise<unknown[]> => {
  const names = (await Promise.all(codeFilesOf(request).map((file) => expandFiles(cwd, file)))).flat();
  return Promise.all(
    names.map(async (name) => {
      const { size, mtimeMs } = await stat(resolve(cwd, name));
      return [name, size, mtimeMs];
    }),
  );
};

/**
 * Throws: InputError for a query, whose text a worker would have to run, and for labels, which are not streamed; and as
 * openCodes does.
 */
export const shardedAudit = async (
  cwd: string,
  given: CodeRequest,
  { of, seed, code }: { readonly of: number; readonly seed: number; readonly code: CodeVersion },
): Promise<ShardedAudit> => {
  if (given.sql !== undefined) throw new InputError('--sql: expected files, as workers run no query, got a query');
  if (given.options.labels !== undefined) throw new InputError('--labels: expected none beside --shards; leave it out');
  const request: AuditShardSpec['request'] = {
    options: Object.fromEntries(Object.entries(given.options).filter(([, text]) => text !== undefined)),
    ...(given.codes !== undefined && { codes: given.codes }),
    ...(given.testCodes !== undefined && { testCodes: given.testCodes }),
  };
  const data = await identifyCodes(cwd, request);
  const jobs = Array.from({ length: of }, (_, i): Job => {
    const spec: AuditShardSpec = { kind: 'audit-shard', request, shard: { index: i + 1, of }, seed, data, code };
    return { id: jobId(spec), name: `shard ${i + 1} of ${of}`, spec };
  });
  const identity = canonicalJson([jobs.map(({ id }) => id), await changesOf(cwd, request)]);
  return { name: `audit-${sha256(Buffer.from(identity)).slice(0, 16)}`, jobs };
};

/**
 * The codes that the committed summaries are all of.
 *
 * Throws: Error with the reason of each shard that has none; InputError where one is not what zdist wrote.
 */
export const mergedShards = async (
  store: ResultStore,
  jobs: readonly Job[],
  outcomes: Outcomes,
): Promise<StreamedInput> => {
  const shards: NamedShard[] = [];
  const problems: string[] = [];
  for (const { id, name } of jobs) {
    const outcome = outcomes.get(id);
    if (outcome?.state !== 'committed') {
      problems.push(`${name}: ${outcome?.reason ?? 'expected a summary, got none'}`);
      continue;
    }
    const { folder, artefacts } = outcome.manifest;
    const key = `${folder}/${artefacts[0]!.path}`;
    const content = await store.read(key);
    if (content) shards.push({ name: key, shard: decodeSummary(content, `${store.name}/${key}`) });
    else problems.push(`${name}: expected a summary, got no ${store.name}/${key}`);
  }
  if (problems.length > 0) throw new Error(problems.join('\n'));
  return joinShards(shards);
};
