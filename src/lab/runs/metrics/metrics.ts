/** What a run measures as it goes: the content of `metrics.bin`. Nothing in it depends on the clock. */
import type { CurvePoint, Probes, Progress } from '../../../vae/training/index.js';
import { FINAL_SAMPLING, INTERVAL } from '../stated.js';
import { frame, scan } from './records.js';

/** Of the last step of a chunk, on its own batch. Nats per image. */
export type ProgressPoint = Omit<Progress, 'steps' | 'msPerStep'>;

export type MetricRecord =
  /** The first record: of each quantity what n counts and where draws come from, and how its interval follows from se. */
  | {
      readonly type: 'metrics';
      readonly version: 1;
      readonly sampling?: Readonly<Record<string, string>>;
      readonly interval?: string;
    }
  | ({ readonly type: 'progress' } & ProgressPoint)
  | ({ readonly type: 'evaluation' } & CurvePoint)
  /** mu, sigma [images, latents] of the evaluation before it: float32, little-endian, in base64. */
  | {
      readonly type: 'probes';
      readonly step: number;
      readonly epoch: number;
      readonly mu: string;
      readonly sigma: string;
    };

export interface Metrics {
  readonly progress: readonly ProgressPoint[];
  readonly curve: readonly CurvePoint[];
  readonly probes: Probes['points'];
  /** Where records end, so that a reader knows where a log may be cut. */
  readonly ends: readonly number[];
  readonly damage?: string;
}

export const HEADER: MetricRecord = {
  ...{ type: 'metrics', version: 1 },
  ...{ sampling: FINAL_SAMPLING, interval: INTERVAL },
};

export const encodeRecord = (record: MetricRecord): Uint8Array => frame(Buffer.from(JSON.stringify(record), 'utf8'));

export const toBase64 = (values: Float32Array): string =>
  Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('base64');

/** Copied, because float32 values must begin at a multiple of four bytes. */
const fromBase64 = (text: string): Float32Array =>
  new Float32Array(Uint8Array.from(Buffer.from(text, 'base64')).buffer);

/** What the whole records of a log tell; the rest is left out and named in `damage`. Records of other types are passed over. */
export const readMetrics = (log: Uint8Array): Metrics => {
  const { contents, ends, damage } = scan(log);
  const progress: ProgressPoint[] = [];
  const curve: CurvePoint[] = [];
  const probes: Probes['points'][number][] = [];
  for (const content of contents) {
    const { type, ...record } = JSON.parse(Buffer.from(content).toString('utf8')) as MetricRecord;
    if (type === 'progress') progress.push(record as ProgressPoint);
    else if (type === 'evaluation') curve.push(record as CurvePoint);
    else if (type === 'probes') {
      const { step, epoch, mu, sigma } = record as Extract<MetricRecord, { type: 'probes' }>;
      probes.push({ step, epoch, mu: fromBase64(mu), sigma: fromBase64(sigma) });
    }
  }
  return { progress, curve, probes, ends, ...(damage !== undefined && { damage }) };
};
