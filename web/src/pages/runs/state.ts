import { type Entry, oneOf, pageState } from '../../shell/address.js';
import { COLUMNS } from './columns.js';

const words = (longest: number): Entry<string> => ({
  initial: '',
  read: (text) => (text.length <= longest ? text : undefined),
  write: (value) => value,
});

/** As many as one page can tell apart. */
export const MOST_COMPARED = 10;

const KEY = /^[0-9a-f]{1,64}$/;

/** Keys of runs, parted by commas. */
export const keysIn: Entry<readonly string[]> = {
  initial: [],
  read: (text) => [...new Set(text.split(',').filter((key) => KEY.test(key)))].slice(0, MOST_COMPARED),
  write: (keys) => keys.join(','),
};

export const table = pageState({
  /** Words that all must occur. */
  q: words(200),
  state: words(40),
  regime: words(40),
  data: words(80),
  verdict: words(40),
  sort: oneOf<string>(
    'started',
    COLUMNS.map(({ id }) => id),
  ),
  order: oneOf<'down' | 'up'>('down', ['down', 'up']),
  by: oneOf<'run' | 'seeds'>('run', ['run', 'seeds']),
  chosen: keysIn,
});
export type TableValues = ReturnType<typeof table.read>;
