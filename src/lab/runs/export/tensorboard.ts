import { crc32c } from '../metrics/crc32c.js';
import type { Metrics } from '../metrics/metrics.js';
import { encodeScalars, encodeVersion, type ScalarEvent } from './event.js';

/** Turned and shifted, because a CRC of data that hold CRCs is weak. Source: TFRecord, as TensorFlow documents it. */
const masked = (bytes: Uint8Array): number => {
  const crc = crc32c(bytes);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
};

/** A TFRecord: length (uint64), its masked CRC-32C, the content, its masked CRC-32C; little-endian. */
export const tfRecord = (content: Uint8Array): Uint8Array => {
  const record = Buffer.alloc(content.length + 16);
  record.writeBigUInt64LE(BigInt(content.length));
  record.writeUInt32LE(masked(record.subarray(0, 8)), 8);
  record.set(content, 12);
  record.writeUInt32LE(masked(content), 12 + content.length);
  return record;
};

/**
 * The metrics of a run as a TensorBoard event file: `test/rate`, `train/loss` and so on, in nats per image. Metrics have
 * no times of their own: events are spread evenly by step over the seconds that the run took.
 */
export const tensorboardEvents = (
  { curve, progress }: Pick<Metrics, 'curve' | 'progress'>,
  { started, seconds, steps }: { readonly started: string; readonly seconds: number; readonly steps: number },
): Uint8Array => {
  const begun = Date.parse(started) / 1000 || 0;
  const at = (step: number): number => begun + (steps > 0 ? (seconds * step) / steps : 0);
  const named = (part: string, values: Readonly<Record<string, number>>): ScalarEvent['values'] =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [`${part}/${name}`, value]));
  const train = progress.map(({ step, epoch: _epoch, phase: _phase, ...values }) => ({
    ...{ step, wallTime: at(step) },
    values: named('train', values),
  }));
  const test = curve.map(({ step, epoch: _epoch, ...estimates }) => ({
    ...{ step, wallTime: at(step) },
    values: named('test', Object.fromEntries(Object.entries(estimates).map(([name, { value }]) => [name, value]))),
  }));
  const events = [...train, ...test].sort((a, b) => a.step - b.step);
  return Buffer.concat([encodeVersion(begun), ...events.map(encodeScalars)].map(tfRecord));
};
