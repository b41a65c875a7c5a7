/** What every kind of job asks of its specification. */
import type { z } from 'zod';
import { InputError } from '../../../engine/errors/index.js';
import { valueIn } from '../valueIn.js';
import type { JobSpec } from './job.js';

/** The programs whose versions decide bytes. */
export type CodeVersion = Readonly<Record<string, string>>;

/** Throws: InputError, a line for each problem, unless the specification passes the schema of its kind. */
export const parseSpec = <T>(schema: z.ZodType<T>, spec: JobSpec): T => {
  const result = schema.safeParse(spec);
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path, message }) => {
    const got = JSON.stringify(valueIn(spec, path))?.slice(0, 100) ?? 'nothing';
    return `job: ${path.join('.') || 'spec'}: expected ${message}, got ${got}`;
  });
  throw new InputError(problems.join('\n'));
};

/** Throws: Error, because another worker may have the versions that are asked for. */
export const checkCode = (made: CodeVersion, mine: CodeVersion): void => {
  const differing = Object.keys({ ...made, ...mine }).filter((name) => made[name] !== mine[name]);
  const versions = (of: CodeVersion): string => differing.map((name) => `${name} ${of[name] ?? 'none'}`).join(', ');
  if (differing.length > 0) throw new Error(`job: expected ${versions(made)}, got a worker with ${versions(mine)}`);
};
