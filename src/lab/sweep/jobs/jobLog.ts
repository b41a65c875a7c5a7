import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { InputError } from '../../../engine/errors/index.js';
import { delay } from '../delay.js';
import type { ResultStore } from '../store/resultStore.js';

const artefact = z.object({ path: z.string(), bytes: z.number(), sha256: z.string() });
const common = { nonce: z.string(), at: z.string() };

const logEntry = z.discriminatedUnion('entry', [
  z.object({ entry: z.literal('claim'), worker: z.string(), ...common }),
  z.object({ entry: z.literal('end'), state: z.enum(['failed', 'interrupted']), reason: z.string(), ...common }),
  z.object({
    entry: z.literal('commit'),
    schema: z.literal(1),
    job: z.string(),
    /** Fencing token: the number of the claim in the log. */
    token: z.number(),
    state: z.enum(['done', 'diverged']),
    /** Key of the folder that holds the artefacts. */
    folder: z.string(),
    artefacts: z.array(artefact),
    /** SHA-256 of what the job decides alone, whoever did it and when. */
    content: z.string(),
    worker: z.string(),
    ...common,
  }),
]);

export type LogEntry = z.infer<typeof logEntry>;
/** What makes a result count: written once for a job, and never again. */
export type Manifest = Extract<LogEntry, { entry: 'commit' }>;
export type Artefact = z.infer<typeof artefact>;
/** An entry before the log numbers it. */
export type NewEntry = LogEntry extends infer E ? (E extends LogEntry ? Omit<E, 'nonce' | 'at'> : never) : never;

export const folderOf = (job: string): string => `jobs/${job}`;
const keyOf = (job: string, number: number): string => `${folderOf(job)}/log/${String(number).padStart(6, '0')}.json`;

const TRIES = 4;
const PAUSE = 200;

/** The log of a job, from its first entry on. Throws: InputError when an entry is not what zdist writes. */
export const readLog = async (store: ResultStore, job: string): Promise<LogEntry[]> => {
  const entries: LogEntry[] = [];
  for (;;) {
    const key = keyOf(job, entries.length + 1);
    const content = await store.read(key);
    if (content === undefined) return entries;
    entries.push(parseEntry(content, `${store.name}/${key}`));
  }
};

const parseEntry = (content: Uint8Array, place: string): LogEntry => {
  try {
    return logEntry.parse(JSON.parse(Buffer.from(content).toString('utf8')));
  } catch {
    throw new InputError(`${place}: expected an entry of the log of a job, got ${content.length} other bytes`);
  }
};

/**
 * Writes entry `number`, unless another writer was first. An answer that gets lost is asked for again: the nonce tells
 * our entry from that of another writer.
 */
const append = async (
  store: ResultStore,
  job: string,
  number: number,
  entry: NewEntry,
  now: number,
): Promise<boolean> => {
  const nonce = randomUUID();
  const key = keyOf(job, number);
  const content = `${JSON.stringify({ ...entry, nonce, at: new Date(now).toISOString() }, null, 2)}\n`;
  for (let attempt = 1; ; attempt++) {
    try {
      if (await store.create(key, content)) return true;
      const there = await store.read(key);
      return there !== undefined && parseEntry(there, `${store.name}/${key}`).nonce === nonce;
    } catch (error) {
      if (error instanceof InputError || attempt === TRIES) throw error;
      await delay(PAUSE * 2 ** attempt);
    }
  }
};

export type Claim = { readonly token: number } | { readonly committed: Manifest };

/**
 * Takes a job: the number of the claim is its fencing token. Every claim before it can no longer commit, because a
 * commit is the entry right after its claim, and that place is now taken.
 */
export const claimJob = async (store: ResultStore, job: string, worker: string, now: () => number): Promise<Claim> => {
  for (;;) {
    const log = await readLog(store, job);
    const last = log.at(-1);
    if (last?.entry === 'commit') return { committed: last };
    if (await append(store, job, log.length + 1, { entry: 'claim', worker }, now())) return { token: log.length + 1 };
  }
};

/** Ends the claim of a token. False when the job was taken over in the meantime: what was done does then not count. */
export const endClaim = (
  store: ResultStore,
  job: string,
  token: number,
  entry: Exclude<NewEntry, { entry: 'claim' }>,
  now: () => number,
): Promise<boolean> => append(store, job, token + 1, entry, now());

/** The committed result of a job, where it has one. */
export const committedResult = async (store: ResultStore, job: string): Promise<Manifest | undefined> => {
  const last = (await readLog(store, job)).at(-1);
  return last?.entry === 'commit' ? last : undefined;
};
