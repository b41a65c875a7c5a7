import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { readStudy, writeReport } from '../studies/writeStudy.js';
import type { Effects, Given } from './effects.js';

export const run = async ({ args: [study] }: Given, { cwd, files, laboratory, stdout }: Effects): Promise<number> => {
  const folder = resolve(cwd, String(study));
  const { renderReport } = await laboratory();
  const report = await writeReport(files, folder, await readStudy(files, folder), renderReport);
  stdout.write(`${pathToFileURL(report)}\n`);
  return 0;
};
