/** Runs side by side: in which settings they differ, what they reached, and how sure their differences are. */
import { InputError } from '../../engine/errors/index.js';
import { interval } from '../../latent/numbers/index.js';
import { runSchema } from '../config/index.js';
import { type Quantity, quantities } from '../report/series.js';
import type { RunRecord } from '../runs/reading/record.js';
import { bounds, FINAL_SAMPLING, statedFinal } from '../runs/stated.js';
import type { Estimate, RunResult } from '../studies/study.js';
import { sideOfEstimate, sideOfValues, welch } from './difference.js';

export const MOST_RUNS = 10;

/** A run as it is compared. */
export interface ComparedRun {
  /** As the user named it. */
  readonly path: string;
  readonly folder: string;
  readonly record: RunRecord;
  readonly result: RunResult;
}

export interface Measured {
  readonly value: number;
  /** Half of the 95% interval. */
  readonly half: number;
  readonly interval: readonly [number, number];
  readonly n: number;
  /** What n counts. */
  readonly of: string;
  /** What each of them was measured on. */
  readonly sampling: string;
}

/** Runs that differ in their seed alone. */
export interface Group {
  /** What it has of its own: `joint · mc · latents 16`. */
  readonly label: string;
  readonly runs: readonly string[];
  readonly seeds: readonly number[];
  readonly values: Partial<Readonly<Record<Quantity, Measured>>>;
}

export interface Difference {
  readonly quantity: Quantity;
  /** Labels: `of` minus `from`. */
  readonly of: string;
  readonly from: string;
  readonly value: number;
  /** Half of the 95% interval; absent where one side alone has several seeds. */
  readonly half?: number;
  readonly interval?: readonly [number, number];
  readonly n: readonly [number, number];
  /** Of both sides together. */
  readonly seeds: readonly number[];
  /** What each side was measured on. */
  readonly sampling: string;
  readonly method:
    | 'paired over test images'
    | 'Welch over seeds'
    | 'Welch over test images'
    | 'none: one side has one seed';
}

export interface Comparison {
  readonly schema: 1;
  readonly kind: 'comparison';
  readonly data: { readonly name: string; readonly sha256?: string };
  readonly runs: readonly {
    readonly name: string;
    readonly path: string;
    readonly state: string;
    readonly seed: number;
    readonly steps: number;
    /** SHA-256 of its configuration and pixels; older runs have none. */
    readonly inputs?: unknown;
    /** Each value with its sampling and interval. */
    readonly final?: unknown;
  }[];
  /** Settings that are not the same in all groups; a value a group, in their order. */
  readonly settings: readonly { readonly key: string; readonly values: readonly unknown[] }[];
  readonly groups: readonly Group[];
  /** Of every group from the first. Nats per image. */
  readonly differences: readonly Difference[];
  readonly warnings: readonly string[];
}

/** Mean and standard error of the rate of one run minus that of another, image by image; undefined where codes lack. */
export type PairedRates = (of: ComparedRun, from: ComparedRun) => Promise<Estimate | undefined>;

/** Whatever these are, runs count as the same experiment. */
const NOT_THE_EXPERIMENT = ['seed', 'threads'];

const flat = (config: Readonly<Record<string, unknown>>): [string, unknown][] =>
  Object.entries(config).flatMap(([key, value]) =>
    value !== null && typeof value === 'object' && !Array.isArray(value)
      ? Object.entries(value).map(([inner, each]): [string, unknown] => [`${key}.${inner}`, each])
      : [[key, value] as [string, unknown]],
  );

/** Older runs may have results beside their settings. */
const settingsOf = ({ record }: ComparedRun): ReadonlyMap<string, unknown> => {
  const known = Object.entries(record.config).filter(([key]) => Object.hasOwn(runSchema.shape, key));
  return new Map(flat(Object.fromEntries(known)));
};

const experimentOf = (run: ComparedRun): string =>
  JSON.stringify([...settingsOf(run)].filter(([key]) => !NOT_THE_EXPERIMENT.includes(key)).sort());

const dataHash = ({ record }: ComparedRun): string | undefined =>
  (record.inputs as { data?: string } | undefined)?.data;

/** Throws: InputError where runs learned or were measured on different data. */
const checkData = (runs: readonly ComparedRun[]): string[] => {
  const [first, ...others] = runs;
  const about = ({ record: { config } }: ComparedRun): string =>
    [config.data, config.binarisation, config.limit && `the first ${config.limit}`].filter(Boolean).join(', ');
  for (const run of others) {
    const hashes = [dataHash(first!), dataHash(run)];
    const told = hashes.every((hash) => hash !== undefined);
    const same = told ? hashes[0] === hashes[1] : true;
    const [expected, got] = [first!, run].map((each) => (same ? about(each) : `${about(each)} (${dataHash(each)})`));
    if (expected !== got) {
      throw new InputError(`${run.path}: expected the data of ${first!.path}: ${expected}, got ${got}`);
    }
  }
  const unsure = runs.filter((run) => dataHash(run) === undefined).map(({ path }) => path);
  return unsure.length === 0
    ? []
    : [`${unsure.join(', ')}: an older run without a hash of its data; taken for the same by their name`];
};

const OF: Partial<Readonly<Record<Quantity, string>>> = {
  momentKl: 'batches of the test set',
  momentKlDraws: 'batches of the test set',
};

const measured = (runs: readonly ComparedRun[], quantity: Quantity): Measured | undefined => {
  const estimates = runs.flatMap(({ result }) => result.final?.[quantity] ?? []);
  const [first, second] = estimates;
  if (first === undefined) return undefined;
  const told = { ...interval(estimates), interval: bounds(interval(estimates)), sampling: FINAL_SAMPLING[quantity] };
  if (second === undefined) return { ...told, n: first.n, of: OF[quantity] ?? 'test images' };
  return { ...told, n: estimates.length, of: 'seeds' };
};

/** A value of a setting, for people. */
export const settingText = (value: unknown): string =>
  Array.isArray(value) ? value.join(', ') : String(value ?? 'none');

const shown = (key: string, value: unknown): string => {
  const text = Array.isArray(value) ? value.join('-') : String(value ?? 'none');
  return ['regime', 'kl', 'preset'].includes(key) ? text : `${key} ${text}`;
};

/**
 * Compares runs on one data set. Runs that differ in their seed alone are one group: its values are means over seeds with
 * the interval of Student's t; those of a single run have the interval over test images. Of two single runs the rates are
 * paired image by image, where both have their codes; all else is Welch's interval.
 *
 * Throws: InputError for fewer than 2 or more than MOST_RUNS runs, for a run that is named twice, and for mixed data.
 */
export const compareRuns = async (runs: readonly ComparedRun[], pairedRates: PairedRates): Promise<Comparison> => {
  if (runs.length < 2 || runs.length > MOST_RUNS) {
    throw new InputError(`compare: expected 2 to ${MOST_RUNS} runs, got ${runs.length}`);
  }
  const twice = runs.find((run, i) => runs.findIndex(({ folder }) => folder === run.folder) < i);
  if (twice) throw new InputError(`compare: expected different runs, got ${twice.path} twice`);
  const warnings = checkData(runs);
  for (const { path, result } of runs) {
    if (result.final === undefined) warnings.push(`${path}: has no values yet`);
    else if (result.state !== 'done') warnings.push(`${path}: is ${result.state}, at step ${result.steps}`);
  }

  const experiments = [...new Set(runs.map(experimentOf))];
  const members = experiments.map((each) => runs.filter((run) => experimentOf(run) === each));
  const keys = [...new Set(runs.flatMap((run) => [...settingsOf(run).keys()]))];
  const settings = keys.flatMap((key) => {
    const of = (run: ComparedRun): unknown => settingsOf(run).get(key);
    if (key === 'threads' || new Set(runs.map((run) => JSON.stringify(of(run)))).size < 2) return [];
    const values = members.map((group) => (key === 'seed' ? group.map(of) : of(group[0]!)));
    return [{ key, values }];
  });
  const own = settings.filter(({ key }) => key !== 'seed');
  const groups = members.map((group, i): Group => {
    const { regime, kl } = group[0]!.record.config;
    const values = quantities.flatMap((name) => {
      const value = measured(group, name);
      return value === undefined ? [] : [[name, value] as const];
    });
    return {
      label: own.length === 0 ? `${regime} · ${kl}` : own.map(({ key, values: all }) => shown(key, all[i])).join(' · '),
      runs: group.map(({ path }) => path),
      seeds: group.map(({ record }) => record.config.seed),
      values: Object.fromEntries(values),
    };
  });

  const differences: Difference[] = [];
  for (const [i, group] of members.entries()) {
    if (i === 0) continue;
    for (const quantity of quantities) {
      const found = await difference(quantity, group, members[0]!, pairedRates);
      if (!found) continue;
      differences.push({
        ...{ quantity, of: groups[i]!.label, from: groups[0]!.label },
        ...found,
        ...(found.half !== undefined && { interval: bounds({ value: found.value, half: found.half }) }),
        seeds: [...new Set([...groups[i]!.seeds, ...groups[0]!.seeds])],
        sampling: FINAL_SAMPLING[quantity],
      });
    }
  }
  const { data } = runs[0]!.record.config;
  const hash = dataHash(runs[0]!);
  return {
    schema: 1,
    kind: 'comparison',
    data: { name: data, ...(hash !== undefined && { sha256: hash }) },
    runs: runs.map(({ path, record, result: { state, steps, final } }) => ({
      ...{ name: record.name, path, state, seed: record.config.seed, steps },
      ...(record.inputs !== undefined && { inputs: record.inputs }),
      ...(final && { final: statedFinal(final) }),
    })),
    ...{ settings, groups, differences, warnings },
  };
};

type Found = Pick<Difference, 'value' | 'half' | 'n' | 'method'>;

const difference = async (
  quantity: Quantity,
  of: readonly ComparedRun[],
  from: readonly ComparedRun[],
  pairedRates: PairedRates,
): Promise<Found | undefined> => {
  const [a, b] = [of, from].map((group) => group.flatMap(({ result }) => result.final?.[quantity] ?? []));
  const [first, second] = [a![0], b![0]];
  if (first === undefined || second === undefined) return undefined;
  const n = [a!.length, b!.length] as const;
  const values = (estimates: readonly Estimate[]): number[] => estimates.map(({ value }) => value);
  if (n[0] > 1 && n[1] > 1) {
    const { value, half } = welch(sideOfValues(values(a!)), sideOfValues(values(b!)));
    return { value, half, n, method: 'Welch over seeds' };
  }
  if (n[0] > 1 || n[1] > 1) {
    return { value: interval(a!).value - interval(b!).value, n, method: 'none: one side has one seed' };
  }
  const paired = quantity === 'rate' ? await pairedRates(of[0]!, from[0]!) : undefined;
  if (paired) return { ...interval([paired]), n: [paired.n, paired.n], method: 'paired over test images' };
  const { value, half } = welch(sideOfEstimate(first), sideOfEstimate(second));
  return { value, half, n: [first.n, second.n], method: 'Welch over test images' };
};
