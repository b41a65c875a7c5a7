import type { Environment } from '../config/index.js';
import type { DataPlace } from '../runs/openData.js';
import type { Given } from './effects.js';

export const text = ({ options }: Given, name: string): string | undefined => {
  const value = options[name];
  return typeof value === 'string' ? value : undefined;
};

export const isSet = ({ options }: Given, name: string): boolean => options[name] === true;

export const dataFolders = (env: Environment): Pick<DataPlace, 'dataDir' | 'cacheDir'> => ({
  ...(env.ZDIST_DATA_DIR && { dataDir: env.ZDIST_DATA_DIR }),
  ...(env.ZDIST_CACHE_DIR && { cacheDir: env.ZDIST_CACHE_DIR }),
});

/** A word as a POSIX shell reads it back. */
export const shellWord = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
