import { readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';

/** All files in a folder, with slashes, by name. Links are left out: they may lead anywhere. */
export const filesIn = async (folder: string): Promise<string[]> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.flatMap((entry) =>
    entry.isFile() ? [relative(folder, join(entry.parentPath, entry.name))] : [],
  );
  return paths.map((path) => path.split(sep).join('/')).sort();
};

/** What is of no use to a reader of a run: who writes it, and what is not finished. */
export const isHidden = (path: string): boolean => path.startsWith('lock/') || /\.(part|tmp)$/.test(path);
