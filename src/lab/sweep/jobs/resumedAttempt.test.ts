/** Attempts that go on from the checkpoint of the one before: results are those of one that was never disturbed. */
import files from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { countingTrain } from '../../../../test/support/countingTrain.js';
import { childHere, dataset, description, runConfig, runEffects } from '../../../../test/support/study.js';
import { attemptEffects, memoryStore } from '../../../../test/support/sweep.js';
import type { ResultStore } from '../store/resultStore.js';
import { type AttemptEnd, attemptJob } from './attemptJob.js';
import { confinedPlace } from './dataPlace.js';
import { type Job, jobId } from './job.js';
import { type TrainEffects, type TrainSpec, trainKind } from './trainKind.js';

const code = { zdist: '1' };
const config = { ...runConfig, draws: 'fresh' } as const;
const specOf = (changes: Partial<TrainSpec> = {}): TrainSpec => ({
  ...{ kind: 'train', config, data: dataset.sha256, code },
  ...changes,
});
const jobOf = (spec: TrainSpec): Job => ({ id: jobId(spec), name: 'run', spec });
const JOB = jobOf(specOf());
const KEPT = `jobs/${JOB.id}/checkpoint`;

interface Attempted {
  readonly end: AttemptEnd;
  /** Step that the training began at; undefined for one from the beginning. */
  readonly from: number | undefined;
  readonly notes: readonly string[];
}

/** `disturb` is told each step of the training, and may stop it or throw. */
const attempt = async (
  store: ResultStore,
  job = JOB,
  disturb: (step: number, stop: () => void) => void = () => undefined,
  changes: Partial<TrainEffects> = {},
): Promise<Attempted> => {
  const stopping = new AbortController();
  const notes: string[] = [];
  let from: number | undefined;
  const train = countingTrain(
    (step) => disturb(step, () => stopping.abort('SIGTERM')),
    (step) => {
      from = step;
    },
  );
  const kind = trainKind({
    files,
    now: () => Date.now(),
    spawn: childHere(runEffects({ train })),
    code,
    placeOf: confinedPlace(undefined),
    identify: () => Promise.resolve({ ...description, sha256: dataset.sha256 }),
    checkpointSeconds: 0,
    ...changes,
  });
  const onNote = (text: string): void => void notes.push(text);
  const effects = { store, kinds: { train: kind }, signal: stopping.signal, onNote };
  return { end: await attemptJob(job, attemptEffects(effects)), from, notes };
};
const contentOf = ({ end }: Attempted): string => {
  if (end.state !== 'committed') throw new Error(`expected a commit, got ${JSON.stringify(end)}`);
  return end.manifest.content;
};
const undisturbed = async (job = JOB): Promise<string> => contentOf(await attempt(memoryStore(), job));
const at = (step: number, what: () => void) => (now: number) => {
  if (now === step) what();
};
const badDay = (): void => {
  throw new Error('a bad day');
};

describe('an attempt after another', () => {
  it('goes on from where one was stopped, and leaves no checkpoint behind', async () => {
    const store = memoryStore();
    const first = await attempt(store, JOB, (step, stop) => at(150, stop)(step), { checkpointSeconds: 1000 });
    expect(first.end).toMatchObject({ state: 'interrupted' });
    expect(store.objects.has(KEPT)).toBe(true);
    const second = await attempt(store);
    expect(second.from).toBeGreaterThanOrEqual(150);
    expect(second.notes).toEqual([`goes on from step ${second.from}`]);
    expect(contentOf(second)).toBe(await undisturbed());
    expect(store.objects.has(KEPT)).toBe(false);
  });

  it('goes on from the last checkpoint of one that failed, again and again', async () => {
    const store = memoryStore();
    const starts: (number | undefined)[] = [];
    for (const step of [100, 200, 300]) {
      const { end, from } = await attempt(store, JOB, at(step, badDay));
      expect(end).toMatchObject({ state: 'failed', reason: 'a bad day' });
      starts.push(from);
    }
    const last = await attempt(store);
    expect([...starts, last.from]).toEqual([undefined, 100, 200, 300]);
    expect(contentOf(last)).toBe(await undisturbed());
  });

  it('keeps none of a run that takes less than an interval', async () => {
    const store = memoryStore();
    await attempt(store, JOB, at(200, badDay), { checkpointSeconds: 1000 });
    expect(store.objects.has(KEPT)).toBe(false);
    expect((await attempt(store)).from).toBeUndefined();
  });

  it('begins again where the checkpoint is damaged, or of another run', async () => {
    const store = memoryStore();
    await attempt(store, JOB, at(200, badDay));
    const kept = Buffer.from(store.objects.get(KEPT) as Uint8Array);
    const flipped = Buffer.from(kept);
    flipped[kept.indexOf(10) + 100]! ^= 1;
    const other = jobOf(specOf({ config: { ...config, seed: 2 } }));
    const damaged: [string, Uint8Array, Job][] = [
      ['flipped', flipped, JOB],
      ['cut', kept.subarray(0, kept.length - 1), JOB],
      ['empty', new Uint8Array(0), JOB],
      ['another text', Buffer.from('{"schema":1}\n'), JOB],
      ['of another configuration', kept, other],
    ];
    for (const [what, content, job] of damaged) {
      const again = memoryStore();
      await again.replace(`jobs/${job.id}/checkpoint`, content);
      const attempted = await attempt(again, job);
      expect([attempted.from, contentOf(attempted)], what).toEqual([undefined, await undisturbed(job)]);
    }
  });

  it('is no worse off where checkpoints cannot be kept', async () => {
    const store: ResultStore = { ...memoryStore(), replace: () => Promise.reject(new Error('full')) };
    expect((await attempt(store)).end.state).toBe('committed');
  });

  it('counts high losses on, and diverges at the step at which it would have', async () => {
    // Losses are 1 / step: the first three reports lie above the bound.
    const job = jobOf(specOf({ stop: { after: 0, above: 0.0055 } }));
    const store = memoryStore();
    await attempt(store, job, at(100, badDay));
    const second = await attempt(store, job);
    expect(second.from).toBe(100);
    expect(second.end).toMatchObject({ manifest: { state: 'diverged' } });
    expect(contentOf(second)).toBe(await undisturbed(job));
  });
});
