/** A configuration as a list of names and texts. */

export type Settings = readonly (readonly [string, string])[];

const textOf = (value: unknown): string =>
  Array.isArray(value) && value.every((item) => typeof item !== 'object') ? value.join(', ') : String(value);

/** Nested keys become `optimizer.lr`, as `--set` and tables of runs call them. */
export const settingsOf = (value: unknown, under = ''): Settings => {
  if (typeof value !== 'object' || value === null || (Array.isArray(value) && textOf(value) !== '[object Object]')) {
    return [[under, textOf(value)]];
  }
  return Object.entries(value).flatMap(([name, inner]) => settingsOf(inner, under === '' ? name : `${under}.${name}`));
};

/** Keys of a record that say what came of it: the first schema has no `config` apart from them. */
const RESULTS = new Set(
  'schema state error started heartbeat name folder steps seconds msPerStep parameters trained final curve images probes codes nearest controls inputs versions git machine'.split(
    ' ',
  ),
);

/** What a run was told: `config` of its record; of the first schema, what a list knows of it. */
export const configurationOf = ({
  record,
  ...row
}: {
  readonly record: Readonly<Record<string, unknown>>;
  readonly [name: string]: unknown;
}): Settings => {
  if (record.config !== undefined)
    return settingsOf(record.config).filter(([name]) => !RESULTS.has(name.split('.')[0]!));
  const known = ['preset', 'regime', 'kl', 'seed', 'epochs', 'batch', 'latents', 'beta', 'data'];
  return known.flatMap((name) => (row[name] === undefined ? [] : settingsOf(row[name], name)));
};

export interface Difference {
  readonly name: string;
  /** One of each run; undefined where it has no such key. */
  readonly values: readonly (string | undefined)[];
}

/** Keys in which runs differ, in the order of the first run that has them. */
export const differences = (runs: readonly Settings[]): Difference[] => {
  const maps = runs.map((settings) => new Map(settings));
  const all = [...new Set(runs.flatMap((settings) => settings.map(([name]) => name)))];
  return all
    .map((name) => ({ name, values: maps.map((map) => map.get(name)) }))
    .filter(({ values }) => values.some((value) => value !== values[0]));
};
