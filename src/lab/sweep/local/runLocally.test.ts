import { describe, expect, it } from 'vitest';
import { echoJob } from '../../../../test/support/sweep.js';
import { StorageError } from '../../runs/writeFile.js';
import type { AttemptEnd } from '../jobs/attemptJob.js';
import type { SweepJob } from '../outcome.js';
import { type LocalEffects, runLocally } from './runLocally.js';

const failed: AttemptEnd = { state: 'failed', reason: 'bad' };
const fenced: AttemptEnd = { state: 'fenced' };
const jobs: SweepJob[] = [1, 3, 2].map((weight) => ({ ...echoJob(`job${weight}`), varied: {}, weight }));
const soon = () => new Promise((resolve) => setImmediate(resolve));

const run = async (attempt: (name: string) => AttemptEnd, changes: Partial<LocalEffects> = {}) => {
  const started: string[] = [];
  let [active, most] = [0, 0];
  const outcomes = await runLocally(jobs, {
    attempt: async ({ name }) => {
      most = Math.max(most, ++active);
      await soon();
      active--;
      return attempt(name);
    },
    atOnce: () => 2,
    retries: 0,
    interrupt: new AbortController().signal,
    started: ({ name }) => started.push(name),
    progress: () => undefined,
    ended: () => Promise.resolve(),
    note: () => undefined,
    ...changes,
  });
  return { started, most, states: jobs.map(({ id }) => outcomes.get(id)!.state) };
};

describe('runLocally', () => {
  it('starts the longest first, no more side by side than fit, and tries again at the end', async () => {
    let bad = true;
    const attempt = (name: string): AttemptEnd => {
      if (name !== 'job3' || !bad) return fenced;
      bad = false;
      return failed;
    };
    expect(await run(attempt, { retries: 1 })).toEqual({
      started: ['job3', 'job2', 'job1', 'job3'],
      most: 2,
      states: ['open', 'open', 'open'],
    });
  });

  it('starts more as soon as more fit', async () => {
    let fitting = 1;
    const { started, most } = await run(
      () => {
        fitting = 2;
        return fenced;
      },
      { atOnce: () => fitting },
    );
    expect([started, most]).toEqual([['job3', 'job2', 'job1'], 2]);
  });

  it('goes on when the store cannot be read, and ends when it cannot be written to', async () => {
    const throwing = (error: Error) => () => {
      throw error;
    };
    const unread = await run(throwing(new Error('cannot read')), { atOnce: () => 1 });
    expect(unread).toMatchObject({ started: ['job3', 'job2', 'job1'], states: ['failed', 'failed', 'failed'] });
    const unwritten = await run(throwing(new StorageError('/s', new Error('gone'))), { atOnce: () => 1, retries: 5 });
    expect(unwritten).toMatchObject({ started: ['job3'], states: ['open', 'failed', 'open'] });
  });
});
