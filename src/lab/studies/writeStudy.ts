import { join, resolve, sep } from 'node:path';
import { InputError } from '../../engine/errors/index.js';
import { curvesCsv } from '../report/csv.js';
import type { Report, StudyFiles } from '../report/index.js';
import { type FileSystem, systemCode } from '../runs/fileSystem.js';
import { parseJson } from '../runs/parseContent.js';
import { writeFile } from '../runs/writeFile.js';
import { parseStudy } from './schema.js';
import { statedStudy } from './stated.js';
import type { Study } from './study.js';

export type RenderReport = (study: Study, files: StudyFiles) => Promise<Report>;

export const studyJson = (study: Study): string => `${JSON.stringify(statedStudy(study), null, 2)}\n`;

/** Writes a study: first the numbers, then the figures and the report that can be made from them again. */
export const writeStudy = async (
  files: FileSystem,
  folder: string,
  study: Study,
  render: RenderReport,
): Promise<string> => {
  await writeFile(files, join(folder, 'study.json'), studyJson(study));
  await writeFile(files, join(folder, 'curves.csv'), curvesCsv(study));
  return writeReport(files, folder, study, render);
};

/** Writes `report.html`, `figures/` and `data/` from a study and the files it names. Returns the path of the report. */
export const writeReport = async (
  files: FileSystem,
  folder: string,
  study: Study,
  render: RenderReport,
): Promise<string> => {
  const { html, figures } = await render(study, { read: (path) => files.readFile(within(folder, path)) });
  for (const { name, svg, csv } of figures) {
    if (svg !== undefined) await writeFile(files, join(folder, 'figures', `${name}.svg`), svg);
    await writeFile(files, join(folder, 'data', `${name}.csv`), csv);
  }
  const report = join(folder, 'report.html');
  await writeFile(files, report, html);
  return report;
};

/** A study names files of its own folder only. */
const within = (folder: string, path: string): string => {
  const whole = resolve(folder, path);
  if (!whole.startsWith(resolve(folder) + sep)) {
    throw new InputError(`study.json: expected paths within the study folder, got ${path}`);
  }
  return whole;
};

/** Reads `study.json` of a study folder. Throws InputError when there is none, or what it holds is no study. */
export const readStudy = async (files: FileSystem, folder: string): Promise<Study> => {
  const path = join(folder, 'study.json');
  const text = await files.readFile(path).catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT' || systemCode(error) === 'ENOTDIR') {
      throw new InputError(`${folder}: expected a study folder, got one without study.json`);
    }
    throw error;
  });
  return parseStudy(parseJson(path, Buffer.from(text).toString('utf8')), path);
};
