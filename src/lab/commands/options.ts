import type { Command } from 'commander';
import type { Environment } from '../config/index.js';
import type { DataPlace } from '../runs/openData.js';
import type { Given } from './effects.js';

/** Options that all commands which train have in common. */
export const trainingOptions = (command: Command): Command =>
  command
    .option('--preset <name>', 'architecture, optimizer and batch: altosaar or lyeoni')
    .option('--data <name>', 'glyphs, mnist, or the path of a data set')
    .option('--epochs <n>', 'passes over the training images; a fraction is allowed')
    .option('--seed <n>', 'seed of weights, data order and noise; the first of several')
    .option('--limit <n>', 'use the first n training images and the first n/6 test images')
    .option('--threads <n>', 'threads of one run, or auto')
    .option('--out <folder>', 'where to write; must be new or empty')
    .option('--quiet', 'no progress on stderr')
    .option('--json', 'print the result as JSON')
    .option('--dry-run', 'say what would be done, and do nothing');

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
