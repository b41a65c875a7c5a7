import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describeMachine, describeVersions } from '../studies/machine.js';
import type { Study } from '../studies/study.js';

/** Where and by what a run was made. */
export interface Origin {
  readonly versions: Study['versions'];
  readonly machine: Study['machine'];
  /** Of the folder that the command was given in; null where that is in no repository. */
  readonly git: { readonly commit: string; readonly changed: boolean } | null;
}

const run = promisify(execFile);
const git = async (...words: string[]): Promise<string> => (await run('git', words, { timeout: 5000 })).stdout.trim();

const describeGit = async (): Promise<Origin['git']> => {
  try {
    return { commit: await git('rev-parse', 'HEAD'), changed: (await git('status', '--porcelain', '-uno')) !== '' };
  } catch {
    return null;
  }
};

export const describeOrigin = async (): Promise<Origin> => ({
  versions: describeVersions(),
  machine: describeMachine(),
  git: await describeGit(),
});
