import { InputError } from '../../../engine/errors/index.js';
import type { Progress } from '../../../vae/training/index.js';
import { StorageError } from '../../runs/writeFile.js';
import type { ResultStore } from '../store/resultStore.js';
import { contentDigest, describeArtefacts } from './artefacts.js';
import type { Job, JobEnd, JobKinds } from './job.js';
import { claimJob, committedResult, endClaim, folderOf, type Manifest } from './jobLog.js';

export type AttemptEnd =
  | { readonly state: 'committed'; readonly manifest: Manifest }
  /** Another worker took the job over and has not committed yet. */
  | { readonly state: 'fenced' }
  | Extract<JobEnd, { state: 'failed' | 'interrupted' }>;

export interface AttemptEffects {
  readonly store: ResultStore;
  readonly kinds: JobKinds;
  /** Who works: host and process, for the log. */
  readonly worker: string;
  readonly now: () => number;
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
  /** A line for people. */
  readonly onNote?: (text: string) => void;
}

/**
 * Claims a job, does it in a folder of its own and commits the result. A job that has one is left alone.
 *
 * Throws: what the store throws, where it keeps failing.
 */
export const attemptJob = async (job: Job, effects: AttemptEffects): Promise<AttemptEnd> => {
  const { store, worker, now } = effects;
  const claim = await claimJob(store, job.id, worker, now);
  if ('committed' in claim) return { state: 'committed', manifest: claim.committed };
  const { token } = claim;
  const key = `${folderOf(job.id)}/runs/${token}`;
  const folder = await store.openFolder(key);
  try {
    const end = await work(job, folder, effects);
    if (end.state === 'failed' || end.state === 'interrupted') {
      const { state, reason } = end;
      await endClaim(store, job.id, token, { entry: 'end', state, reason }, now);
      return end;
    }
    const artefacts = await describeArtefacts(folder, end.files);
    await store.publish(key, folder, end.files);
    const content = contentDigest(artefacts, new Set(end.tells));
    const { state } = end;
    const commit = {
      entry: 'commit',
      schema: 1,
      job: job.id,
      token,
      state,
      folder: key,
      artefacts,
      content,
      worker,
    } as const;
    await endClaim(store, job.id, token, commit, now);
    // Left behind, it would only take space.
    await store.remove(checkpointOf(job.id)).catch(() => undefined);
    // Ours, or that of the worker that took the job over, or none yet.
    const manifest = await committedResult(store, job.id);
    return manifest ? { state: 'committed', manifest } : { state: 'fenced' };
  } finally {
    await store.closeFolder(folder);
  }
};

/** One for all attempts: whichever wrote it, equal jobs pass through equal states. */
const checkpointOf = (job: string): string => `${folderOf(job)}/checkpoint`;

const ignore = (): void => undefined;

const work = async (job: Job, folder: string, effects: AttemptEffects): Promise<JobEnd> => {
  const { store, kinds, signal, onProgress = ignore, onNote = ignore } = effects;
  const { id, name, spec } = job;
  const kind = kinds[spec.kind];
  if (!kind) {
    const known = Object.keys(kinds).join(', ');
    return { state: 'failed', reason: `job ${id}: expected one of ${known}, got "${spec.kind}"`, hopeless: 'input' };
  }
  try {
    const checkpoint = {
      read: () => store.read(checkpointOf(id)),
      write: (content: Uint8Array) => store.replace(checkpointOf(id), content),
    };
    return await kind.work(spec, { id, name, folder, signal, checkpoint, onProgress, onNote });
  } catch (error) {
    const hopeless = error instanceof StorageError ? 'disk' : error instanceof InputError ? 'input' : undefined;
    return {
      state: 'failed',
      reason: error instanceof Error ? error.message : String(error),
      ...(hopeless && { hopeless }),
    };
  }
};
