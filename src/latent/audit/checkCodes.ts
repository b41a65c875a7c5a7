import { InputError } from '../../engine/errors/index.js';
import type { Codes } from './codes.js';
import { duplicatedRows, sharedRows } from './duplicates.js';
import { count, grouped, listed } from './wording.js';

/** Fewer codes than this: what rests on halves of them, or on a density fitted to them, cannot be estimated. */
export const FEW = 50;
/** Fewer than this say nothing at all. */
export const LEAST = 10;
/** Share of held-out codes that may be training codes by chance, as equal images are. */
const LEAK = 0.01;

export interface CheckedInput {
  readonly train: Codes;
  readonly test?: Codes;
  /** [N], of the training codes. */
  readonly labels?: ArrayLike<number>;
  /** How messages name an array (`mu`, `sigma`, `z`, `test mu`, …): by its file, for example. */
  readonly names?: Readonly<Record<string, string>>;
}

interface NamedArray {
  readonly name: string;
  readonly array: 'mu' | 'sigma' | 'z';
  readonly values: Float32Array;
}

const arraysOf = (codes: Codes, prefix: string, names: CheckedInput['names']): NamedArray[] => {
  const named = (array: 'mu' | 'sigma' | 'z', values: Float32Array): NamedArray => ({
    name: names?.[prefix + array] ?? prefix + array,
    array,
    values,
  });
  return 'mu' in codes ? [named('mu', codes.mu), named('sigma', codes.sigma)] : [named('z', codes.z)];
};

/** What is said of wrong values: where the first is, and how many there are. */
export const wrongValueProblem = (
  name: string,
  expected: string,
  { value, row, column, total }: { value: number; row: number; column: number; total: number },
): string => {
  const others = total === 1 ? '' : ` and at ${count(total - 1, 'other place')}`;
  return `${name}: expected ${expected}, got ${value} at row ${row}, column ${column} (counted from 0)${others}`;
};

/** The first value of an array that is wrong, and how many are. */
const wrongValues = (values: Float32Array, wrong: (value: number) => boolean): { first: number; total: number } => {
  let [first, total] = [-1, 0];
  for (let i = 0; i < values.length; i++) {
    if (!wrong(values[i]!)) continue;
    if (total++ === 0) first = i;
  }
  return { first, total };
};

const valueProblem = (
  { name, values }: NamedArray,
  latents: number,
  expected: string,
  wrong: (value: number) => boolean,
): string[] => {
  const { first, total } = wrongValues(values, wrong);
  if (total === 0) return [];
  const place = { row: Math.floor(first / latents), column: first % latents };
  return [wrongValueProblem(name, expected, { value: values[first]!, ...place, total })];
};

const setProblems = (codes: Codes, prefix: string, names: CheckedInput['names']): string[] => {
  const { n, latents } = codes;
  if (!Number.isInteger(latents) || latents < 1)
    return [`${prefix}codes: expected at least 1 dimension, got ${latents}`];
  if (!Number.isInteger(n) || n < LEAST) return [`${prefix}codes: expected at least ${LEAST} rows, got ${n}`];
  return arraysOf(codes, prefix, names).flatMap((array) => {
    if (array.values.length !== n * latents) {
      return [`${array.name}: expected ${n} rows of ${latents}, got ${array.values.length} values`];
    }
    const finite = valueProblem(array, latents, 'finite numbers', (value) => !Number.isFinite(value));
    if (array.array !== 'sigma') return finite;
    return [...finite, ...valueProblem(array, latents, 'standard deviations above 0', (value) => value <= 0)];
  });
};

const pairProblems = ({ train, test, labels }: CheckedInput): string[] => {
  const problems: string[] = [];
  if (test !== undefined && test.latents !== train.latents) {
    problems.push(`test codes: expected ${count(train.latents, 'dimension')} as the codes have, got ${test.latents}`);
  }
  if (test !== undefined && 'mu' in test !== 'mu' in train) {
    const kind = (codes: Codes): string => ('mu' in codes ? 'mu and sigma' : 'z alone');
    problems.push(`test codes: expected ${kind(train)} as for the codes, got ${kind(test)}`);
  }
  if (labels !== undefined && labels.length !== train.n) {
    problems.push(`labels: expected one for each of ${train.n} codes, got ${labels.length}`);
  }
  return problems;
};

const isConstant = (values: Float32Array, n: number, latents: number, d: number): boolean => {
  for (let i = 1; i < n; i++) if (values[i * latents + d] !== values[d]) return false;
  return true;
};

/** Dimensions in which every code has the same value (the same mean, where posteriors are known). */
export const constantDimensions = (codes: Codes): number[] => {
  const values = 'mu' in codes ? codes.mu : codes.z;
  return Array.from({ length: codes.latents }, (_, d) => d).filter((d) =>
    isConstant(values, codes.n, codes.latents, d),
  );
};

const notesOf = ({ train, test }: CheckedInput): string[] => {
  const notes: string[] = [];
  const constant = constantDimensions(train);
  if (constant.length > 0) {
    const what = 'mu' in train ? 'mu is' : 'z is';
    const means = 'mu' in train ? 'carries nothing about x' : 'has no density, and no prior draw falls there';
    notes.push(
      `${what} constant in ${count(constant.length, 'dimension')} of ${train.latents} (${listed(constant)}): such a dimension ${means}.`,
    );
  }
  const duplicated = duplicatedRows(train);
  if (duplicated > 0) notes.push(`${count(duplicated, 'row')} of ${grouped(train.n)} repeat an earlier row.`);
  if (test !== undefined) {
    const shared = sharedRows(train, test);
    const leak = shared > LEAK * test.n ? ': what is measured on held-out codes is then too good' : '';
    if (shared > 0) {
      notes.push(
        `${count(shared, 'row')} of ${grouped(test.n)} held-out codes are rows of the training codes too${leak}.`,
      );
    }
  }
  const least = Math.min(train.n, test?.n ?? train.n);
  if (least < FEW) {
    notes.push(
      `${least} codes are few: below ${FEW}, hole mass, held-out bound, classifier and Mardia's statistics are not estimated.`,
    );
  }
  return notes;
};

/**
 * Codes that can be audited, or everything that is wrong with them at once.
 *
 * Returns what the reader must know: constant dimensions, duplicated rows, few codes.
 * Throws: InputError, a line for each problem: values that are not finite or a sigma that is not above 0 (with row and
 * column), shapes that differ, no dimension, fewer than 10 rows.
 */
export const checkCodes = (input: CheckedInput): string[] => {
  const problems = [
    ...setProblems(input.train, '', input.names),
    ...(input.test === undefined ? [] : setProblems(input.test, 'test ', input.names)),
    ...pairProblems(input),
  ];
  if (problems.length > 0) throw new InputError(problems.join('\n'));
  return notesOf(input);
};
