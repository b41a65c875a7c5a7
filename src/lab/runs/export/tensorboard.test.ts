import { fromBinary } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { point } from '../../../../test/support/study.js';
import { descriptor } from './event.js';
import { tensorboardEvents, tfRecord } from './tensorboard.js';

interface Event {
  readonly wallTime: number;
  readonly step: bigint;
  readonly fileVersion: string;
  readonly summary?: { readonly value: readonly { readonly tag: string; readonly simpleValue: number }[] };
}

/** The events of a file, with every checksum held against its content. */
const read = (file: Uint8Array): Event[] => {
  const bytes = Buffer.from(file);
  const events: Event[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = Number(bytes.readBigUInt64LE(at));
    const content = bytes.subarray(at + 12, at + 12 + length);
    expect(bytes.subarray(at, at + length + 16)).toEqual(tfRecord(content));
    events.push(fromBinary(descriptor('Event'), content) as unknown as Event);
    at += length + 16;
  }
  return events;
};

describe('an event file of TensorBoard', () => {
  it('frames records with the checksums of TFRecord', () => {
    // The first record of every file that TensorFlow writes is 24 bytes long: this is its length and its checksum.
    const header = Buffer.from(tfRecord(new Uint8Array(24))).subarray(0, 12);
    expect(header.toString('hex')).toBe('1800000000000000a37f4b22');
  });

  it('has the metrics of a run by step', () => {
    const progress = [{ step: 52, epoch: 0.52, phase: 'both', loss: 98.5, rate: 19 }];
    const about = { started: '2026-01-31T09:45:00.000Z', seconds: 10, steps: 100 };
    const begun = Date.parse(about.started) / 1000;
    const [version, ...events] = read(tensorboardEvents({ curve: [point(0), point(100)], progress }, about));
    expect(version).toMatchObject({ fileVersion: 'brain.Event:2', wallTime: begun });
    expect(events.map(({ step, wallTime }) => [Number(step), wallTime - begun])).toEqual([
      [0, 0],
      [52, expect.closeTo(5.2, 5)],
      [100, 10],
    ]);
    expect(events[1]!.summary!.value.map(({ tag, simpleValue }) => [tag, simpleValue])).toEqual([
      ['train/loss', 98.5],
      ['train/rate', 19],
    ]);
    const tags = events[2]!.summary!.value.map(({ tag }) => tag);
    expect(tags).toEqual(
      ['rate', 'rateMc', 'score', 'elbo', 'momentKl', 'momentKlDraws'].map((name) => `test/${name}`),
    );
    expect(events[2]!.summary!.value[0]!.simpleValue).toBeCloseTo(19.4, 5);
  });
});
