import files, { mkdtemp, readFile, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { point } from '../../../../test/support/study.js';
import { keyedStream } from '../../../engine/random/index.js';
import { crc32c } from './crc32c.js';
import { openMetricLog } from './metricLog.js';
import { encodeRecord, HEADER, type MetricRecord, readMetrics, toBase64 } from './metrics.js';
import { frame, scan } from './records.js';

const text = (value: string): Uint8Array => new TextEncoder().encode(value);

describe('CRC-32C', () => {
  it('is that of RFC 3720, appendix B.4', () => {
    const ascending = Uint8Array.from({ length: 32 }, (_, i) => i);
    const vectors: readonly [Uint8Array, number][] = [
      [new Uint8Array(32), 0x8a9136aa],
      [new Uint8Array(32).fill(255), 0x62a8ab43],
      [ascending, 0x46dd794e],
      [ascending.toReversed(), 0x113fdb5c],
      [text('123456789'), 0xe3069283],
      [new Uint8Array(0), 0],
    ];
    for (const [bytes, expected] of vectors) expect(crc32c(bytes)).toBe(expected);
  });

  it('goes on from what came before, wherever that ends', () => {
    const bytes = new Uint8Array(40).map((_, i) => (i * 37) % 256);
    for (let at = 0; at <= bytes.length; at++) {
      expect(crc32c(bytes.subarray(at), crc32c(bytes.subarray(0, at)))).toBe(crc32c(bytes));
    }
  });
});

/** How many of the first records of a log are still read as they were. */
const intact = (log: Uint8Array, contents: readonly Uint8Array[]): number => {
  const found = scan(log).contents;
  expect(found.every((content, i) => Buffer.from(content).equals(contents[i]!))).toBe(true);
  return found.length;
};

const logOf = (contents: readonly Uint8Array[]): Buffer => Buffer.concat(contents.map(frame));

describe('a log of records', () => {
  const small = ['', 'a', 'the third', 'x'.repeat(40), '{"step":1}'].map(text);

  it('finds every flip of one byte: every other value at every place', () => {
    const log = logOf(small);
    const { ends } = scan(log);
    for (let at = 0; at < log.length; at++) {
      const record = ends.findIndex((end) => at < end);
      for (let flip = 1; flip < 256; flip++) {
        const damaged = Buffer.from(log);
        damaged[at]! ^= flip;
        // The records before it survive, none after it is believed.
        expect(intact(damaged, small)).toBe(record);
        expect(scan(damaged).damage).toContain(`record ${record} at byte `);
      }
    }
  });

  it('finds every truncation, and can be appended to after what is left', () => {
    const log = logOf(small);
    const { ends } = scan(log);
    for (let length = 0; length < log.length; length++) {
      const cut = log.subarray(0, length);
      const whole = ends.filter((end) => end <= length);
      expect(intact(cut, small)).toBe(whole.length);
      expect(scan(cut).damage === undefined).toBe(length === 0 || whole.at(-1) === length);
      const again = Buffer.concat([cut.subarray(0, whole.at(-1) ?? 0), frame(text('next'))]);
      expect(scan(again).contents).toHaveLength(whole.length + 1);
      expect(scan(again).damage).toBeUndefined();
    }
  });

  it('finds flips, truncations and blocks of zeros in a large one', () => {
    const stream = keyedStream(1, 'large log', 0);
    const contents = Array.from({ length: 400 }, () => new Uint8Array(stream.below(5000)).map(() => stream.below(256)));
    const log = logOf(contents);
    const { ends } = scan(log);
    for (let trial = 0; trial < 300; trial++) {
      const at = stream.below(log.length);
      const record = ends.findIndex((end) => at < end);
      const damaged = Buffer.from(log);
      if (trial % 3 === 0) damaged[at]! ^= 1 + stream.below(255);
      else if (trial % 3 === 1) damaged.fill(0, at);
      const found = scan(trial % 3 === 2 ? log.subarray(0, at) : damaged);
      // A tail of zeros may begin within zeros that were there before.
      expect(found.contents.length).toBeGreaterThanOrEqual(record);
      expect(found.contents.length).toBeLessThanOrEqual(trial % 3 === 1 ? record + 1 : record);
    }
  });

  it('says what is wrong', () => {
    const log = logOf([text('abc'), text('def')]);
    expect(scan(log.subarray(0, 14)).damage).toBe('record 1 at byte 11: expected 8 bytes, got 3');
    expect(scan(log.subarray(0, 20)).damage).toBe('record 1 at byte 11: expected 3 bytes of content, got 1');
    log[21]! ^= 1;
    expect(scan(log).damage).toMatch(/^record 1 at byte 11: expected CRC-32C [0-9a-f]{8}, got [0-9a-f]{8}$/);
  });
});

describe('metrics.bin', () => {
  const newPath = async (): Promise<string> => join(await mkdtemp(join(tmpdir(), 'zdist-log-')), 'metrics.bin');
  const evaluation = (step: number): MetricRecord => ({ type: 'evaluation', ...point(step) });
  const progress: MetricRecord = { type: 'progress', step: 52, epoch: 0.1, phase: 'both', loss: 98.5, rate: 19 };

  it('gives back what was appended, evaluations with the codes of their probes', async () => {
    const path = await newPath();
    const log = await openMetricLog(files, path, 0);
    const mu = Float32Array.of(1.5, -2, 3e-30);
    log.append(evaluation(0));
    log.append({ type: 'probes', step: 0, epoch: 0, mu: toBase64(mu), sigma: toBase64(mu.subarray(1)) });
    log.append(progress);
    const length = await log.sync();
    await log.close();
    expect((await stat(path)).size).toBe(length);
    const read = readMetrics(await readFile(path));
    const { type: _type, ...told } = progress as Extract<MetricRecord, { type: 'progress' }>;
    expect(read.curve).toEqual([point(0)]);
    expect(read.progress).toEqual([told]);
    expect(read.probes).toEqual([{ step: 0, epoch: 0, mu, sigma: mu.slice(1) }]);
    expect(read.ends.at(-1)).toBe(length);
    expect(read).not.toHaveProperty('damage');
  });

  it('goes on after what is kept, to the bytes of one that was never cut', async () => {
    const [cut, whole] = [await newPath(), await newPath()];
    const first = await openMetricLog(files, cut, 0);
    first.append(evaluation(0));
    const kept = await first.sync();
    first.append(evaluation(100));
    await first.flush();
    await first.close();
    const second = await openMetricLog(files, cut, kept);
    second.append(evaluation(50));
    await second.sync();
    await second.close();
    const other = await openMetricLog(files, whole, 0);
    for (const step of [0, 50]) other.append(evaluation(step));
    await other.sync();
    await other.close();
    expect(await readFile(cut)).toEqual(await readFile(whole));
  });

  it('passes over records of a kind it does not know', () => {
    const later = frame(text('{"type":"weather","step":3}'));
    const log = Buffer.concat([encodeRecord(HEADER), later, encodeRecord(evaluation(1))]);
    expect(readMetrics(log).curve).toEqual([point(1)]);
  });

  it('names the file that cannot be written', async () => {
    await expect(openMetricLog(files, '/dev/null/metrics.bin', 0)).rejects.toThrow(
      'cannot write /dev/null/metrics.bin: a part of the path is a file (ENOTDIR)',
    );
  });
});
