/** What was dropped, and what the worker has found in it so far. */
import { signal } from '@preact/signals';
import type { AuditResult } from '../../../../src/latent/audit/index.js';
import type {
  DroppedFile,
  FromWorker,
  Looked,
  Repaired,
  Source,
  ToldModels,
  ToWorker,
} from '../../dropped/messages.js';
import { guessRoles, type Role } from '../../dropped/roles.js';

export type Task = ToWorker['type'];

/** A step of the work under way, or behind. */
export interface Step {
  readonly what: string;
  /** Milliseconds, from when it began to when the next one did. */
  readonly began: number;
  readonly ended?: number;
}

export interface Work {
  readonly task: Task;
  readonly steps: readonly Step[];
  readonly share: number;
  readonly running: boolean;
}

/** `said`: the role is the user's word, and no guess. */
export const files = signal<readonly (DroppedFile & { readonly said?: boolean })[]>([]);
export const told = signal<ToldModels>({ outputs: {} });
export const work = signal<Work | undefined>(undefined);
export const fault = signal('');
export const looked = signal<Looked | undefined>(undefined);
export const audited = signal<AuditResult | undefined>(undefined);
export const repaired = signal<Repaired | undefined>(undefined);

let worker: Worker | undefined;

const ended = ({ steps, ...rest }: Work): Work => {
  const last = steps.at(-1);
  const now = performance.now();
  const closed = last && last.ended === undefined ? [...steps.slice(0, -1), { ...last, ended: now }] : steps;
  return { ...rest, steps: closed, running: false };
};

const progressed = (before: Work, what: string, share: number): Work => {
  if (before.steps.at(-1)?.what === what) return { ...before, share };
  const { steps } = ended(before);
  return { ...before, share, steps: [...steps, { what, began: performance.now() }] };
};

const receive = (said: FromWorker): void => {
  if (said.type === 'progress') {
    if (work.value) work.value = progressed(work.value, said.what, said.share);
    return;
  }
  if (work.value) work.value = ended(work.value);
  if (said.type === 'looked') looked.value = said.looked;
  else if (said.type === 'audited') audited.value = said.result;
  else if (said.type === 'repaired') repaired.value = said.repaired;
  else fault.value = said.message;
};

/** Ends the work under way; what was found before stays. */
export const cancel = (): void => {
  worker?.terminate();
  worker = undefined;
  if (work.value?.running) work.value = undefined;
};

/** Forgets what follows from files and settings that are other ones now. */
const forget = (from: Task): void => {
  cancel();
  fault.value = '';
  repaired.value = undefined;
  if (from !== 'repair') audited.value = undefined;
  if (from === 'look') looked.value = undefined;
};

export const start = (message: ToWorker): void => {
  forget(message.type);
  work.value = { task: message.type, steps: [], share: 0, running: true };
  worker = new Worker(new URL('../../dropped/worker.ts', import.meta.url), { type: 'module' });
  worker.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => receive(data));
  worker.addEventListener('error', (event) =>
    receive({ type: 'fault', message: event.message || 'The worker of this page could not start.' }),
  );
  worker.postMessage(message);
};

export const sourceOf = (seed: number, example: boolean): Source => ({
  files: files.value.map(({ file, role }) => ({ file, role })),
  told: told.value,
  seed,
  example,
});

/** Files beside those that are there; one of the same name takes the place of the other. */
export const addFiles = (added: readonly File[]): void => {
  const kept = files.value.filter(({ file }) => added.every(({ name }) => name !== file.name));
  const all = [...kept.map(({ file }) => file), ...added];
  const roles = guessRoles(all.map(({ name }) => name));
  files.value = all.map((file, i) => kept.find((each) => each.said && each.file === file) ?? { file, role: roles[i]! });
  told.value = { outputs: {} };
};

export const setRole = (file: File, role: Role): void => {
  files.value = files.value.map((each) => (each.file === file ? { file, role, said: true } : each));
};

export const clear = (): void => {
  forget('look');
  work.value = undefined;
  files.value = [];
  told.value = { outputs: {} };
};
