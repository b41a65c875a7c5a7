/** Studies in the folder of a lab: that folder itself, or folders in it, with a `study.json`. */
import { join } from 'node:path';
import { namesIn } from '../runs/fileSystem.js';
import { parseJson } from '../runs/parseContent.js';
import type { Readable } from '../runs/reading/record.js';
import { parseStudy } from '../studies/schema.js';
import type { Study } from '../studies/study.js';
import type { StudyRow } from './contract.js';
import { folderIn, keyOf } from './rows.js';

/** A study that was found; `runs` is filled by whoever knows the runs. */
export type FoundStudy = Omit<StudyRow, 'runs'> & { readonly path: string };

interface Seen {
  readonly stamp: string;
  readonly found: FoundStudy | { readonly problem: string };
}

/** Throws: InputError for what is no study. */
export const readStudyFile = async (files: Readable, folder: string): Promise<Study> => {
  const path = join(folder, 'study.json');
  return parseStudy(parseJson(path, Buffer.from(await files.readFile(path)).toString('utf8')), path);
};

/** Finds studies; a `study.json` that has not changed since the last time is not read again. */
export class Studies {
  private seen = new Map<string, Seen>();

  constructor(
    private readonly root: string,
    private readonly files: Readable,
  ) {}

  async find(): Promise<{ readonly studies: readonly FoundStudy[]; readonly problems: readonly string[] }> {
    const { root, files } = this;
    const folders = [root, ...(await namesIn(files, root)).map((name) => join(root, name))];
    const looked = await Promise.all(folders.map(async (folder) => [folder, await this.look(folder)] as const));
    this.seen = new Map(looked.flatMap(([folder, seen]) => (seen ? [[folder, seen] as const] : [])));
    const found = [...this.seen.values()].map((seen) => seen.found);
    return {
      studies: found.flatMap((each) => ('problem' in each ? [] : [each])),
      problems: found.flatMap((each) => ('problem' in each ? [each.problem] : [])),
    };
  }

  private async look(folder: string): Promise<Seen | undefined> {
    const stat = await this.files.stat(join(folder, 'study.json')).catch(() => undefined);
    if (stat === undefined) return undefined;
    const stamp = `${stat.size} ${stat.mtimeMs}`;
    const before = this.seen.get(folder);
    return before?.stamp === stamp ? before : { stamp, found: await this.read(folder) };
  }

  private async read(path: string): Promise<Seen['found']> {
    try {
      const { verdict, started, seeds, data } = await readStudyFile(this.files, path);
      const folder = folderIn(this.root, path);
      return { key: keyOf(folder), folder, path, verdict, started, seeds, data: data.name };
    } catch (error) {
      return { problem: error instanceof Error ? error.message : String(error) };
    }
  }
}
