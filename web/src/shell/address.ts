/**
 * The whole state of a page lies in the address after the `#`: `#/plane?mu=2&sigma=0.3`. A link to it shows the same.
 */
import { type Signal, signal } from '@preact/signals';

export interface Address {
  /** `plane`; empty for the first page. */
  readonly page: string;
  readonly values: Readonly<Record<string, string>>;
}

export const parseAddress = (hash: string): Address => {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?', 2);
  return { page: path, values: Object.fromEntries(new URLSearchParams(query)) };
};

export const formatAddress = ({ page, values }: Address): string => {
  const query = new URLSearchParams(Object.entries(values)).toString();
  return `#/${page}${query === '' ? '' : `?${query}`}`;
};

export const address: Signal<Address> = signal(parseAddress(location.hash));

addEventListener('hashchange', () => {
  const next = parseAddress(location.hash);
  if (formatAddress(next) !== formatAddress(address.peek())) address.value = next;
});

/** Changes values of the present page in place: the way back in the browser leads to the page before, not to each drag. */
export const setValues = (changes: Readonly<Record<string, string | undefined>>): void => {
  const { page, values } = address.peek();
  const next = Object.entries({ ...values, ...changes }).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  address.value = { page, values: Object.fromEntries(next) };
  history.replaceState(null, '', formatAddress(address.peek()));
};

/** How a value is read from the address; what is missing or makes no sense is the default, and is not written. */
export interface Entry<T> {
  readonly read: (text: string) => T | undefined;
  readonly write: (value: T) => string;
  readonly initial: T;
}

export const numberIn = (initial: number, low: number, high: number, digits = 3): Entry<number> => ({
  initial,
  read: (text) => {
    const value = Number(text);
    return text.trim() !== '' && value >= low && value <= high ? value : undefined;
  },
  write: (value) => String(Number(value.toFixed(digits))),
});

export const oneOf = <T extends string>(initial: T, names: readonly T[]): Entry<T> => ({
  initial,
  read: (text) => names.find((name) => name === text),
  write: (value) => value,
});

/** The typed state of a page: what the address says, and how to change it. */
export const pageState = <T extends Readonly<Record<string, unknown>>>(
  entries: {
    readonly [K in keyof T]: Entry<T[K]>;
  },
) => {
  const all = entries as Readonly<Record<string, Entry<unknown>>>;
  return {
    read: (): T => {
      const { values } = address.value;
      const read = ([name, { read, initial }]: [string, Entry<unknown>]) => {
        const text = values[name];
        return [name, (text === undefined ? undefined : read(text)) ?? initial] as const;
      };
      return Object.fromEntries(Object.entries(all).map(read)) as T;
    },
    set: (changes: Partial<T>): void => {
      const text = ([name, value]: [string, unknown]) => {
        const { write, initial } = all[name]!;
        return [name, write(value) === write(initial) ? undefined : write(value)] as const;
      };
      setValues(Object.fromEntries(Object.entries(changes).map(text)));
    },
  };
};
