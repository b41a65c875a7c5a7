import type { StreamedInput } from '../../latent/audit/streaming/index.js';
import type { CodeRequest } from '../codes/index.js';
import { mergedShards, shardedAudit } from '../sweep/auditShards.js';
import { storeJob } from '../sweep/jobs/job.js';
import type { QueueAddress } from '../sweep/queue/address.js';
import { requireSafeRedis } from '../sweep/queue/redis.js';
import { submitJobs } from '../sweep/queue/submitJobs.js';
import { committedOutcomes } from '../sweep/result.js';
import { openRoot } from '../sweep/store/openStore.js';
import type { Effects, Given } from './effects.js';
import { text } from './options.js';
import { auditShardEffects, DEFAULT_RETRIES } from './sweepSetup.js';

export interface QueuedAudit {
  readonly address: QueueAddress;
  readonly request: CodeRequest;
  readonly shards: number;
  readonly seed: number;
  readonly interrupt: AbortSignal;
  readonly note: (line: string) => void;
  readonly onProgress: (share: number) => void;
}

/**
 * Has workers summarise the parts of the rows, and joins what they commit. A part that is committed already is not read
 * again. Undefined when the interrupt came: the parts stay on the queue.
 *
 * Throws: InputError for codes that a worker may not open; Error with the reason of each part that failed.
 */
export const auditOnQueue = async (
  { address, request, shards, seed, interrupt, note, onProgress }: QueuedAudit,
  given: Given,
  effects: Effects,
): Promise<StreamedInput | undefined> => {
  const { cwd, env } = effects;
  const root = await openRoot(text(given, 'store') ?? 'sweeps', cwd, env);
  const { folderOf, code } = auditShardEffects(effects);
  const { name, jobs } = await shardedAudit(await folderOf(request), request, { of: shards, seed, code });
  await requireSafeRedis(address);

  const store = root.sweep(name);
  for (const job of jobs) await storeJob(store, job);
  const outcomes = await committedOutcomes(store, jobs);
  note(`${shards} shards go to ${address.shown}, their summaries to ${store.name}`);
  if (outcomes.size > 0) note(`${outcomes.size} of ${shards} shards have a summary already`);
  let ended = outcomes.size;
  const fresh = await submitJobs(
    jobs.filter(({ id }) => !outcomes.has(id)),
    {
      address,
      store,
      sweep: name,
      retries: DEFAULT_RETRIES,
      interrupt,
      log: note,
      started: () => undefined,
      progress: () => undefined,
      ended: async () => onProgress(++ended / shards),
    },
  );
  for (const [id, outcome] of fresh) outcomes.set(id, outcome);
  const open = [...outcomes.values()].filter(({ state }) => state === 'open').length;
  if (open > 0 && interrupt.aborted) {
    note(`${open} shards stay on the queue; the same command follows them again`);
    return undefined;
  }
  return mergedShards(store, jobs, outcomes);
};
