import { InputError } from '../../engine/errors/index.js';
import type { Environment } from '../config/index.js';
import type { DataPlace } from '../runs/openData.js';
import type { Given } from './effects.js';

export const text = ({ options }: Given, name: string): string | undefined => {
  const value = options[name];
  return typeof value === 'string' ? value : undefined;
};

export const isSet = ({ options }: Given, name: string): boolean => options[name] === true;

/** Least seconds from one checkpoint to the next; undefined where --checkpoint-every was not given. Throws: InputError. */
export const checkpointSecondsOf = (given: Given): number | undefined => {
  const word = text(given, 'checkpointEvery');
  if (word === undefined) return undefined;
  const seconds = Number(word);
  if (word.trim() !== '' && seconds >= 0 && Number.isFinite(seconds)) return seconds;
  throw new InputError(`--checkpoint-every: expected seconds, got "${word}"`);
};

export const dataFolders = (env: Environment): Pick<DataPlace, 'dataDir' | 'cacheDir'> => ({
  ...(env.ZDIST_DATA_DIR && { dataDir: env.ZDIST_DATA_DIR }),
  ...(env.ZDIST_CACHE_DIR && { cacheDir: env.ZDIST_CACHE_DIR }),
});

/** How long a user's model may take to run for the first time. Throws: InputError for what is no time. */
export const modelLimit = ({ ZDIST_MODEL_SECONDS: given }: Environment): { modelSeconds?: number } => {
  if (given === undefined) return {};
  const modelSeconds = Number(given);
  if (modelSeconds > 0) return { modelSeconds };
  throw new InputError(`ZDIST_MODEL_SECONDS: expected seconds above 0, got "${given}"`);
};

/** A word as a POSIX shell reads it back. */
export const shellWord = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
