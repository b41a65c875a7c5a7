import { z } from 'zod';
import { InputError } from '../../engine/errors/index.js';
import { loadJob, storeJob } from './jobs/job.js';
import type { SweepJob } from './outcome.js';
import type { ResultStore } from './store/resultStore.js';

/** The jobs of a sweep in their order, as `plan.json` in its store holds them. */
export interface SweepPlanFile {
  readonly name: string;
  readonly jobs: readonly SweepJob[];
}

const KEY = 'plan.json';
const ENTRIES = 'an id, a name, what varies and a weight';

const stored = z.strictObject({
  schema: z.literal(1, { error: '1' }),
  name: z.string({ error: 'a text' }),
  jobs: z.array(
    z.strictObject({
      id: z.string().regex(/^[0-9a-f]{32}$/),
      name: z.string(),
      varied: z.record(z.string(), z.unknown()),
      weight: z.number(),
    }),
    { error: ENTRIES },
  ),
});

/** Lays the jobs, the plan and the file that it came from into the store; a plan that is there is replaced. */
export const storePlan = async (store: ResultStore, { name, jobs }: SweepPlanFile, source: string): Promise<void> => {
  for (const job of jobs) await storeJob(store, job);
  const listed = jobs.map(({ spec: _spec, ...entry }) => entry);
  await store.replace('sweep.yaml', source);
  await store.replace(KEY, `${JSON.stringify({ schema: 1, name, jobs: listed }, null, 2)}\n`);
};

export const hasPlan = async (store: ResultStore): Promise<boolean> => (await store.read(KEY)) !== undefined;

/** Throws: InputError when there is no plan, or one that zdist did not write, or a job of it is damaged. */
export const readPlan = async (store: ResultStore): Promise<SweepPlanFile> => {
  const content = await store.read(KEY);
  if (content === undefined)
    throw new InputError(`${store.name}: expected the folder of a sweep, got one without ${KEY}`);
  const { name, jobs } = parsePlan(content, `${store.name}/${KEY}`);
  const read: SweepJob[] = [];
  for (const { id, ...entry } of jobs) read.push({ ...(await loadJob(store, id)), ...entry });
  return { name, jobs: read };
};

const parsePlan = (content: Uint8Array, place: string): z.infer<typeof stored> => {
  try {
    return stored.parse(JSON.parse(Buffer.from(content).toString('utf8')));
  } catch {
    throw new InputError(`${place}: expected the plan of a sweep, got ${content.length} other bytes`);
  }
};
