import { z } from 'zod';
import { InputError } from '../../../engine/errors/index.js';
import type { Progress } from '../../../vae/training/index.js';
import { sha256 } from '../../data/digest.js';
import type { ResultStore } from '../store/resultStore.js';
import { folderOf } from './jobLog.js';

/** What there is to do, as it lies in the store: a worker is told the id alone. */
export interface Job {
  readonly id: string;
  /** For people: `latents=16,seed=2`. */
  readonly name: string;
  readonly spec: JobSpec;
}

/** Everything that decides the bytes of a result; `kind` says who can do it. */
export interface JobSpec {
  readonly kind: string;
  readonly [key: string]: unknown;
}

/** How an attempt at a job ended, before its result is committed. */
export type JobEnd =
  | {
      readonly state: 'done' | 'diverged';
      /** Paths of the artefacts, relative to the folder of the attempt. */
      readonly files: readonly string[];
      /** Those that tell when and where it was done: equal jobs may differ in them. */
      readonly tells: readonly string[];
    }
  | {
      readonly state: 'failed';
      readonly reason: string;
      /** What failed would fail again: the disk, or what the user asked for. */
      readonly hopeless?: 'disk' | 'input';
    }
  | { readonly state: 'interrupted'; readonly reason: string };

export interface JobContext {
  readonly id: string;
  readonly name: string;
  /** Absolute path of an empty folder. */
  readonly folder: string;
  /** Aborted with a text as its reason when the job is to end soon. */
  readonly signal: AbortSignal;
  /** What an attempt keeps for the one after it, should it not come to its end. */
  readonly checkpoint: {
    read(): Promise<Uint8Array | undefined>;
    write(content: Uint8Array): Promise<void>;
  };
  readonly onProgress: (progress: Progress) => void;
  /** A line for people. */
  readonly onNote: (text: string) => void;
}

/** A sort of work: it checks what it is given and does it, and never rejects for what goes wrong in the work. */
export interface JobKind {
  /** Throws: InputError on anything but a specification of this kind. */
  work(spec: JobSpec, context: JobContext): Promise<JobEnd>;
}
export type JobKinds = Readonly<Record<string, JobKind>>;

/** JSON with sorted keys: equal values give equal text. */
export const canonicalJson = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );

/** 32 hexadecimal digits of SHA-256 of the specification: configuration, data identity and version of the code. */
export const jobId = (spec: JobSpec): string => sha256(Buffer.from(canonicalJson(spec))).slice(0, 32);

export const isJobId = (text: string): boolean => /^[0-9a-f]{32}$/.test(text);

const stored = z.strictObject({
  schema: z.literal(1),
  name: z.string().max(1000),
  spec: z.looseObject({ kind: z.string() }),
});

const keyOf = (id: string): string => `${folderOf(id)}/job.json`;

/** Lays a job into the store; one that is there already stays. */
export const storeJob = async (store: ResultStore, { id, name, spec }: Job): Promise<void> => {
  await store.create(keyOf(id), `${JSON.stringify({ schema: 1, name, spec }, null, 2)}\n`);
};

/** Throws: InputError when there is no such job, or its content has another hash. */
export const loadJob = async (store: ResultStore, id: string): Promise<Job> => {
  const place = `${store.name}/${keyOf(id)}`;
  const content = await store.read(keyOf(id));
  if (content === undefined) throw new InputError(`${place}: expected a job, got no such file`);
  const job = parseJob(content, place);
  const found = jobId(job.spec);
  if (found !== id) throw new InputError(`${place}: expected a job with the hash ${id}, got ${found}`);
  return { id, ...job };
};

const parseJob = (content: Uint8Array, place: string): Omit<Job, 'id'> => {
  try {
    const { name, spec } = stored.parse(JSON.parse(Buffer.from(content).toString('utf8')));
    return { name, spec };
  } catch {
    throw new InputError(`${place}: expected a job as JSON, got ${content.length} other bytes`);
  }
};
