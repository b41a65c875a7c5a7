/** What a sweep's folder says of its results, checked against the files themselves. */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LogEntry, Manifest } from '../../src/lab/sweep/jobs/jobLog.js';

/** The entries of a job's log. What a writer has beside it under another name is none yet. */
export const logOf = async (folder: string, job: string): Promise<LogEntry[]> => {
  const log = join(folder, 'jobs', job, 'log');
  const names = (await readdir(log).catch(() => [])).filter((name) => !name.endsWith('.part')).sort();
  return Promise.all(names.map(async (name) => JSON.parse(await readFile(join(log, name), 'utf8')) as LogEntry));
};

/** The committed content of each job. Throws where a job has no commit, or two, or files that are not what it says. */
export const committedContent = async (folder: string): Promise<Map<string, string>> => {
  const contents = new Map<string, string>();
  for (const job of (await readdir(join(folder, 'jobs'))).sort()) {
    const log = await logOf(folder, job);
    const commits = log.filter((entry): entry is Manifest => entry.entry === 'commit');
    if (commits.length !== 1 || log.at(-1) !== commits[0]) {
      throw new Error(`${job}: expected one commit, at the end, got ${log.map(({ entry }) => entry).join(', ')}`);
    }
    const { artefacts, content, folder: key } = commits[0]!;
    for (const { path, sha256 } of artefacts) {
      const found = createHash('sha256')
        .update(await readFile(join(folder, key, path)))
        .digest('hex');
      if (found !== sha256) throw new Error(`${job}: ${path}: expected the hash ${sha256}, got ${found}`);
    }
    contents.set(job, content);
  }
  return contents;
};
