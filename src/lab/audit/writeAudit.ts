import { join } from 'node:path';
import type { AuditResult } from '../../latent/audit/index.js';
import type { AuditImages, AuditReport } from '../report/audit/index.js';
import type { FileSystem } from '../runs/fileSystem.js';
import { writeFile } from '../runs/writeFile.js';
import { auditJson } from './schema.js';

/** Writes an audit: first the numbers, then what can be made from them again. Returns the path of the page. */
export const writeAudit = async (
  files: FileSystem,
  folder: string,
  result: AuditResult,
  page: AuditReport,
  images: AuditImages | undefined,
): Promise<string> => {
  await writeFile(files, join(folder, 'audit.json'), auditJson(result));
  if (images) {
    await writeFile(files, join(folder, 'images/holes.png'), images.holes);
    await writeFile(files, join(folder, 'images/codes.png'), images.codes);
  }
  for (const { name, svg } of page.figures) await writeFile(files, join(folder, 'figures', `${name}.svg`), svg);
  const report = join(folder, 'audit.html');
  await writeFile(files, report, page.html);
  return report;
};
