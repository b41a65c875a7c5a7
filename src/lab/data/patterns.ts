/** Names by pattern: of files in folders, and of columns. */
import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { InputError } from '../../engine/errors/index.js';
import { listedNames } from './arrayArchive.js';

const collator = new Intl.Collator('en', { numeric: true });

/** The order in which people number: mu_2 before mu_10. */
export const naturally = (a: string, b: string): number => collator.compare(a, b);

/** `*` stands for any characters, `?` for one. */
const wildcard = (pattern: string): RegExp => {
  const literal = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${literal.replaceAll('*', '.*').replaceAll('?', '.')}$`);
};
const isPattern = (text: string): boolean => /[*?]/.test(text);

/** Paths below a folder whose parts match, `**` standing for any folders. */
const walk = async (folder: string, [part, ...rest]: readonly string[]): Promise<string[]> => {
  if (part === undefined) return [''];
  if (!isPattern(part)) return (await walk(join(folder, part), rest)).map((path) => join(part, path));
  const found = part === '**' ? await walk(folder, rest) : [];
  const matches = wildcard(part);
  for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
    const { name } = entry;
    if (name.startsWith('.') && !part.startsWith('.')) continue;
    const goesOn = part === '**' ? entry.isDirectory() : matches.test(name);
    if (!goesOn) continue;
    const below = rest.length === 0 ? [''] : await walk(join(folder, name), part === '**' ? [part, ...rest] : rest);
    found.push(...below.map((path) => join(name, path)));
  }
  return found;
};

/**
 * Files that a text names, as the user would write each: the one of that very name, else all that match, in natural order.
 *
 * Throws: InputError where nothing matches.
 */
export const expandFiles = async (cwd: string, text: string): Promise<string[]> => {
  const exact = await stat(resolve(cwd, text)).catch(() => undefined);
  if (exact !== undefined || !isPattern(text)) return [text];
  const absolute = text.startsWith('/');
  const paths = await walk(
    absolute ? '/' : cwd,
    text.split('/').filter((part) => part !== '' && part !== '.'),
  );
  const files: string[] = [];
  for (const path of new Set(paths)) {
    const file = absolute ? `/${path}` : path;
    if ((await stat(resolve(cwd, file)).catch(() => undefined))?.isFile()) files.push(file);
  }
  if (files.length === 0) throw new InputError(`${text}: expected files that match, got none`);
  return files.sort(naturally);
};

/** Columns that match a pattern. */
export interface MatchedColumns {
  readonly columns: readonly string[];
  /** What stands for the pattern's `*` in each: the `7` of mu_7. */
  readonly keys: readonly string[];
}

/**
 * Columns in the natural order of what stands for `*`; without one, the column of that very name.
 *
 * Throws: InputError for a second `*`, and where no column matches.
 */
export const matchColumns = (names: readonly string[], pattern: string, table: string): MatchedColumns => {
  const [before, after, ...more] = pattern.split('*');
  if (more.length > 0)
    throw new InputError(`${table}: expected one * in the columns "${pattern}", got ${more.length + 1}`);
  const keyOf = (name: string): string | undefined => {
    if (after === undefined) return name === pattern ? '' : undefined;
    const inside = name.length >= before!.length + after.length && name.startsWith(before!) && name.endsWith(after);
    return inside ? name.slice(before!.length, name.length - after.length) : undefined;
  };
  const found = names.flatMap((name) => {
    const key = keyOf(name);
    return key === undefined ? [] : [{ name, key }];
  });
  if (found.length === 0) {
    throw new InputError(`${table}: expected a column "${pattern}", got ${listedNames(names)}`);
  }
  // A lone * takes columns as they stand: their names need not be numbered.
  if (pattern !== '*') found.sort((a, b) => naturally(a.key, b.key));
  return { columns: found.map(({ name }) => name), keys: found.map(({ key }) => key) };
};
