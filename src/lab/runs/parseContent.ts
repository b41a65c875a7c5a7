/** Files of results, read again: JSON and what it must hold. */
import type { z } from 'zod';
import { InputError } from '../../engine/errors/index.js';

/** At most so many problems are told: a file of another kind has many. */
const TOLD = 8;

/** Throws: InputError for a text that is no JSON; `path` names it. */
export const parseJson = (path: string, text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InputError(`${path}: expected JSON, got ${error instanceof Error ? error.message : String(error)}`);
  }
};

const valueAt = (root: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (parent, key) => (Object(parent) === parent ? Reflect.get(parent as object, key) : undefined),
    root,
  );

const shown = (got: unknown): string => {
  if (got === undefined) return 'nothing';
  const json = JSON.stringify(got);
  return json.length > 40 ? `${json.slice(0, 40)}…` : json;
};

/** What was expected, of the schema's own words or the library's. */
const expected = (message: string): string =>
  message.replace(/^Invalid (?:input|option): expected /, '').replace(/, received .*$/, '');

/**
 * What a file of results holds, by its schema.
 *
 * Throws: InputError that lists what is wrong, a line each, with the path of the value.
 */
export const parseContent = <T>(schema: z.ZodType<T>, content: unknown, path: string): T => {
  const result = schema.safeParse(content);
  if (result.success) return result.data;
  // Of another kind or version of file, its other keys say nothing.
  const foreign = result.error.issues.filter(({ path: at }) => at[0] === 'schema' || at[0] === 'kind');
  const issues = foreign.length > 0 ? foreign : result.error.issues;
  const lines = issues.slice(0, TOLD).map((issue) => {
    const at = `${path}: ${issue.path.join('.') || 'content'}`;
    if (issue.code === 'unrecognized_keys') return `${at}: unknown key ${issue.keys.join(', ')}`;
    return `${at}: expected ${expected(issue.message)}, got ${shown(valueAt(content, issue.path))}`;
  });
  if (issues.length > TOLD) lines.push(`${path}: and ${issues.length - TOLD} more`);
  throw new InputError(lines.join('\n'));
};
