import { InputError } from '../../engine/errors/index.js';
import type { Sampler, SavedSampler } from './sampler.js';

const FACT = 'fact.';

type Kept = Pick<Sampler, 'facts' | 'notes'>;

/** Facts and notes of a fit as settings. */
export const keptSettings = ({ facts, notes }: Kept): Record<string, number | string> => ({
  ...Object.fromEntries(Object.entries(facts).map(([name, value]) => [`${FACT}${name}`, value])),
  ...(notes.length > 0 ? { notes: notes.join('\n') } : {}),
});

/** Facts and notes out of settings. */
export const keptOf = ({ settings }: SavedSampler): Kept => ({
  facts: Object.fromEntries(
    Object.entries(settings).flatMap(([key, value]) =>
      key.startsWith(FACT) && typeof value === 'number' ? [[key.slice(FACT.length), value] as const] : [],
    ),
  ),
  notes: typeof settings.notes === 'string' ? settings.notes.split('\n') : [],
});

/** A saved array. Throws: InputError where it is missing, of another size than told, or not finite. */
export const savedArray = ({ family, arrays }: SavedSampler, name: string, size?: number): Float32Array => {
  const data = arrays[name]?.data;
  if (data === undefined || (size !== undefined && data.length !== size)) {
    throw new InputError(`${family}: ${name}: expected ${size ?? 'its'} values, got ${data?.length ?? 'none'}`);
  }
  const bad = data.find((value) => !Number.isFinite(value));
  if (bad !== undefined) throw new InputError(`${family}: ${name}: expected finite numbers, got ${bad}`);
  return data;
};

const within = <V>(values: Readonly<Record<string, V>>, start: string): Record<string, V> =>
  Object.fromEntries(
    Object.entries(values).flatMap(([key, value]) => (key.startsWith(start) ? [[key.slice(start.length), value]] : [])),
  );

/** A saved sampler as settings and arrays of another one, under a prefix. */
export const nestedSettings = (
  saved: SavedSampler,
  prefix: string,
): {
  readonly settings: Record<string, SavedSampler['settings'][string]>;
  readonly arrays: Record<string, SavedSampler['arrays'][string]>;
} => ({
  settings: Object.fromEntries([
    [`${prefix}family`, saved.family],
    ...Object.entries(saved.settings).map(([key, value]) => [`${prefix}settings.${key}`, value]),
  ]),
  arrays: Object.fromEntries(Object.entries(saved.arrays).map(([key, value]) => [prefix + key, value])),
});

/** The sampler that is kept under a prefix, of as many latents. Throws: InputError where there is none. */
export const nestedIn = ({ family, latents, settings, arrays }: SavedSampler, prefix: string): SavedSampler => {
  const own = settings[`${prefix}family`];
  if (typeof own !== 'string') throw new InputError(`${family}: ${prefix}family: expected its name, got none`);
  return { family: own, latents, settings: within(settings, `${prefix}settings.`), arrays: within(arrays, prefix) };
};
