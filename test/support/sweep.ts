/** Jobs without mathematics, and a store that keeps its objects in memory. */
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AttemptEffects } from '../../src/lab/sweep/jobs/attemptJob.js';
import { type Job, type JobEnd, type JobKind, type JobSpec, jobId } from '../../src/lab/sweep/jobs/job.js';
import { checkKey, type ResultStore } from '../../src/lab/sweep/store/resultStore.js';

export const memoryStore = (): ResultStore & { readonly objects: Map<string, string | Uint8Array> } => {
  const objects = new Map<string, string | Uint8Array>();
  return {
    objects,
    name: 'memory',
    read: (key) => {
      const content = objects.get(key);
      return Promise.resolve(content === undefined ? undefined : new Uint8Array(Buffer.from(content as Uint8Array)));
    },
    create: (key, content) => {
      const free = !objects.has(checkKey(key));
      if (free) objects.set(key, content);
      return Promise.resolve(free);
    },
    replace: (key, content) => {
      objects.set(key, content);
      return Promise.resolve();
    },
    remove: (key) => {
      objects.delete(key);
      return Promise.resolve();
    },
    openFolder: () => mkdtemp(join(tmpdir(), 'zdist-attempt-')),
    publish: () => Promise.resolve(),
    closeFolder: () => Promise.resolve(),
  };
};

export const echoJob = (text: string): Job => {
  const spec: JobSpec = { kind: 'echo', text };
  return { id: jobId(spec), name: text, spec };
};

/** Writes its text into a file; `meanwhile` may wait, throw or end it otherwise. */
export const echoKind = (
  meanwhile: (text: string) => Promise<JobEnd | undefined> | undefined = () => undefined,
): JobKind => ({
  work: async ({ text }, { folder }) => {
    const other = await meanwhile(String(text));
    if (other) return other;
    await writeFile(join(folder, 'echo.txt'), String(text));
    await writeFile(join(folder, 'when.txt'), String(Math.random()));
    return { state: 'done', files: ['echo.txt', 'when.txt'], tells: ['when.txt'] };
  },
});

export const attemptEffects = (changes: Partial<AttemptEffects> = {}): AttemptEffects => ({
  store: memoryStore(),
  kinds: { echo: echoKind() },
  worker: 'here:1',
  now: () => Date.now(),
  signal: new AbortController().signal,
  ...changes,
});
