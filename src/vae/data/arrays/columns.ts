/** Columns by pattern. */
import { InputError } from '../../../engine/errors/index.js';
import { listedNames } from './arrayArchive.js';

const collator = new Intl.Collator('en', { numeric: true });

/** The order in which people number: mu_2 before mu_10. */
export const naturally = (a: string, b: string): number => collator.compare(a, b);

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
