import { InputError } from '../../../engine/errors/index.js';
import { keyedStream } from '../../../engine/random/index.js';
import { type Layer, type Presets, type RunConfig, resolveConfig, runDefaults, runSchema } from '../../config/index.js';
import { valueAt } from './distribution.js';
import { sobolPoint } from './sobol.js';
import { MOST_JOBS, type Parameters, type SweepFile } from './sweepFile.js';

export interface PlannedConfig {
  /** The keys that vary and their values; unique within the sweep: `regime=joint,latents=16,seed=2`. */
  readonly name: string;
  /** What varies, in the order of the file, then the seed. */
  readonly varied: Readonly<Record<string, unknown>>;
  readonly config: RunConfig;
}

export interface SweepPlan {
  readonly runs: readonly PlannedConfig[];
  /** Configurations that came out equal to an earlier one and are left out. */
  readonly equal: number;
}

interface Setting {
  readonly key: string;
  readonly value: unknown;
  /** Where it stands in the file: `grid.latents.1`. */
  readonly place: string;
}

/** Every combination of the values of a grid; the last key changes fastest. */
const gridPoints = (grid: SweepFile['grid']): Setting[][] =>
  Object.entries(grid).reduce<Setting[][]>(
    (points, [key, values]) =>
      points.flatMap((point) => values.map((value, i) => [...point, { key, value, place: `grid.${key}.${i}` }])),
    [[]],
  );

const drawnPoint = (source: string, parameters: Parameters, shares: (axis: number) => number): Setting[] =>
  Object.entries(parameters).map(([key, distribution], axis) => ({
    key,
    value: valueAt(distribution, shares(axis)),
    place: `${source}.parameters.${key}`,
  }));

/** The points of `random`, then those of `sobol`; one empty point where there is neither. */
const drawnPoints = ({ random, sobol }: SweepFile): Setting[][] => {
  const points: Setting[][] = [];
  for (let n = 0; n < (random?.count ?? 0); n++) {
    const { seed, parameters } = random!;
    // Each key has a stream of its own: another key in the file leaves the draws of the first ones as they were.
    const share = (axis: number): number => keyedStream(seed, `sweep ${Object.keys(parameters)[axis]}`, n).uniform();
    points.push(drawnPoint('random', parameters, share));
  }
  for (let n = 0; n < (sobol?.count ?? 0); n++) {
    const { seed, parameters } = sobol!;
    const point = sobolPoint(n, Object.keys(parameters).length, seed);
    points.push(drawnPoint('sobol', parameters, (axis) => point[axis]!));
  }
  return points.length > 0 ? points : [[]];
};

const settingLayer = (file: string, { key, value, place }: Setting): Layer => {
  const [outer, ...inner] = key.split('.') as [string, ...string[]];
  const nested = inner.reduceRight<unknown>((content, name) => ({ [name]: content }), value);
  return { values: { [outer]: nested }, place: (path) => `${file}: ${place}${path.slice(key.length)}` };
};

/** A whole optimizer comes before the settings of one. */
const outerFirst = (a: Setting, b: Setting): number => a.key.split('.').length - b.key.split('.').length;

const label = (value: unknown): string => {
  if (typeof value === 'number') return String(Number(value.toPrecision(4)));
  if (Array.isArray(value)) return value.map(label).join('x');
  if (value !== null && typeof value === 'object') return 'name' in value ? String(value.name) : JSON.stringify(value);
  return String(value);
};

/** How many configurations a sweep makes before equal ones are left out. */
const sizeOf = (file: SweepFile): number => {
  const grid = Object.values(file.grid).reduce((product, values) => product * values.length, 1);
  return grid * Math.max(1, (file.random?.count ?? 0) + (file.sobol?.count ?? 0)) * file.repeats;
};

/**
 * The runs of a sweep: every combination of the grid with every point drawn, each with `repeats` seeds. The same file
 * gives the same runs in the same order. `above` are layers above the file, as flags are.
 *
 * Throws: InputError that lists every problem of any configuration, a line each, with its place in the file.
 */
export const planSweep = (
  file: SweepFile,
  presets: Presets,
  below: readonly Layer[] = [],
  above: readonly Layer[] = [],
): SweepPlan => {
  const size = sizeOf(file);
  if (size > MOST_JOBS) throw new InputError(`${file.path}: expected at most ${MOST_JOBS} runs, got ${size}`);
  const base: Layer = { values: file.base, place: (path) => `${file.path}: base.${path}` };
  const problems = new Set<string>();
  const runs = new Map<string, PlannedConfig>();
  const names = new Map<string, number>();

  const add = (settings: readonly Setting[], config: RunConfig): void => {
    const key = JSON.stringify(config);
    if (runs.has(key)) return;
    const varied: Record<string, unknown> = Object.fromEntries(settings.map(({ key: at, value }) => [at, value]));
    if (file.repeats > 1) varied.seed = config.seed;
    const text = Object.entries(varied).map(([at, value]) => `${at}=${label(value)}`);
    const name = text.join(',') || file.name;
    const count = (names.get(name) ?? 0) + 1;
    names.set(name, count);
    runs.set(key, { name: count > 1 ? `${name}#${count}` : name, varied, config });
  };

  const drawn = drawnPoints(file);
  for (const grid of gridPoints(file.grid)) {
    for (const point of drawn) {
      const settings = [...grid, ...point];
      const layers = [...settings].sort(outerFirst).map((setting) => settingLayer(file.path, setting));
      try {
        const resolved = resolveConfig(runSchema, presets, runDefaults, [base, ...below, ...layers, ...above]);
        const config = { ...resolved, threads: resolved.threads === 'auto' ? 1 : resolved.threads };
        for (let i = 0; i < file.repeats; i++) add(settings, { ...config, seed: (config.seed + i) % 2 ** 32 });
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        for (const line of error.message.split('\n')) problems.add(line);
      }
    }
  }
  if (problems.size > 0) throw new InputError([...problems].join('\n'));
  return { runs: [...runs.values()], equal: size - runs.size };
};
