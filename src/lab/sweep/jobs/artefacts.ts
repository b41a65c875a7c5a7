import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { sha256 } from '../../data/digest.js';
import type { Artefact } from './jobLog.js';

/** Paths of all files below a folder, with `/` between their parts, sorted. */
export const filesIn = async (folder: string): Promise<string[]> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
};

export const describeArtefacts = async (folder: string, files: readonly string[]): Promise<Artefact[]> => {
  const described: Artefact[] = [];
  for (const path of files) {
    const content = await readFile(join(folder, path));
    described.push({ path, bytes: content.length, sha256: sha256(content) });
  }
  return described;
};

/** SHA-256 over path and hash of the artefacts that a job decides alone: not those that tell of time and place. */
export const contentDigest = (artefacts: readonly Artefact[], tells: ReadonlySet<string>): string => {
  const hash = createHash('sha256');
  for (const { path, sha256: digest } of artefacts) if (!tells.has(path)) hash.update(`${path}\n${digest}\n`);
  return hash.digest('hex');
};
