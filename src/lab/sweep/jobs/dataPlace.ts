import { realpath } from 'node:fs/promises';
import { isAbsolute, join, sep } from 'node:path';
import { InputError } from '../../../engine/errors/index.js';
import { splitPart } from '../../../vae/data/arrays/index.js';
import type { CodeRequest } from '../../codes/index.js';
import { DATASET_NAMES } from '../../data/index.js';
import { expandFiles } from '../../data/patterns.js';

/**
 * The data folder of a worker (ZDIST_DATA_DIR), and a path in it with all links followed. What a queue asks for never decides
 * which other files of a machine are read.
 *
 * Throws: InputError where `text` leads out of the folder or to nothing; `expected` is what messages say was wanted.
 */
const confined = async (
  dataDir: string | undefined,
  text: string,
  expected: string,
): Promise<{ readonly home: string; readonly path: (name: string) => Promise<string> }> => {
  const refuse = (why: string): InputError => new InputError(`${expected}, got ${JSON.stringify(text)}${why}`);
  if (dataDir === undefined) throw refuse(', and ZDIST_DATA_DIR is not set');
  if (isAbsolute(text) || text.split(/[/\\]/).includes('..')) throw refuse('');
  const home = await realpath(dataDir).catch(() => Promise.reject(refuse(`, and there is no folder ${dataDir}`)));
  const path = async (name: string): Promise<string> => {
    const found = await realpath(join(home, name)).catch(() => Promise.reject(refuse(', which is not there')));
    if (!found.startsWith(home + sep)) throw refuse(', which leads out of it');
    return found;
  };
  return { home, path };
};

/** Images as a worker may open them: a known name, or a path within its data folder. Throws: InputError. */
export const confinedPlace =
  (dataDir: string | undefined) =>
  async (data: string): Promise<string> => {
    if ((DATASET_NAMES as readonly string[]).includes(data)) return data;
    const expected = `data: expected ${DATASET_NAMES.join(', ')} or a path within ZDIST_DATA_DIR`;
    return (await confined(dataDir, data, expected)).path(data);
  };

/** Files that hold codes, by name or pattern. Beside `codes`, options name columns in it. */
export const codeFilesOf = ({ options, codes, testCodes }: CodeRequest): string[] => {
  const named = codes === undefined ? Object.values(options).map((text) => text && splitPart(text).file) : [];
  return [codes, testCodes, ...named].filter((file) => file !== undefined);
};

/**
 * The folder from which a worker may open codes, once every file that the request names, or matches by a pattern, has been
 * found within it.
 *
 * Throws: InputError.
 */
export const confinedCodes =
  (dataDir: string | undefined) =>
  async (request: CodeRequest): Promise<string> => {
    const expected = 'codes: expected files within ZDIST_DATA_DIR';
    let folder = '';
    for (const file of codeFilesOf(request)) {
      const { home, path } = await confined(dataDir, file, expected);
      for (const name of await expandFiles(home, file)) await path(name);
      folder = home;
    }
    if (folder === '') throw new InputError(`${expected}, got none`);
    return folder;
  };
