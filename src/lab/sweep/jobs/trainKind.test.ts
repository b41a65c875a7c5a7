import files, { mkdir, mkdtemp, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { childHere, description, runConfig, runEffects } from '../../../../test/support/study.js';
import type { RunJob } from '../../runs/job.js';
import { frameOf } from '../../runs/trainingSamples.js';
import { rememberData } from './dataIdentity.js';
import { confinedPlace } from './dataPlace.js';
import { divergenceOf } from './divergence.js';
import type { JobContext, JobSpec } from './job.js';
import { type TrainEffects, trainKind } from './trainKind.js';

const config = { ...runConfig, draws: 'fresh' };
const spec: JobSpec = { kind: 'train', config, data: '00', code: { zdist: '1' } };

const work = async (given: JobSpec, changes: Partial<TrainEffects> = {}, context: Partial<JobContext> = {}) => {
  const folder = await mkdtemp(join(tmpdir(), 'zdist-train-'));
  const jobs: RunJob[] = [];
  const effects: TrainEffects = {
    files,
    now: () => Date.now(),
    spawn: childHere(runEffects(), jobs),
    code: { zdist: '1' },
    placeOf: confinedPlace(undefined),
    identify: () => Promise.resolve({ ...description, train: 120, test: 20, width: 28, height: 28 }),
    ...changes,
  };
  const signal = new AbortController().signal;
  const end = await trainKind(effects).work(given, {
    id: 'a',
    name: 'run',
    folder,
    signal,
    checkpoint: { read: () => Promise.resolve(undefined), write: () => Promise.resolve() },
    onProgress: () => undefined,
    onNote: () => undefined,
    ...context,
  });
  return { end, jobs };
};

describe('trainKind', () => {
  it('trains and names its artefacts, and those that tell of time and place', async () => {
    const { end, jobs } = await work(spec);
    expect(end).toEqual({
      state: 'done',
      files: [
        ...['codes/probes.npy', 'codes/test.parquet', 'config.yaml', 'curve.csv', 'data.json', 'metrics.bin'],
        ...['models/decoder.onnx', 'models/encoder.onnx', 'run.json'],
        ...[50, 100, 150, 200].map((step) => `samples/${frameOf(step)}`),
      ],
      tells: ['run.json', 'config.yaml', 'data.json'],
    });
    expect(jobs).toMatchObject([{ name: 'run', config: { data: 'glyphs' } }]);
  });

  it.each([
    [{ ...spec, extra: 1 }, /job: spec: expected/],
    [{ ...spec, config: { ...config, latents: 0 } }, /job: config\.latents: expected a whole number in 1 … 65536/],
    [{ ...spec, config: { ...config, worker: './evil.js' } }, /job: config: expected/],
    [{ ...spec, config: { ...config, threads: 'auto' } }, /job: config\.threads/],
    [
      { ...spec, config: { ...config, data: '/etc' } },
      /expected glyphs, mnist or a path within ZDIST_DATA_DIR, got "\/etc"/,
    ],
    [{ ...spec, data: 'ff' }, /glyphs: expected data with the hash ff, got 00/],
    [{ ...spec, code: { zdist: '2' } }, /job: expected zdist 2, got a worker with zdist 1/],
    [{ ...spec, code: {} }, /job: expected zdist none, got a worker with zdist 1/],
  ])('refuses what is no run of its own (%#)', async (given, message) => {
    await expect(work(given)).rejects.toThrow(message);
  });

  it('stops when it is told to', async () => {
    const stopping = new AbortController();
    stopping.abort('SIGTERM');
    const { end } = await work(spec, {}, { signal: stopping.signal });
    expect(end).toMatchObject({ state: 'interrupted', reason: expect.stringContaining('stopped by SIGTERM') });
  });
});

describe('confinedPlace', () => {
  it('opens known names, and paths within the data folder', async () => {
    const home = await mkdtemp(join(tmpdir(), 'zdist-data-'));
    await mkdir(join(home, 'digits'));
    await symlink('/etc', join(home, 'away'));
    const place = confinedPlace(home);
    expect(await place('mnist')).toBe('mnist');
    expect(await place('digits')).toBe(join(home, 'digits'));
    for (const data of ['/etc', '../etc', 'digits/../../etc', 'digits\\..\\..', 'away', 'gone', '.']) {
      await expect(place(data)).rejects.toThrow('expected glyphs, mnist or a path within ZDIST_DATA_DIR, got');
    }
    await expect(confinedPlace(join(home, 'none'))('digits')).rejects.toThrow('there is no folder');
  });
});

describe('divergenceOf', () => {
  const reports = (losses: readonly number[], after = 1) => {
    const diverges = divergenceOf({ after, above: 100 });
    return losses.map((loss, i) => diverges({ epoch: i / 2, loss }));
  };

  it('takes three reports in a row above the bound, after the first epochs', () => {
    expect(reports([200, 200, 200, 200, 200])).toEqual([false, false, false, false, false]);
    expect(reports([200, 200, 200, 200, 200, 200])).toEqual([false, false, false, false, false, true]);
    expect(reports([1, 1, 1, 101, 101, 100, 101, 101, 101]).indexOf(true)).toBe(8);
    expect(reports([1, 1, 1, Number.NaN, Number.NaN, Number.POSITIVE_INFINITY]).at(-1)).toBe(true);
  });
});

describe('rememberData', () => {
  it('asks once for each data set and limit', async () => {
    const asked: unknown[] = [];
    const identify = rememberData((place) => {
      asked.push(place);
      return Promise.resolve({ sha256: '00', train: 1, test: 1, width: 1, height: 1 });
    });
    await identify({ data: 'a' });
    await identify({ data: 'a' });
    await identify({ data: 'a', limit: 60 });
    expect(asked).toEqual([{ data: 'a' }, { data: 'a', limit: 60 }]);
  });
});
