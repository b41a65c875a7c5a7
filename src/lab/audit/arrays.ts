/** Codes from .npy files: mu with sigma or log_var, or draws z alone. */
import { resolve } from 'node:path';
import { InputError } from '../../engine/errors/index.js';
import type { AuditInput, Codes } from '../../latent/audit/index.js';
import { type NpyArray, type NpyData, readNpy } from '../data/npy.js';
import { type FileSystem, systemCode } from '../runs/fileSystem.js';

/** Options that name an array, without their dashes. */
export const ARRAY_OPTIONS = [
  ...['z', 'mu', 'sigma', 'log-var'],
  ...['test-z', 'test-mu', 'test-sigma', 'test-log-var'],
  'labels',
] as const;
/** Path by option; what was not given is absent. */
export type ArrayPaths = Readonly<Record<string, string | undefined>>;

/** What is wrong with the choice of files, before any is read. */
const choiceProblems = (paths: ArrayPaths, prefix: '' | 'test-'): string[] => {
  const given = (name: string): boolean => paths[prefix + name] !== undefined;
  const option = (name: string): string => `--${prefix}${name}`;
  const problems: string[] = [];
  const posteriors = ['mu', 'sigma', 'log-var'].filter(given);
  if (given('z') && posteriors.length > 0) {
    problems.push(`${option('z')}: expected draws alone, got ${posteriors.map(option).join(' and ')} beside them`);
  }
  if (given('sigma') && given('log-var')) {
    problems.push(`${option('sigma')}: expected one of ${option('sigma')} and ${option('log-var')}, got both`);
  }
  if (given('mu') && !given('sigma') && !given('log-var')) {
    const samples = `for draws give ${option('z')}`;
    problems.push(`${option('mu')}: expected ${option('sigma')} or ${option('log-var')} beside it; ${samples}`);
  }
  if (!given('mu') && posteriors.length > 0) {
    problems.push(`${option(posteriors[0]!)}: expected ${option('mu')} beside it`);
  }
  return problems;
};

const kindOf = (paths: ArrayPaths, prefix: '' | 'test-'): 'z' | 'mu' | undefined =>
  paths[`${prefix}z`] !== undefined ? 'z' : paths[`${prefix}mu`] !== undefined ? 'mu' : undefined;

/** Throws: InputError with all that is wrong with the choice of files. */
const checkChoice = (paths: ArrayPaths): void => {
  const problems = [...choiceProblems(paths, ''), ...choiceProblems(paths, 'test-')];
  const [train, test] = [kindOf(paths, ''), kindOf(paths, 'test-')];
  if (problems.length === 0 && train === undefined) {
    problems.push('audit: expected a run folder, or arrays by --mu with --sigma or --log-var, or by --z');
  }
  if (problems.length === 0 && test !== undefined && train !== test) {
    problems.push(`--test-${test}: expected --test-${train} beside --${train}, got --test-${test}`);
  }
  if (problems.length > 0) throw new InputError(problems.join('\n'));
};

const numbers = (data: NpyData): Float32Array =>
  data instanceof Float32Array ? data : Float32Array.from(data as ArrayLike<number | bigint>, Number);

/** σ = exp(½ log σ²), in float64 before it is rounded. */
const sigmaOfLogVar = (data: NpyData): Float32Array =>
  Float32Array.from(data as ArrayLike<number | bigint>, (value) => Math.exp(0.5 * Number(value)));

/** Reads the files, collecting what is wrong with each. */
class ArrayReader {
  readonly problems: string[] = [];
  constructor(
    private readonly files: FileSystem,
    private readonly cwd: string,
    private readonly paths: ArrayPaths,
  ) {}

  async read(option: string): Promise<NpyArray | undefined> {
    const path = this.paths[option];
    if (path === undefined) return undefined;
    try {
      return readNpy(await this.files.readFile(resolve(this.cwd, path)), path);
    } catch (error) {
      const code = systemCode(error);
      if (code === undefined && !(error instanceof InputError)) throw error;
      const missing = `--${option}: expected a file that can be read, got ${path} (${code})`;
      this.problems.push(code === undefined ? (error as Error).message : missing);
      return undefined;
    }
  }

  /** A matrix [N, D], or undefined with a problem noted. */
  async matrix(option: string): Promise<NpyArray | undefined> {
    const array = await this.read(option);
    if (array === undefined || array.shape.length === 2) return array;
    const { shape } = array;
    const advice =
      shape.length === 1 ? '; reshape(-1, 1) for one latent' : shape.length > 2 ? '; reshape(len(a), -1)' : '';
    this.problems.push(`${this.paths[option]}: expected shape [N, D], got [${shape.join(', ')}]${advice}`);
    return undefined;
  }

  async codes(prefix: '' | 'test-'): Promise<Codes | undefined> {
    const z = await this.matrix(`${prefix}z`);
    const mu = await this.matrix(`${prefix}mu`);
    const sigma = await this.matrix(`${prefix}sigma`);
    const logVar = await this.matrix(`${prefix}log-var`);
    if (z) return { z: numbers(z.data), n: z.shape[0]!, latents: z.shape[1]! };
    const scale = sigma ?? logVar;
    if (!mu || !scale) return undefined;
    if (mu.shape.some((size, axis) => size !== scale.shape[axis])) {
      const name = this.paths[sigma ? `${prefix}sigma` : `${prefix}log-var`];
      const got = `[${scale.shape.join(', ')}]`;
      this.problems.push(`${name}: expected [${mu.shape.join(', ')}] as ${this.paths[`${prefix}mu`]} has, got ${got}`);
      return undefined;
    }
    const shape = { n: mu.shape[0]!, latents: mu.shape[1]! };
    return { ...shape, mu: numbers(mu.data), sigma: sigma ? numbers(sigma.data) : sigmaOfLogVar(scale.data) };
  }

  async labels(): Promise<Float64Array | undefined> {
    const array = await this.read('labels');
    if (array === undefined) return undefined;
    const { labels: name } = this.paths;
    const values = Float64Array.from(array.data as ArrayLike<number | bigint>, Number);
    const fraction = values.findIndex((value) => !Number.isInteger(value));
    if (array.shape.length !== 1) this.problems.push(`${name}: expected shape [N], got [${array.shape.join(', ')}]`);
    else if (fraction >= 0) {
      this.problems.push(
        `${name}: expected whole numbers, got ${values[fraction]} at row ${fraction} (counted from 0)`,
      );
    } else return values;
    return undefined;
  }
}

const sourceOf = (paths: ArrayPaths, prefix: '' | 'test-'): string =>
  ['z', 'mu', 'sigma', 'log-var'].flatMap((name) => paths[prefix + name] ?? []).join(', ');

/** How messages name an array: by its file. */
const namesOf = (paths: ArrayPaths): Record<string, string> =>
  Object.fromEntries(
    (['', 'test-'] as const).flatMap((prefix) => {
      const spoken = prefix === '' ? '' : 'test ';
      const logVar = paths[`${prefix}log-var`];
      const sigma = logVar === undefined ? paths[`${prefix}sigma`] : `${logVar}: sigma = exp(log_var / 2)`;
      const named: (readonly [string, string | undefined])[] = [
        [`${spoken}z`, paths[`${prefix}z`]],
        [`${spoken}mu`, paths[`${prefix}mu`]],
        [`${spoken}sigma`, sigma],
      ];
      return named.filter((pair): pair is [string, string] => pair[1] !== undefined);
    }),
  );

/**
 * The codes that the options name.
 *
 * Throws: InputError, a line for each problem: options that do not go together, files that cannot be read, shapes that
 * are no matrix or differ.
 */
export const readArrays = async (files: FileSystem, cwd: string, paths: ArrayPaths): Promise<AuditInput> => {
  checkChoice(paths);
  const reader = new ArrayReader(files, cwd, paths);
  const train = await reader.codes('');
  const test = await reader.codes('test-');
  const labels = await reader.labels();
  if (reader.problems.length > 0 || train === undefined) throw new InputError(reader.problems.join('\n'));
  return {
    train,
    ...(test && { test }),
    ...(labels && { labels }),
    sources: { train: sourceOf(paths, ''), ...(test && { test: sourceOf(paths, 'test-') }) },
    names: namesOf(paths),
  };
};

/** Classes of training images. Throws: InputError for a file that holds no whole numbers [N]. */
export const readLabels = async (files: FileSystem, cwd: string, path: string): Promise<Float64Array> => {
  const reader = new ArrayReader(files, cwd, { labels: path });
  const labels = await reader.labels();
  if (labels === undefined) throw new InputError(reader.problems.join('\n'));
  return labels;
};
