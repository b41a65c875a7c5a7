import files, { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import {
  controls,
  fakeTrain,
  finalValues,
  measures,
  noSpace,
  origin,
  runConfig,
  runEffects,
} from '../../../test/support/study.js';
import { NonFiniteError } from '../../engine/errors/index.js';
import { readNpy } from '../../vae/data/arrays/index.js';
import type { RunJob } from './job.js';
import { runJob } from './runJob.js';
import type { Train } from './trainer.js';
import { frameOf } from './trainingSamples.js';

const newJob = async (): Promise<RunJob> => {
  const folder = join(await mkdtemp(join(tmpdir(), 'zdist-run-')), 'joint');
  return { name: 'joint', folder, config: runConfig };
};
const ignore = (): void => undefined;
const listener = { onProgress: ignore, onEvaluation: ignore, onNote: ignore, stopReason: () => undefined };
const record = async ({ folder }: RunJob) => JSON.parse(await readFile(join(folder, 'run.json'), 'utf8')) as unknown;

describe('runJob', () => {
  it('leaves a whole run folder', async () => {
    const job = await newJob();
    const { result } = await runJob(job, runEffects(), listener);
    expect(result).toMatchObject({ state: 'done', steps: 200, parameters: 12, final: finalValues, folder: '.' });
    expect(result.trained).toEqual(['encoder', 'decoder']);
    const written = ['config.yaml', 'curve.csv', 'data.json', 'metrics.bin', 'run.json'];
    const folders = ['codes', 'lock', 'models', 'samples'];
    expect((await readdir(job.folder)).sort()).toEqual([...written, ...folders].sort());
    const frames = [50, 100, 150, 200].map((step) => frameOf(step));
    expect((await readdir(join(job.folder, 'samples'))).sort()).toEqual(frames);
    expect(result).toMatchObject({ ...measures, controls });
    expect(await readdir(join(job.folder, 'models'))).toEqual(['decoder.onnx', 'encoder.onnx']);
    expect(parse(await readFile(join(job.folder, 'config.yaml'), 'utf8'))).toEqual(runConfig);
    expect(await record(job)).toMatchObject({ schema: 2, state: 'done', config: runConfig, ...origin });
    expect(await record(job)).not.toHaveProperty('curve');
    expect((await readFile(join(job.folder, 'curve.csv'), 'utf8')).split('\n')).toHaveLength(6);
  });

  it('keeps the codes of the probes over training', async () => {
    const job = await newJob();
    const { result } = await runJob(job, runEffects(), listener);
    expect(result.probes).toEqual({ file: 'codes/probes.npy', images: 2 });
    const { data, shape } = readNpy(await readFile(join(job.folder, 'codes/probes.npy')), 'probes.npy');
    expect(shape).toEqual([result.curve.length, 2, 2, 128]);
    // mu of the second point is the number of its step; the sigma after it is 0.5.
    expect([data[2 * 256], data[3 * 256 - 1], data[3 * 256]]).toEqual([100, 100, 0.5]);
  });

  it('has no probes where z has nothing to do with x', async () => {
    const job = await newJob();
    const train: Train = async (...given) => ({ ...(await fakeTrain()(...given)), probes: { images: 0, points: [] } });
    const { result } = await runJob(job, runEffects({ train }), listener);
    expect(result).not.toHaveProperty('probes');
    expect(await readdir(join(job.folder, 'codes'))).toEqual(['test.parquet']);
  });

  it('has no frames of a decoder that does not learn', async () => {
    const job = await newJob();
    await runJob({ ...job, config: { ...runConfig, regime: 'encoder-only' } }, runEffects(), listener);
    expect(await readdir(job.folder)).not.toContain('samples');
  });

  it('says that it is running while it runs', async () => {
    const job = await newJob();
    let seen: unknown;
    const train = fakeTrain(async () => {
      seen = await record(job);
    });
    await runJob(job, runEffects({ train }), listener);
    expect(seen).toMatchObject({ state: 'running', config: { regime: 'joint' } });
  });

  it('keeps what was reached before a loss that is not finite', async () => {
    const job = await newJob();
    const train = fakeTrain((_, chunk) => {
      if (chunk === 2) throw new NonFiniteError('loss: expected a finite number at step 101, got NaN', 101, 'loss');
    });
    const { result, hopeless } = await runJob(job, runEffects({ train }), listener);
    const error = 'loss: expected a finite number at step 101, got NaN';
    expect(result).toMatchObject({ state: 'failed', error, steps: 100, final: finalValues, curve: { length: 2 } });
    expect(hopeless).toBeUndefined();
    expect(await record(job)).toMatchObject({ state: 'failed', error });
  });

  it('stops after the chunk and writes what there is', async () => {
    const job = await newJob();
    let chunks = 0;
    const train = fakeTrain(() => void chunks++);
    const stopReason = () => (chunks >= 2 ? 'SIGINT' : undefined);
    const { result } = await runJob(job, runEffects({ train }), { ...listener, stopReason });
    expect(result).toMatchObject({ state: 'interrupted', steps: 100, error: 'stopped by SIGINT at step 100' });
    expect(await readdir(join(job.folder, 'models'))).toHaveLength(2);
    expect(result.probes).toBeDefined();
    expect(result).not.toHaveProperty('codes');
    expect(result).not.toHaveProperty('nearest');
    expect(result).not.toHaveProperty('controls');
  });

  it('reports a disk that fills up, with what was measured', async () => {
    const job = await newJob();
    const full: typeof files = {
      ...files,
      writeFile: async (path, ...rest) => {
        if (String(path).includes('encoder.onnx')) throw noSpace();
        await files.writeFile(path, ...rest);
      },
    };
    const { result, hopeless } = await runJob(job, runEffects({ files: full }), listener);
    const path = join(job.folder, 'models/encoder.onnx');
    expect(result).toMatchObject({
      state: 'failed',
      error: `cannot write ${path}: no space left on the disk (ENOSPC)`,
    });
    expect(result.final).toEqual(finalValues);
    expect(hopeless).toBe('disk');
  });

  it('has no final values before the first evaluation', async () => {
    const job = await newJob();
    const openData = () => Promise.reject(new Error('gone'));
    const { result } = await runJob(job, runEffects({ openData }), listener);
    expect(result).toMatchObject({ state: 'failed', error: 'gone', steps: 0, curve: [] });
    expect(result).not.toHaveProperty('final');
  });
});
