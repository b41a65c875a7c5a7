import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { readRepair, writePage } from '../repair/repairPage.js';
import { claimsOfStudy } from '../studies/claims/index.js';
import { readStudy, writeReport } from '../studies/writeStudy.js';
import type { Effects, Given } from './effects.js';

export const run = async ({ args }: Given, { cwd, files, laboratory, stdout }: Effects): Promise<number> => {
  const folder = resolve(cwd, String(args[0]));
  const repair = await readRepair(files, folder);
  if (repair) {
    stdout.write(`${pathToFileURL(await writePage(files, folder, repair))}\n`);
    return 0;
  }
  const study = await readStudy(files, folder);
  const { renderReport } = await laboratory();
  // The claims follow from the runs: a study that was written before there were any gets them here.
  const report = await writeReport(files, folder, { ...study, claims: claimsOfStudy(study) }, renderReport);
  stdout.write(`${pathToFileURL(report)}\n`);
  return 0;
};
