import { describe, expect, it } from 'vitest';
import { FaultyDisk, RUN } from '../../../../test/support/faultyDisk.js';
import type { TrainState } from '../../../vae/training/index.js';
import { encodeRecord, HEADER } from '../metrics/metrics.js';
import { dropAfter } from './dropCheckpoints.js';
import type { Manifest } from './manifest.js';
import { restore } from './restore.js';
import { readSafetensors, writeSafetensors } from './safetensors.js';
import { saveCheckpoint } from './saveCheckpoint.js';
import { fromVectors, toVectors } from './stateVectors.js';

const identity = { config: 'a'.repeat(64), data: 'b'.repeat(64) };
const log = encodeRecord(HEADER);
const about = (quality: number): Omit<Manifest, 'schema' | 'step' | 'bytes' | 'sha256'> => ({
  ...identity,
  metrics: log.length,
  seconds: 1,
  quality,
});

const state = (step: number, measured = step): TrainState => {
  const of = (value: number) => ({ encoder: Float32Array.of(value, 1), decoder: Float32Array.of(value, 2, 3) });
  return {
    step,
    weights: of(step),
    moments: { means: new Float32Array(5).fill(step), squares: new Float32Array(5) },
    measured: { step: measured, weights: of(measured) },
  };
};

/** A disk with checkpoints of these qualities, one every hundred steps. */
const saved = async (...qualities: number[]): Promise<FaultyDisk> => {
  const disk = new FaultyDisk(1);
  await disk.mkdir(RUN);
  await disk.writeFile(`${RUN}/metrics.bin`, log, {});
  for (const [i, quality] of qualities.entries()) await saveCheckpoint(disk, RUN, state(100 * (i + 1)), about(quality));
  return disk;
};
const checkpoints = (disk: FaultyDisk): string[] =>
  Object.keys(disk.content(RUN))
    .filter((path) => path.startsWith('checkpoints/'))
    .sort();
const fileOf = (step: number, kind: string): string => `checkpoints/step-000${step}.${kind}`;
const filesOf = (...steps: number[]): string[] =>
  steps.flatMap((step) => [fileOf(step, 'json'), fileOf(step, 'safetensors')]);

describe('the values of a checkpoint', () => {
  it('are a state, whole, with what was measured last beside it where that is another', () => {
    for (const each of [state(300), state(300, 200), { ...state(7), moments: {} }]) {
      expect(fromVectors(readSafetensors(writeSafetensors(toVectors(each)), 'file'), 'file')).toEqual(each);
    }
    expect(toVectors(state(300)).vectors).not.toHaveProperty('measured.encoder');
  });

  it('begin at a multiple of eight bytes, as the format asks', () => {
    const file = Buffer.from(writeSafetensors(toVectors(state(1))));
    const header = Number(file.readBigUInt64LE());
    expect(header % 8).toBe(0);
    expect(JSON.parse(file.toString('utf8', 8, 8 + header))).toMatchObject({
      __metadata__: { format: 'zdist checkpoint 1', step: '1' },
      encoder: { dtype: 'F32', shape: [2], data_offsets: [0, 8] },
      decoder: { dtype: 'F32', shape: [3], data_offsets: [8, 20] },
    });
    expect(file.readFloatLE(8 + header)).toBe(1);
  });

  it('are refused where the file is cut', () => {
    const file = writeSafetensors(toVectors(state(1)));
    expect(() => readSafetensors(file.subarray(0, 4), 'f')).toThrow(
      'f: expected a header of .safetensors, got 4 bytes',
    );
    expect(() => readSafetensors(file.subarray(0, -4), 'f')).toThrow(
      'f: expected moments.squares as a whole float32 vector, got F32 [5] of 16 bytes',
    );
    expect(() => fromVectors({ vectors: { encoder: new Float32Array(1) }, metadata: {} }, 'f')).toThrow(
      'f: expected a vector decoder, got encoder',
    );
  });
});

describe('checkpoints', () => {
  it('are the last two and the best', async () => {
    expect(checkpoints(await saved(-5))).toEqual(filesOf(100));
    expect(checkpoints(await saved(-5, -3, -4, -6))).toEqual(filesOf(200, 300, 400));
    expect(checkpoints(await saved(-5, -4, -3, -2))).toEqual(filesOf(300, 400));
    // Of equals the later one, and one that was not measured is never the best.
    expect(checkpoints(await saved(-3, -3, -4, -4))).toEqual(filesOf(200, 300, 400));
    expect(checkpoints(await saved(-3, Number.NEGATIVE_INFINITY, -4, -5, -6))).toEqual(filesOf(100, 400, 500));
  });

  it('are gone on with from the newest', async () => {
    const { restored, notes } = await restore(await saved(-3, -2), RUN, identity);
    expect(restored!.start).toEqual({ state: state(200), curve: [], probes: [] });
    expect(restored!.manifest).toMatchObject({ step: 200, seconds: 1, quality: -2 });
    expect(notes).toEqual([]);
  });

  it.each([
    [
      'values of which one bit is wrong',
      fileOf(300, 'safetensors'),
      (d: Buffer) => d.fill(d[40]! ^ 1, 40, 41),
      /: expected values of SHA-256 .{64}, got .{64}; falling back to step 200$/,
    ],
    [
      'values that are cut',
      fileOf(300, 'safetensors'),
      (d: Buffer) => d.subarray(0, 99),
      /: expected values of SHA-256/,
    ],
    [
      'a manifest that is cut',
      fileOf(300, 'json'),
      (d: Buffer) => d.subarray(0, 20),
      /: expected a checkpoint that can be read, got Expected|Unterminated/,
    ],
    [
      'a manifest of another run',
      fileOf(300, 'json'),
      (d: Buffer) => Buffer.from(d.toString().replace('aaaa', 'cccc')),
      /: expected config of SHA-256/,
    ],
  ])('fall back to the one before, and say so: %s', async (_, path, change, message) => {
    const disk = await saved(-3, -2, -4);
    disk.damage(`${RUN}/${path}`, change);
    const { restored, notes } = await restore(disk, RUN, identity);
    expect(restored!.start.state).toEqual(state(200));
    expect(notes).toEqual([expect.stringMatching(message)]);
    await dropAfter(disk, RUN, 200);
    expect(checkpoints(disk)).toEqual(filesOf(200));
  });

  it('begin again where none is left, and where the metrics are not whole', async () => {
    const disk = await saved(-3, -2);
    disk.damage(`${RUN}/metrics.bin`, (data) => data.subarray(0, -1));
    const { restored, notes } = await restore(disk, RUN, identity);
    expect(restored).toBeUndefined();
    const bytes = `expected ${log.length} bytes of metrics.bin, got 0 whole ones (record 0 at byte 0: expected`;
    expect(notes).toHaveLength(2);
    expect(notes[0]).toContain(`step-000200: ${bytes}`);
    expect(notes[1]).toMatch(/step-000100: .*; beginning again$/);
    expect(await restore(new FaultyDisk(1), RUN, identity)).toEqual({ notes: [] });
  });

  it('name a file that the disk does not give', async () => {
    const disk = await saved(-3, -2);
    await disk.rm(`${RUN}/${fileOf(200, 'safetensors')}`);
    const { restored, notes } = await restore(disk, RUN, identity);
    expect(restored!.manifest.step).toBe(100);
    expect(notes[0]).toBe(
      'checkpoints/step-000200: expected a checkpoint that can be read, got ENOENT; falling back to step 100',
    );
  });
});
