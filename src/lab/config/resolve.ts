import type { z } from 'zod';
import { didYouMean, InputError } from '../../engine/errors/index.js';
import { isRecord, type Layer, type Merged, mergeLayers } from './layers.js';
import { knownKeys, OPTIMIZERS, type runSchema, type studySchema } from './schema.js';
import { type Presets, presetLayer } from './sources.js';

type Schema = typeof runSchema | typeof studySchema;

const valueAt = (root: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (value, key) => (isRecord(value) || Array.isArray(value) ? Reflect.get(value, key) : undefined),
    root,
  );

const describe = (issue: z.core.$ZodIssue, schema: Schema, merged: Merged): string[] => {
  const value = valueAt(merged.values, issue.path);
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(schema, issue.path, value);
    return issue.keys.map((key) => {
      const place = merged.place([...issue.path, key].join('.'));
      return `${place}: unknown key${didYouMean(key, known) || `, expected one of ${known.join(', ')}`}`;
    });
  }
  const choices = issue.code === 'invalid_value' ? issue.values : issue.code === 'invalid_union' ? OPTIMIZERS : [];
  const near = typeof value === 'string' ? didYouMean(value, choices.map(String)) : '';
  const got = value === undefined ? 'nothing' : JSON.stringify(value);
  return [`${merged.place(issue.path.join('.'))}: expected ${issue.message}, got ${got}${near}`];
};

/**
 * The configuration that the layers add up to, from the lowest to the highest, above the preset
 * that they name and the defaults.
 *
 * Throws: InputError that lists every problem, a line each, with the place of its value.
 */
export const resolveConfig = <S extends Schema>(
  schema: S,
  presets: Presets,
  defaults: Layer,
  layers: readonly Layer[],
): z.output<S> => {
  const named = mergeLayers([defaults, ...layers]);
  const preset = presetLayer(named.values.preset, named.place('preset'), presets);
  const merged = mergeLayers([defaults, preset, ...layers]);
  const result = schema.safeParse(merged.values);
  if (!result.success) {
    const problems = new Set(result.error.issues.flatMap((issue) => describe(issue, schema, merged)));
    throw new InputError([...problems].join('\n'));
  }
  return result.data as z.output<S>;
};
