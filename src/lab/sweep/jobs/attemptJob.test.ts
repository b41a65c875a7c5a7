import { describe, expect, it } from 'vitest';
import { attemptEffects, echoJob, echoKind, memoryStore } from '../../../../test/support/sweep.js';
import { InputError } from '../../../engine/errors/index.js';
import { attemptJob } from './attemptJob.js';
import { canonicalJson, jobId, loadJob, storeJob } from './job.js';
import { claimJob, committedResult, readLog } from './jobLog.js';

const job = echoJob('one');
const entries = async (store: ReturnType<typeof memoryStore>) =>
  (await readLog(store, job.id)).map((each) => each.entry);

describe('attemptJob', () => {
  it('claims, works and commits once', async () => {
    const effects = attemptEffects();
    const end = await attemptJob(job, effects);
    expect(end).toMatchObject({
      state: 'committed',
      manifest: { job: job.id, token: 1, state: 'done', folder: `jobs/${job.id}/runs/1`, worker: 'here:1' },
    });
    expect(await attemptJob(job, effects)).toEqual(end);
    const log = await readLog(effects.store, job.id);
    expect(log.map((each) => each.entry)).toEqual(['claim', 'commit']);
  });

  it('gives equal content for equal jobs, whatever tells of time', async () => {
    const [a, b] = [attemptEffects(), attemptEffects({ worker: 'there:2' })];
    await attemptJob(job, a);
    await attemptJob(job, b);
    const [first, second] = [await committedResult(a.store, job.id), await committedResult(b.store, job.id)];
    expect(first!.content).toBe(second!.content);
    expect(first!.artefacts).not.toEqual(second!.artefacts);
    const other = echoJob('two');
    await attemptJob(other, a);
    expect((await committedResult(a.store, other.id))!.content).not.toBe(first!.content);
  });

  it('fences a worker whose job was taken over, before and after the other commits', async () => {
    const store = memoryStore();
    const late = attemptEffects({
      store,
      worker: 'late',
      kinds: {
        echo: echoKind(async () => {
          await claimJob(store, job.id, 'other', Date.now);
          return undefined;
        }),
      },
    });
    expect(await attemptJob(job, late)).toEqual({ state: 'fenced' });
    expect(await entries(store)).toEqual(['claim', 'claim']);

    const overtaken = attemptEffects({
      store,
      worker: 'overtaken',
      kinds: {
        echo: echoKind(async () => {
          await attemptJob(job, attemptEffects({ store, worker: 'other' }));
          return undefined;
        }),
      },
    });
    expect(await attemptJob(job, overtaken)).toMatchObject({
      state: 'committed',
      manifest: { token: 4, worker: 'other' },
    });
    expect(await entries(store)).toEqual(['claim', 'claim', 'claim', 'claim', 'commit']);
  });

  it('commits once when many workers race', async () => {
    const store = memoryStore();
    const slow = echoKind(() => new Promise((resolve) => setTimeout(() => resolve(undefined), 5 * Math.random())));
    const ends = await Promise.all(
      Array.from({ length: 12 }, (_, i) =>
        attemptJob(job, attemptEffects({ store, worker: `w${i}`, kinds: { echo: slow } })),
      ),
    );
    const log = await entries(store);
    expect(log.filter((entry) => entry === 'commit')).toEqual(['commit']);
    expect(log.at(-1)).toBe('commit');
    expect(ends.some((end) => end.state === 'committed')).toBe(true);
  });

  it('knows its own commit when the answer is lost, and tries again when the store stumbles', async () => {
    const store = memoryStore();
    let failures = 2;
    const create: typeof store.create = async (key, content) => {
      if (key.endsWith('000002.json') && failures-- > 0) {
        if (failures === 0) await store.create(key, content);
        throw new Error('connection reset');
      }
      return store.create(key, content);
    };
    const end = await attemptJob(job, attemptEffects({ store: { ...store, create } }));
    expect(end).toMatchObject({ state: 'committed', manifest: { token: 1 } });
    expect(await entries(store)).toEqual(['claim', 'commit']);
  });

  it('writes down a failure and an interruption, and starts over after them', async () => {
    const store = memoryStore();
    const ends = [
      { state: 'failed', reason: 'no memory' },
      { state: 'interrupted', reason: 'SIGTERM' },
    ] as const;
    for (const end of ends) {
      const kinds = { echo: echoKind(() => Promise.resolve(end)) };
      expect(await attemptJob(job, attemptEffects({ store, kinds }))).toEqual(end);
    }
    expect(await attemptJob(job, attemptEffects({ store }))).toMatchObject({ manifest: { token: 5 } });
    expect(await entries(store)).toEqual(['claim', 'end', 'claim', 'end', 'claim', 'commit']);
  });

  it('makes a failure of what a kind throws, and of a kind that it does not know', async () => {
    const throwing = (error: unknown) => ({ echo: echoKind(() => Promise.reject(error)) });
    expect(await attemptJob(job, attemptEffects({ kinds: throwing(new InputError('job: bad')) }))).toEqual({
      state: 'failed',
      reason: 'job: bad',
      hopeless: 'input',
    });
    expect(await attemptJob(job, attemptEffects({ kinds: throwing('odd') }))).toEqual({
      state: 'failed',
      reason: 'odd',
    });
    expect(await attemptJob(job, attemptEffects({ kinds: {} }))).toMatchObject({ state: 'failed', hopeless: 'input' });
  });
});

describe('jobs in a store', () => {
  it('come back, and are known by the hash of what they ask for', async () => {
    const store = memoryStore();
    await storeJob(store, job);
    await storeJob(store, { ...job, name: 'another name' });
    expect(await loadJob(store, job.id)).toEqual(job);
    expect(jobId({ kind: 'a', b: { y: 1, x: [2, 1] } })).toBe(jobId({ b: { x: [2, 1], y: 1 }, kind: 'a' }));
    expect(canonicalJson({ b: 1, a: [{ d: 1, c: 2 }] })).toBe('{"a":[{"c":2,"d":1}],"b":1}');
  });

  it.each([
    ['{"schema":1,"name":"x","spec":{"kind":"echo","text":"other"}}', /expected a job with the hash [0-9a-f]{32}, got/],
    ['{"schema":2}', /expected a job as JSON, got 12 other bytes/],
    ['', /expected a job as JSON, got 0 other bytes/],
  ])('refuse the content %s', async (content, message) => {
    const store = memoryStore();
    store.objects.set(`jobs/${job.id}/job.json`, content);
    await expect(loadJob(store, job.id)).rejects.toThrow(message);
  });

  it('say when there is none, and when a log is damaged', async () => {
    const store = memoryStore();
    await expect(loadJob(store, job.id)).rejects.toThrow('expected a job, got no such file');
    store.objects.set(`jobs/${job.id}/log/000001.json`, '{"entry":"cla');
    await expect(readLog(store, job.id)).rejects.toThrow(
      `memory/jobs/${job.id}/log/000001.json: expected an entry of the log of a job, got 13 other bytes`,
    );
  });
});
