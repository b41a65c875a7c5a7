/** The lab as a folder of files, which any server of files shows: the pages, and what `zdist ui` would answer. */
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import type { ListEffects } from '../runs/reading/listRuns.js';
import { writeFile } from '../runs/writeFile.js';
import { zdistVersion } from '../studies/machine.js';
import type { LabInfo, RunDetail } from './contract.js';
import { Lab } from './lab.js';
import { RunCodes } from './runCodes.js';
import { filesIn } from './runFiles.js';
import { openWithin } from './withinFolder.js';

export interface ExportOptions {
  readonly root: string;
  /** As readers know it. */
  readonly folder: string;
  /** Folder of the built pages; without it, the answers alone are written. */
  readonly site?: string;
  readonly out: string;
  readonly effects: ListEffects;
}

export interface ExportedLab {
  readonly runs: number;
  readonly bytes: number;
}

/** What pages never ask for: answers hold it, or it is for going on with the run. */
const isKept = (path: string): boolean =>
  !/^(checkpoints\/|run\.json$|(audit\/)?audit\.json$|(repair\/)?repair\.json$|metrics\.bin$|curve\.csv$|codes\/test\.parquet$)/.test(
    path,
  );

/** Of a study, its pages and final grids: its runs are written for themselves. */
const isOfStudy = (path: string): boolean =>
  /^(report\.html|figures\/.*|runs\/[^/]+\/samples\/(prior|fitted|encoder)\.png)$/.test(path);

/** Throws: StorageError; InputError for runs that cannot be read. */
export const exportLab = async ({ root, folder, site, out, effects }: ExportOptions): Promise<ExportedLab> => {
  const { files } = effects;
  let bytes = 0;
  const write = async (path: string, content: Uint8Array): Promise<void> => {
    await writeFile(files, join(out, 'api', path), content);
    bytes += content.length;
  };
  const json = (path: string, value: unknown): Promise<void> =>
    write(path, Buffer.from(`${JSON.stringify(value)}\n`, 'utf8'));
  const copy = async (from: string, path: string, to: string): Promise<void> => {
    const file = await openWithin(from, path.split('/').map(encodeURIComponent).join('/'));
    if (file === undefined) return;
    await write(to, await file.handle.readFile().finally(() => file.handle.close()));
  };

  const lab = new Lab(root, effects);
  await lab.refresh();
  const codes = new RunCodes();
  const { answer } = lab;
  for (const { key } of answer.runs) {
    const [detail, metrics, from] = [await lab.detail(key), await lab.metrics(key), lab.runFolder(key)];
    if (detail === undefined || from === undefined) continue;
    const kept = detail.files.filter(({ path }) => isKept(path));
    await json(`runs/${key}/run.json`, { ...detail, files: kept } satisfies RunDetail);
    await json(`runs/${key}/metrics.json`, metrics);
    const arrays = await codes.of(from);
    if (arrays) await write(`runs/${key}/codes.npy`, arrays.codes);
    if (arrays?.labels) await write(`runs/${key}/labels.npy`, arrays.labels);
    for (const { path } of kept) await copy(from, path, `runs/${key}/files/${path}`);
  }
  for (const { key } of answer.studies) {
    const from = lab.studyFolder(key)!;
    await json(`studies/${key}/study.json`, await lab.study(key));
    const named = (await filesIn(from)).filter(isOfStudy);
    for (const path of named) await copy(from, path, `studies/${key}/files/${path}`);
  }
  await json('runs.json', answer);
  await json('lab.json', { version: zdistVersion(), folder, live: false } satisfies LabInfo);
  // The pages come last: a folder with them is whole.
  if (site !== undefined) await cp(site, out, { recursive: true, filter: (path) => path !== join(site, 'api') });
  return { runs: answer.runs.length, bytes };
};
