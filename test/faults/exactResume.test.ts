/** Real trainings that are killed or stopped, and gone on with: every byte is that of a run never interrupted. */
import { describe, expect, it } from 'vitest';
import { nodeRuntime } from '../../src/engine/runtime/node.js';
import type { RunConfig } from '../../src/lab/config/index.js';
import { pixelDigest } from '../../src/lab/data/digest.js';
import { encodeCodes } from '../../src/lab/runs/codesFile.js';
import { drawSamples, viewFrames } from '../../src/lab/runs/drawSamples.js';
import type { RunOutcome } from '../../src/lab/runs/job.js';
import { type RunListener, runJob } from '../../src/lab/runs/runJob.js';
import { train } from '../../src/vae/training/index.js';
import { FaultyDisk, RUN } from '../support/faultyDisk.js';
import { runEffects } from '../support/study.js';
import { tinyConfig, tinyData } from '../support/tinyModel.js';

const data = tinyData();
const opened = { ...data, sha256: pixelDigest(data), source: 'drawn' };
const configOf = (changes: Partial<RunConfig>): RunConfig => ({
  ...tinyConfig({ epochs: 3 }),
  ...{ data: 'tiny', threads: 1 },
  ...changes,
});
const ignore = (): void => undefined;

interface Told {
  readonly outcome: RunOutcome;
  readonly notes: readonly string[];
}

const trained = async (disk: FaultyDisk, config: RunConfig, resume: boolean, stopAt = Infinity): Promise<Told> => {
  const notes: string[] = [];
  let step = 0;
  const listener: RunListener = {
    onProgress: (progress) => {
      step = progress.step;
    },
    onEvaluation: ignore,
    onNote: (text) => void notes.push(text),
    stopReason: () => (step >= stopAt ? 'SIGTERM' : undefined),
  };
  const effects = runEffects({
    files: disk,
    processes: { self: { pid: 1, host: 'here' }, exists: () => false, startOf: () => undefined },
    openData: () => Promise.resolve(opened),
    train: (settings, images, hooks, start) => train(settings, images, nodeRuntime(), hooks, start),
    drawSamples: (model, images, job) => drawSamples(disk, model, images, job),
    viewFrames: (images, job) => viewFrames(images, job, nodeRuntime()),
    encodeCodes,
  });
  const job = { name: 'tiny', folder: RUN, config, resume, checkpointSeconds: 0 };
  return { outcome: await runJob(job, effects, listener), notes };
};

const lasting = (disk: FaultyDisk): Record<string, Buffer> =>
  Object.fromEntries(Object.entries(disk.content(RUN)).filter(([path]) => path !== 'run.json'));

const FILES = [
  'checkpoints/step-000024.safetensors',
  ...[
    'codes/probes.npy',
    'codes/test.parquet',
    'metrics.bin',
    'curve.csv',
    'models/decoder.onnx',
    'models/encoder.onnx',
  ],
  ...['samples/encoder.png', 'samples/prior.png'],
  ...['samples/step-000000.png', 'samples/step-000008.png', 'samples/step-000024.png'],
];

const expectSame = (got: FaultyDisk, expected: FaultyDisk, what: string): void => {
  const [a, b] = [lasting(got), lasting(expected)];
  for (const path of Object.keys(b).filter((each) => !each.startsWith('checkpoints/') || FILES.includes(each))) {
    expect(a[path]?.equals(b[path]!), `${path}, ${what}`).toBe(true);
  }
};

describe.each([
  { regime: 'joint' },
  { regime: 'encoder-only' },
  { regime: 'separate' },
  { regime: 'tandem' },
  { regime: 'random-z' },
  { regime: 'joint', kl: 'mc', binarisation: 'dynamic' },
] as const)('a run of %j', (changes) => {
  it('has the bytes of one never interrupted, after a kill and after a signal', async () => {
    const config = configOf(changes);
    const whole = new FaultyDisk(1);
    const { outcome } = await trained(whole, config, false);
    expect(outcome.result.state).toBe('done');
    const absent = { 'random-z': /probes/, 'encoder-only': /samples\/step/ }[changes.regime as string] ?? /^$/;
    expect(Object.keys(lasting(whole))).toEqual(expect.arrayContaining(FILES.filter((each) => !absent.test(each))));

    const calls = whole.calls;
    for (const share of [0.4, 0.75]) {
      const at = Math.round(share * calls);
      const disk = new FaultyDisk(at, (call) => (call === at ? 'kill' : undefined));
      await trained(disk, config, false);
      disk.restart('power');
      const { outcome: resumed, notes } = await trained(disk, config, true);
      expect(resumed.result).toMatchObject({ state: 'done', curve: outcome.result.curve, final: outcome.result.final });
      expect(notes.at(-1)).toMatch(/^goes on from step \d+$/);
      expectSame(disk, whole, `killed at call ${at} of ${calls}`);
    }

    // At step 12 `separate` has ended its first half and not begun the second; at step 5 no evaluation is due.
    for (const step of [5, 12]) {
      const disk = new FaultyDisk(1);
      const stopped = await trained(disk, config, false, step);
      expect(stopped.outcome.result.state).toBe('interrupted');
      expect(stopped.outcome.result.steps).toBeLessThan(24);
      expect((await trained(disk, config, true)).outcome.result.state).toBe('done');
      expectSame(disk, whole, `stopped after step ${step}`);
    }
  });
});

describe('a run that goes on', () => {
  it('falls back to the checkpoint before a damaged one, says so, and ends the same', async () => {
    const config = configOf({ regime: 'separate' });
    const [whole, disk] = [new FaultyDisk(1), new FaultyDisk(1)];
    await trained(whole, config, false);
    await trained(disk, config, false, 16);
    disk.damage(`${RUN}/checkpoints/step-000016.safetensors`, (values) =>
      Buffer.concat([values.subarray(0, -1), Buffer.of(values.at(-1)! ^ 4)]),
    );
    const { notes } = await trained(disk, config, true);
    const damaged = /^checkpoints\/step-000016: expected values of SHA-256 .* falling back to step 12$/;
    expect(notes).toEqual([expect.stringMatching(damaged), 'goes on from step 12']);
    expectSame(disk, whole, 'after a damaged checkpoint');
  });

  it('refuses other data than it began with, and a folder that holds another run', async () => {
    const config = configOf({});
    const disk = new FaultyDisk(1);
    await trained(disk, config, false, 2);
    const before = Object.keys(lasting(disk));
    disk.damage(`${RUN}/data.json`, (text) => Buffer.from(text.toString().replace(opened.sha256, 'f'.repeat(64))));
    const other = (await trained(disk, config, true)).outcome;
    expect(other.result.error).toBe(
      `${RUN}: expected tiny with the SHA-256 ${'f'.repeat(64)} it began with, got ${opened.sha256}`,
    );
    expect(other.hopeless).toBe('input');
    expect(Object.keys(lasting(disk))).toEqual(before);
    const { result } = (await trained(disk, config, false)).outcome;
    expect(result.error).toBe(`${RUN}: expected a new folder, got one that holds a run`);
  });
});
