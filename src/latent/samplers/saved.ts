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

/** A saved sampler as a part of another, under a prefix. */
export const nested = (
  prefix: string,
  { family, settings, arrays }: SavedSampler,
): Omit<SavedSampler, 'family' | 'latents'> => ({
  settings: {
    [`${prefix}family`]: family,
    ...Object.fromEntries(Object.entries(settings).map(([key, value]) => [`${prefix}settings.${key}`, value])),
  },
  arrays: Object.fromEntries(Object.entries(arrays).map(([key, value]) => [prefix + key, value])),
});

/** The part under a prefix, or undefined where there is none. */
export const nestedOf = ({ latents, settings, arrays }: SavedSampler, prefix: string): SavedSampler | undefined => {
  const family = settings[`${prefix}family`];
  if (typeof family !== 'string') return undefined;
  const under = <V>(values: Readonly<Record<string, V>>, start: string): Record<string, V> =>
    Object.fromEntries(
      Object.entries(values).flatMap(([key, value]) =>
        key.startsWith(start) ? [[key.slice(start.length), value]] : [],
      ),
    );
  return { family, latents, settings: under(settings, `${prefix}settings.`), arrays: under(arrays, prefix) };
};
