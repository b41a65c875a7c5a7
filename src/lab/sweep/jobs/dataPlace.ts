import { realpath } from 'node:fs/promises';
import { isAbsolute, join, sep } from 'node:path';
import { InputError } from '../../../engine/errors/index.js';
import { DATASET_NAMES } from '../../data/index.js';

/**
 * Data as a worker may open them: a known name, or a path within its data folder (ZDIST_DATA_DIR). What a queue asks for
 * never decides which other files of a machine are read.
 *
 * Throws: InputError.
 */
export const confinedPlace =
  (dataDir: string | undefined) =>
  async (data: string): Promise<string> => {
    if ((DATASET_NAMES as readonly string[]).includes(data)) return data;
    const expected = `expected ${DATASET_NAMES.join(', ')} or a path within ZDIST_DATA_DIR`;
    const refuse = (why: string): InputError => new InputError(`data: ${expected}, got ${JSON.stringify(data)}${why}`);
    if (dataDir === undefined) throw refuse(', and ZDIST_DATA_DIR is not set');
    if (isAbsolute(data) || data.split(/[/\\]/).includes('..')) throw refuse('');
    const home = await realpath(dataDir).catch(() => Promise.reject(refuse(`, and there is no folder ${dataDir}`)));
    const path = await realpath(join(home, data)).catch(() => Promise.reject(refuse(', which is not there')));
    if (!path.startsWith(home + sep)) throw refuse(', which leads out of it');
    return path;
  };
