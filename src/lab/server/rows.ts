/** Rows of the table of runs: what `run.json` says, and what the run has measured since. */
import { createHash } from 'node:crypto';
import { join, relative, sep } from 'node:path';
import type { FinalValues, KlEstimator, RegimeName } from '../../vae/training/index.js';
import { runSchema } from '../config/index.js';
import { readRunMetrics } from '../runs/reading/curve.js';
import type { Readable } from '../runs/reading/record.js';
import type { ListedRun } from '../runs/reading/summary.js';
import { auditOf, auditStamp, verdictOf } from './attached.js';
import type { RunRow } from './contract.js';
import { allRecordsFrom } from './metricRecords.js';

const SPARKS = 32;

/** What addresses name a folder by: ten hexadecimal digits of the SHA-256 of its path within the lab. */
export const keyOf = (folder: string): string => createHash('sha256').update(folder).digest('hex').slice(0, 10);

/** A folder as rows name it: relative to the lab, with slashes. */
export const folderIn = (root: string, folder: string): string => relative(root, folder).split(sep).join('/') || '.';

/** At most so many of the values, evenly spread, with the first and the last. */
export const spread = (values: readonly number[], most = SPARKS): readonly number[] =>
  values.length <= most
    ? values
    : Array.from({ length: most }, (_, i) => values[Math.round((i * (values.length - 1)) / (most - 1))]!);

/** What a run has measured, as far as rows tell it. */
interface Measured {
  /** Of `metrics.bin`: where it was read to. */
  readonly end: number;
  readonly elbo: readonly number[];
  readonly final?: FinalValues;
  readonly steps: number;
}

const NOTHING: Measured = { end: 0, elbo: [], steps: 0 };

/** Reads on from where a log was read to; from its beginning where it was cut. */
const measuredSince = async (files: Readable, folder: string, before: Measured): Promise<Measured> => {
  const path = join(folder, 'metrics.bin');
  const read = await allRecordsFrom(path, before.end, false);
  if (read === undefined) return measuredSince(files, folder, NOTHING);
  if (read.end === 0) {
    const { curve } = await readRunMetrics(files, folder);
    return { ...NOTHING, elbo: curve.map(({ elbo }) => elbo.value) };
  }
  let { elbo, final, steps } = before;
  for (const record of read.records) {
    if (record.type === 'progress' || record.type === 'evaluation') steps = Math.max(steps, record.step);
    if (record.type !== 'evaluation') continue;
    const { type: _type, step: _step, epoch: _epoch, ...values } = record;
    elbo = [...elbo, values.elbo.value];
    final = values;
  }
  return { end: read.end, elbo, steps, ...(final && { final }) };
};

/** What is kept of a run from one look at it to the next. */
interface Seen {
  /** What it was read for: of a run that nobody writes, nothing changes while this does not. */
  readonly summary: string;
  readonly measured: Measured;
  readonly audit: string;
  readonly verdict: string | undefined;
}

/** What runs differ in that are no repetitions of each other: not the seed, and not what changes no number. */
const SETTINGS = Object.keys(runSchema.shape).filter((name) => name !== 'seed' && name !== 'threads');

const groupOf = ({ config }: ListedRun): string => keyOf(JSON.stringify(SETTINGS.map((name) => [name, config[name]])));

/** The rows of runs; what has not changed since the last time is not read again. */
export class RunRows {
  private readonly seen = new Map<string, Seen>();

  constructor(
    private readonly root: string,
    private readonly files: Readable,
  ) {}

  async rowOf(run: ListedRun, study: string | undefined): Promise<RunRow> {
    const { measured, verdict } = await this.look(run);
    const { name, state, error, started, steps, seconds, config } = run;
    const folder = folderIn(this.root, run.folder);
    const final = run.final ?? measured.final;
    const beta: unknown = config.beta;
    return {
      ...{ key: keyOf(folder), folder, name, state, started, seconds },
      steps: Math.max(steps, measured.steps),
      regime: config.regime as RegimeName,
      kl: config.kl as KlEstimator,
      ...{ preset: config.preset, data: config.data, latents: config.latents, seed: config.seed },
      beta: typeof beta === 'number' ? beta : 1,
      ...{ epochs: config.epochs, batch: config.batch, group: groupOf(run) },
      sparkline: spread(measured.elbo),
      ...(error !== undefined && { error }),
      ...(final && { final: final as FinalValues }),
      ...(verdict !== undefined && { verdict }),
      ...(study !== undefined && { study }),
    };
  }

  /** Forgets runs that are no longer there. */
  keepOnly(folders: ReadonlySet<string>): void {
    for (const folder of this.seen.keys()) if (!folders.has(folder)) this.seen.delete(folder);
  }

  private async look(run: ListedRun): Promise<Seen> {
    const { files } = this;
    const { folder, state, steps, seconds } = run;
    const before = this.seen.get(folder);
    const summary = `${state} ${steps} ${seconds}`;
    const still = before?.summary === summary && state !== 'running';
    const measured = still ? before.measured : await measuredSince(files, folder, before?.measured ?? NOTHING);
    const audit = await auditStamp(files, folder);
    const verdict =
      before?.audit === audit ? before.verdict : audit === '' ? undefined : verdictOf(await auditOf(files, folder));
    const seen = { summary, measured, audit, verdict };
    this.seen.set(folder, seen);
    return seen;
  }
}
