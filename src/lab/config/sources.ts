import { parse } from 'yaml';
import { didYouMean, InputError } from '../../engine/errors/index.js';
import type { TrainConfig } from '../../vae/training/index.js';
import { isRecord, type Layer } from './layers.js';
import { REGIMES } from './names.js';

/** What a preset fixes; regime, estimator, seed and length come from elsewhere or from the defaults. */
export type Preset = Partial<TrainConfig>;
export type Presets = Readonly<Record<string, Preset>>;
export type Environment = Readonly<Record<string, string | undefined>>;

/** A number where the text is one, the text otherwise: the schema then says what it expected. */
const scalar = (text: string): unknown => (text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text);

const DEFAULTS = { preset: 'altosaar', seed: 1, epochs: 20, draws: 'fresh', data: 'glyphs', threads: 'auto' };
const named = (path: string): string => path;

export const runDefaults: Layer = { values: { ...DEFAULTS, regime: 'joint', kl: 'analytic' }, place: named };
export const studyDefaults: Layer = {
  values: { ...DEFAULTS, regimes: [...REGIMES], seeds: 1, workers: 'auto' },
  place: named,
};

export const presetLayer = (name: unknown, place: string, presets: Presets): Layer => {
  const names = Object.keys(presets);
  const preset = names.includes(String(name)) ? presets[String(name)] : undefined;
  if (!preset) {
    throw new InputError(
      `${place}: expected one of ${names.join(', ')}, got ${JSON.stringify(name)}${didYouMean(String(name), names)}`,
    );
  }
  return { values: { ...preset, preset: name }, place: (path) => `preset ${name}: ${path}` };
};

const TEXT_KEYS: readonly string[] = ['data', 'preset'];
const ENVIRONMENT_KEYS = ['preset', 'data', 'seed', 'epochs', 'threads', 'workers', 'limit'] as const;
const variable = (key: string): string => `ZDIST_${key.toUpperCase()}`;

/** `ZDIST_SEED=3` and the like; only the keys that the command knows. */
export const environmentLayer = (env: Environment, known: readonly string[]): Layer => {
  const values: Record<string, unknown> = {};
  for (const key of ENVIRONMENT_KEYS) {
    const text = env[variable(key)];
    if (text !== undefined && text !== '' && known.includes(key)) {
      values[key] = TEXT_KEYS.includes(key) ? text : scalar(text);
    }
  }
  return { values, place: variable };
};

/** Options by their key in the configuration; an option that was not given is undefined. */
export const flagsLayer = (flags: Readonly<Record<string, string | string[] | undefined>>): Layer => {
  const values: Record<string, unknown> = {};
  for (const [key, given] of Object.entries(flags)) {
    if (given !== undefined)
      values[key] = typeof given === 'string' && !TEXT_KEYS.includes(key) ? scalar(given) : given;
  }
  return { values, place: (path) => `--${path}` };
};

/** `--set optimizer.lr=0.01`: the path of a key and its value in YAML. */
export const setLayers = (assignments: readonly string[]): Layer[] =>
  assignments.map((assignment) => {
    const at = assignment.indexOf('=');
    const path = assignment.slice(0, at).split('.');
    if (at < 1 || path.length > 2 || path.includes('')) {
      throw new InputError(`--set: expected key=value, as in optimizer.lr=0.001, got ${JSON.stringify(assignment)}`);
    }
    const value: unknown = parseYaml(assignment.slice(at + 1), `--set ${path.join('.')}`);
    const [key, inner] = path as [string, string?];
    return { values: { [key]: inner === undefined ? value : { [inner]: value } }, place: (where) => `--set ${where}` };
  });

export const fileLayer = (path: string, text: string): Layer => {
  const values = parseYaml(text, path) ?? {};
  if (!isRecord(values)) throw new InputError(`${path}: expected keys and values, got ${JSON.stringify(values)}`);
  return { values, place: (where) => `${path}: ${where}` };
};

const parseYaml = (text: string, place: string): unknown => {
  try {
    return parse(text);
  } catch (error) {
    const firstLine = (error instanceof Error ? error.message : String(error)).split('\n')[0]!;
    throw new InputError(`${place}: expected YAML, got ${firstLine.replace(/:$/, '')}`);
  }
};
