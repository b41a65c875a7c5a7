/**
 * What the lab reads: answers of `zdist ui`, and the same as files beside a static site. Paths are relative to the page.
 *
 * | path | content |
 * |---|---|
 * | `api/lab.json` | `LabInfo` |
 * | `api/runs.json` | `RunsAnswer` |
 * | `api/runs/KEY/run.json` | `RunDetail` |
 * | `api/runs/KEY/metrics.json` | `MetricsAnswer` |
 * | `api/runs/KEY/codes.npy` | float32 [images, 2, latents]: mu, then sigma, of the test images after training |
 * | `api/runs/KEY/labels.npy` | uint8 [images]: their labels |
 * | `api/runs/KEY/files/PATH` | a file of the run folder, as it lies there |
 * | `api/studies/KEY/study.json` | `Study`, of src/lab/studies |
 * | `api/studies/KEY/files/PATH` | a file of the study folder |
 * | `api/events` | server-sent events `RunsEvent`; with `?run=KEY` also `MetricsEvent` |
 *
 * What a run does not have (codes before its end, labels of data without any) is a 404. A static site has no events. Numbers that are not finite are null.
 */
import type { CurvePoint, FinalValues, KlEstimator, RegimeName } from '../../vae/training/index.js';
import type { MetricRecord, ProgressPoint } from '../runs/metrics/metrics.js';
import type { RunState } from '../runs/reading/summary.js';

export interface LabInfo {
  readonly version: string;
  /** As the reader knows it: the folder that was given, or `example study`. */
  readonly folder: string;
  /** Whether `api/events` tells of changes. */
  readonly live: boolean;
}

/** A run as a row of the table. */
export interface RunRow {
  /** Ten hexadecimal digits of the SHA-256 of `folder`: what addresses name a run by. */
  readonly key: string;
  /** Relative to the folder of the lab. */
  readonly folder: string;
  readonly name: string;
  readonly state: RunState;
  readonly error?: string;
  /** ISO 8601, UTC; empty where the run does not say. */
  readonly started: string;
  readonly steps: number;
  readonly seconds: number;
  readonly regime: RegimeName;
  readonly kl: KlEstimator;
  readonly preset: string;
  readonly data: string;
  readonly latents: number;
  readonly beta: number;
  readonly seed: number;
  readonly epochs: number;
  readonly batch: number;
  /** Runs that differ in nothing but the seed have the same. */
  readonly group: string;
  /** The last evaluation, nats per image; absent before the first. */
  readonly final?: FinalValues;
  /** Of the audit beside the run, where there is one. */
  readonly verdict?: string;
  /** ELBO of at most 32 evaluations, evenly spread. */
  readonly sparkline: readonly number[];
  /** The study it belongs to. */
  readonly study?: string;
}

export interface StudyRow {
  readonly key: string;
  readonly folder: string;
  readonly verdict: string;
  readonly started: string;
  readonly seeds: readonly number[];
  readonly data: string;
  /** Keys of its runs. */
  readonly runs: readonly string[];
}

export interface RunsAnswer {
  /** Events with a greater id are news to who has this answer. */
  readonly revision: number;
  readonly runs: readonly RunRow[];
  readonly studies: readonly StudyRow[];
  /** Folders that cannot be read, with the reason. */
  readonly problems: readonly string[];
}

export interface RunDetail extends RunRow {
  /** `run.json` as its writer left it. */
  readonly record: Readonly<Record<string, unknown>>;
  /** Files of the run folder that can be asked for, in order: `models/decoder.onnx`, `samples/step-000123.png`. */
  readonly files: readonly { readonly path: string; readonly bytes: number }[];
  /** `audit.json` and `repair.json` of the run, where they are. */
  readonly audit?: unknown;
  readonly repair?: unknown;
}

export interface MetricsAnswer {
  readonly curve: readonly CurvePoint[];
  readonly progress: readonly ProgressPoint[];
  /** Codes of the first test images at evaluations: [images, latents] each, float32, little-endian, base64. */
  readonly probes: readonly Extract<MetricRecord, { type: 'probes' }>[];
  /** Where the log of metrics was read to; events with a greater id are news. */
  readonly end: number;
}

/**
 * `event: runs`. After a gap that the server no longer knows, and after a log of metrics that was cut: `event: reset`,
 * without data, and all is read again.
 *
 * A stream is asked for by `api/events?after=REVISION`, of one run's metrics besides by `&run=KEY&end=END`; the browser
 * itself sends the last id, `REVISION` or `REVISION-END`, when it connects again.
 */
export interface RunsEvent {
  readonly changed: readonly RunRow[];
  /** Keys of runs that are no longer there. */
  readonly gone: readonly string[];
  /** All of them, where one has changed. */
  readonly studies?: readonly StudyRow[];
  /** All of them, where they have changed. */
  readonly problems?: readonly string[];
}

/** `event: metrics`: records that were written since. */
export interface MetricsEvent {
  readonly run: string;
  readonly records: readonly MetricRecord[];
  readonly end: number;
}
