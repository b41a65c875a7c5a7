import { didYouMean, InputError } from '../../../engine/errors/index.js';
import type { ArrayRows } from './rows.js';

/** A file that holds arrays by name. */
export interface ArrayArchive {
  readonly names: readonly string[];
  /** Throws: InputError where it holds no such array, or one that cannot be read. */
  rows(array: string): Promise<ArrayRows>;
}

/** Names for a message, which holds a few of them. */
export const listedNames = (names: readonly string[]): string => {
  const most = 12;
  return names.length > most ? `${names.slice(0, most).join(', ')} and ${names.length - most} more` : names.join(', ');
};

/**
 * The array of that name, or the only one.
 *
 * Throws: InputError with the names that there are.
 */
export const chooseArray = (archive: ArrayArchive, wanted: string | undefined, file: string): Promise<ArrayRows> => {
  const { names } = archive;
  if (wanted === undefined) {
    if (names.length === 1) return archive.rows(names[0]!);
    const what = names.length === 0 ? 'none' : `${listedNames(names)}; write ${file}:${names[0]} for one of them`;
    throw new InputError(`${file}: expected one array of numbers, got ${what}`);
  }
  if (names.includes(wanted)) return archive.rows(wanted);
  throw new InputError(`${file}: expected one of ${listedNames(names)}, got "${wanted}"${didYouMean(wanted, names)}`);
};
