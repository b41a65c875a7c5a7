/** A run on a disk that breaks at each of its calls in turn: the folder opens, and goes on to the same bytes. */
import { describe, expect, it } from 'vitest';
import type { RunJob, RunOutcome } from '../../src/lab/runs/job.js';
import { livingWriter } from '../../src/lab/runs/lock/lock.js';
import type { Processes } from '../../src/lab/runs/lock/writers.js';
import { readRunMetrics } from '../../src/lab/runs/reading/curve.js';
import { readRecord } from '../../src/lab/runs/reading/record.js';
import { type RunListener, runJob } from '../../src/lab/runs/runJob.js';
import { writeFile } from '../../src/lab/runs/writeFile.js';
import { countingTrain } from '../support/countingTrain.js';
import { FaultyDisk, RUN, systemError } from '../support/faultyDisk.js';
import { runConfig, runEffects } from '../support/study.js';

const job: RunJob = { name: 'joint', folder: RUN, config: runConfig, checkpointSeconds: 0 };
const ignore = (): void => undefined;
const listener: RunListener = { onProgress: ignore, onEvaluation: ignore, onNote: ignore, stopReason: ignore as never };

/** Each process of a test has a pid of its own, and all before it are dead. */
const processOf = (pid: number): Processes => ({
  self: { pid, host: 'here', started: '1' },
  exists: (other) => other === pid,
  startOf: () => '1',
});

interface Trial {
  readonly outcome: RunOutcome;
  /** The last step whose checkpoint was whole, and the step that the run went on from. */
  readonly kept: number;
  readonly from: number | undefined;
}

const trial = async (
  disk: FaultyDisk,
  pid: number,
  resume: boolean,
  told: Partial<RunListener> = {},
): Promise<Trial> => {
  let kept = 0;
  let from: number | undefined;
  const outcome = await runJob(
    { ...job, resume },
    runEffects({
      files: disk,
      now: () => 1_000_000 + pid,
      processes: processOf(pid),
      train: countingTrain(
        (step) => {
          kept = step;
        },
        (step) => {
          from = step;
        },
      ),
      encodeCodes: (model) => Promise.resolve(model.encoderOnnx()),
      drawSamples: async () => {
        await writeFile(disk, `${RUN}/samples/prior.png`, new Uint8Array(9));
        return [{ z: 'prior', file: 'samples/prior.png', rows: 8, columns: 8, seed: 1 }];
      },
    }),
    { ...listener, ...told },
  );
  return { outcome, kept, from };
};

/** What must not depend on what happened on the way. */
const lasting = (disk: FaultyDisk): Record<string, string> =>
  Object.fromEntries(
    Object.entries(disk.content(RUN))
      .filter(([path]) => path !== 'run.json' && !path.startsWith('checkpoints/'))
      .map(([path, data]) => [path, data.toString('base64')]),
  );

const whole = async (): Promise<{ calls: number; files: Record<string, string> }> => {
  const disk = new FaultyDisk(1);
  const { outcome } = await trial(disk, 1, false);
  expect(outcome.result.state).toBe('done');
  return { calls: disk.calls, files: lasting(disk) };
};

/** A folder that was left somehow can be read, and says that nobody writes it. */
const expectOpen = async (disk: FaultyDisk): Promise<void> => {
  const reading = { files: disk, now: () => 2_000_000, processes: processOf(99) };
  expect(await livingWriter(RUN, reading)).toBeUndefined();
  const { curve } = await readRunMetrics(disk, RUN);
  expect(curve.map(({ step }) => step)).toEqual([0, 100, 200, 300].slice(0, curve.length));
  if ('run.json' in disk.content(RUN)) expect((await readRecord(disk, RUN)).name).toBe('joint');
};

describe('a run that is killed', () => {
  it.each([
    ['kill', 1],
    ['power', 3],
    ['power', 4],
  ] as const)('by %s at any call of the file system goes on to the same bytes, seed %i', async (loss, seed) => {
    const { calls, files } = await whole();
    expect(calls).toBeGreaterThan(150);
    for (let k = 1; k <= calls; k++) {
      const disk = new FaultyDisk(1000 * seed + k, (call) => (call === k ? 'kill' : undefined));
      const killed = await trial(disk, 1, false);
      disk.restart(loss);
      await expectOpen(disk);
      const resumed = await trial(disk, 2, true);
      const where = `killed at call ${k} of ${calls}`;
      expect(resumed.outcome.result.error, where).toBeUndefined();
      // Checkpoints come after every chunk here: none that was whole is lost.
      expect(resumed.from ?? 0, where).toBeGreaterThanOrEqual(killed.kept);
      expect(lasting(disk), where).toEqual(files);
    }
  });

  it('again and again comes to its end', async () => {
    const { files } = await whole();
    const disk = new FaultyDisk(7, (call) => (call === 60 ? 'kill' : undefined));
    let tries = 1;
    while ((await trial(disk, tries, tries > 1)).outcome.result.state !== 'done') {
      expect(++tries).toBeLessThan(40);
      const at = 40 + 7 * tries;
      disk.restart(tries % 2 === 0 ? 'kill' : 'power', (call) => (call === at ? 'kill' : undefined));
    }
    expect(tries).toBeGreaterThan(3);
    expect(lasting(disk)).toEqual(files);
  });
});

describe('a disk that refuses a call', () => {
  it.each(['ENOSPC', 'EACCES', 'EIO'])('by %s makes the run fail, with the last good state', async (code) => {
    const { calls, files } = await whole();
    for (let k = 1; k <= calls; k++) {
      // From there on, so that not even the failure can be written.
      for (const last of [k, Number.POSITIVE_INFINITY]) {
        const disk = new FaultyDisk(k, (call) => (call >= k && call <= last ? systemError(code) : undefined));
        const failed = await trial(disk, 1, false);
        const { state, error } = failed.outcome.result;
        const where = `${code} at call ${k} … ${last}`;
        // A run may do without what it only looked at once, and at its end without leaving the lock.
        if (state === 'done') expect(lasting(disk), where).toEqual(files);
        else expect(error, where).toContain(code);
        if (last > calls && calls - k > 8) expect(state, where).toBe('failed');
        disk.restart('kill');
        await expectOpen(disk);
        const resumed = await trial(disk, 2, true);
        expect(resumed.from ?? 0, where).toBeGreaterThanOrEqual(failed.kept);
        expect(lasting(disk), where).toEqual(files);
      }
    }
  });
});
