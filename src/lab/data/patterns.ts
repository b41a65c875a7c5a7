/** Files in folders by pattern. */
import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { InputError } from '../../engine/errors/index.js';
import { naturally } from '../../vae/data/arrays/index.js';

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
