/** A folder of runs as the lab shows it: read whenever somebody looks, and never written to. */
import { join, sep } from 'node:path';
import type { CurvePoint } from '../../vae/training/index.js';
import { systemCode } from '../runs/fileSystem.js';
import type { ProgressPoint } from '../runs/metrics/metrics.js';
import { readRunMetrics } from '../runs/reading/curve.js';
import { type ListEffects, listRuns } from '../runs/reading/listRuns.js';
import { readRecord } from '../runs/reading/record.js';
import { runPool } from '../studies/pool.js';
import type { Study } from '../studies/study.js';
import { auditOf, repairOf } from './attached.js';
import { Changes, changesBetween } from './changes.js';
import type { MetricsAnswer, RunDetail, RunRow, RunsAnswer, StudyRow } from './contract.js';
import { allRecordsFrom } from './metricRecords.js';
import { RunRows } from './rows.js';
import { filesIn, isHidden } from './runFiles.js';
import { readStudyFile, Studies } from './studies.js';

const AT_ONCE = 32;
const always = (): boolean => true;

export class Lab {
  readonly changes: Changes;
  private readonly rows: RunRows;
  private readonly found: Studies;
  private shown: Omit<RunsAnswer, 'revision'> = { runs: [], studies: [], problems: [] };
  private folders: ReadonlyMap<string, string> = new Map();
  private looked = false;
  private looking: Promise<void> | undefined;

  constructor(
    readonly root: string,
    private readonly effects: ListEffects,
  ) {
    this.changes = new Changes(effects.now());
    this.rows = new RunRows(root, effects.files);
    this.found = new Studies(root, effects.files);
  }

  /** Looks at the folder again; who asks meanwhile gets what is being read. A folder that is not there is an empty one. */
  refresh(): Promise<void> {
    this.looking ??= this.look().finally(() => {
      this.looking = undefined;
    });
    return this.looking;
  }

  /** As of the last look. */
  get answer(): RunsAnswer {
    return { revision: this.changes.revision, ...this.shown };
  }

  /** The folder of a run, by its key. */
  runFolder(key: string): string | undefined {
    return this.folders.get(key);
  }

  studyFolder(key: string): string | undefined {
    const row = this.shown.studies.find((study) => study.key === key);
    return row && join(this.root, row.folder);
  }

  /** Throws: InputError where the run is damaged since it was listed. */
  async detail(key: string): Promise<RunDetail | undefined> {
    const row = this.shown.runs.find((run) => run.key === key);
    const folder = this.runFolder(key);
    if (row === undefined || folder === undefined) return undefined;
    const { files } = this.effects;
    const [record, audit, repair, names] = await Promise.all([
      readRecord(files, folder),
      auditOf(files, folder),
      repairOf(files, folder),
      filesIn(folder),
    ]);
    const sizes = await runPool(
      names.filter((path) => !isHidden(path)),
      AT_ONCE,
      async (path) => {
        const stat = await files.stat(join(folder, path)).catch(() => undefined);
        return stat ? [{ path, bytes: stat.size }] : [];
      },
      always,
    );
    return {
      ...row,
      record,
      files: sizes.flat(),
      ...(audit !== undefined && { audit }),
      ...(repair !== undefined && { repair }),
    };
  }

  async metrics(key: string): Promise<MetricsAnswer | undefined> {
    const folder = this.runFolder(key);
    if (folder === undefined) return undefined;
    const read = await allRecordsFrom(join(folder, 'metrics.bin'), 0);
    if (read === undefined || read.end === 0) {
      const { curve } = await readRunMetrics(this.effects.files, folder);
      return { curve, progress: [], probes: [], end: 0 };
    }
    const curve: CurvePoint[] = [];
    const progress: ProgressPoint[] = [];
    const probes: MetricsAnswer['probes'][number][] = [];
    for (const record of read.records) {
      if (record.type === 'probes') probes.push(record);
      if (record.type !== 'progress' && record.type !== 'evaluation') continue;
      const { type, ...point } = record;
      if (type === 'progress') progress.push(point as ProgressPoint);
      else curve.push(point as CurvePoint);
    }
    return { curve, progress, probes, end: read.end };
  }

  /** Throws: InputError for what is no study. */
  async study(key: string): Promise<Study | undefined> {
    const folder = this.studyFolder(key);
    return folder === undefined ? undefined : readStudyFile(this.effects.files, folder);
  }

  private async look(): Promise<void> {
    const { root, effects } = this;
    const there = await effects.files.stat(root).catch((error: unknown) => {
      if (systemCode(error) === 'ENOENT') return undefined;
      throw error;
    });
    const list = there ? await listRuns(root, effects) : { runs: [], problems: [] };
    const { studies, problems } = await this.found.find();
    const studyOf = (folder: string) => studies.find(({ path }) => folder.startsWith(join(path, 'runs') + sep));
    const runs: RunRow[] = await runPool(
      list.runs,
      AT_ONCE,
      (run) => this.rows.rowOf(run, studyOf(run.folder)?.key),
      always,
    );
    const withRuns = studies.map(
      ({ path: _path, ...study }): StudyRow => ({
        ...study,
        runs: runs.filter((run) => run.study === study.key).map(({ key }) => key),
      }),
    );
    const after = { runs, studies: withRuns, problems: [...list.problems, ...problems].sort() };
    this.rows.keepOnly(new Set(list.runs.map(({ folder }) => folder)));
    this.folders = new Map(list.runs.map(({ folder }, i) => [runs[i]!.key, folder]));
    // Before the first look nobody was told anything.
    for (const event of this.looked ? changesBetween(this.shown, after) : []) this.changes.add(event);
    this.shown = after;
    this.looked = true;
  }
}
