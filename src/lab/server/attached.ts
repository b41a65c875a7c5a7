/** What `zdist audit --out RUN/audit` and `zdist repair --out RUN/repair` leave with a run. */
import { join } from 'node:path';
import { readIfThere } from '../runs/fileSystem.js';
import type { Readable } from '../runs/reading/record.js';

const AUDITS = ['audit/audit.json', 'audit.json'];
const REPAIRS = ['repair/repair.json', 'repair.json'];

/** The first of these files that holds JSON; undefined where none does. */
const firstJson = async (files: Readable, folder: string, names: readonly string[]): Promise<unknown> => {
  for (const name of names) {
    try {
      const content = await readIfThere(files, join(folder, name));
      if (content !== undefined) return JSON.parse(Buffer.from(content).toString('utf8'));
    } catch {
      // Being written by a foreign program, or damaged: as if it were not there.
    }
  }
  return undefined;
};

export const auditOf = (files: Readable, folder: string): Promise<unknown> => firstJson(files, folder, AUDITS);
export const repairOf = (files: Readable, folder: string): Promise<unknown> => firstJson(files, folder, REPAIRS);

/** Changes when the audit of a run does; empty where there is none. */
export const auditStamp = async (files: Readable, folder: string): Promise<string> => {
  const stamps = AUDITS.map((name) =>
    files.stat(join(folder, name)).then(
      ({ size, mtimeMs }) => `${name} ${size} ${mtimeMs}`,
      () => '',
    ),
  );
  return (await Promise.all(stamps)).join('');
};

export const verdictOf = (audit: unknown): string | undefined => {
  const verdict: unknown = audit !== null && typeof audit === 'object' ? Reflect.get(audit, 'verdict') : undefined;
  return typeof verdict === 'string' ? verdict : undefined;
};
