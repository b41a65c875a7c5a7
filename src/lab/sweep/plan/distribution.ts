import { didYouMean } from '../../../engine/errors/index.js';

/** How the values of one key are spread over a number in [0, 1). */
export type Distribution =
  | { readonly kind: 'uniform' | 'loguniform' | 'int'; readonly low: number; readonly high: number }
  | { readonly kind: 'choice'; readonly values: readonly unknown[] };

const KINDS = ['uniform', 'loguniform', 'int', 'choice'] as const;
const EXPECTED = 'one of uniform: [low, high], loguniform: [low, high], int: [low, high], choice: [value, …]';

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);

const rangeProblem = (kind: Distribution['kind'], ends: unknown): string | undefined => {
  const got = `, got ${JSON.stringify(ends)}`;
  if (!Array.isArray(ends) || ends.length !== 2 || !ends.every(isNumber)) return `${kind}: expected [low, high]${got}`;
  const [low, high] = ends as [number, number];
  if (low >= high) return `${kind}: expected low below high${got}`;
  if (kind === 'loguniform' && low <= 0) return `${kind}: expected low above 0${got}`;
  if (kind === 'int' && !ends.every(Number.isInteger)) return `${kind}: expected whole numbers${got}`;
  return undefined;
};

/** Reads `{ loguniform: [1e-4, 1e-2] }`; a text says what is wrong with it. */
export const readDistribution = (given: unknown): Distribution | string => {
  const entries = given !== null && typeof given === 'object' && !Array.isArray(given) ? Object.entries(given) : [];
  if (entries.length !== 1) return `expected ${EXPECTED}, got ${JSON.stringify(given)}`;
  const [name, value] = entries[0]!;
  const kind = KINDS.find((known) => known === name);
  if (!kind) return `expected ${EXPECTED}, got ${JSON.stringify(name)}${didYouMean(name, KINDS)}`;
  if (kind === 'choice') {
    const listed = Array.isArray(value) && value.length > 0;
    return listed ? { kind, values: value } : `choice: expected a list of values, got ${JSON.stringify(value)}`;
  }
  const problem = rangeProblem(kind, value);
  if (problem) return problem;
  const [low, high] = value as [number, number];
  return { kind, low, high };
};

/**
 * The value at the share u of a distribution: its quantile.
 *
 *   uniform low + u (high − low); loguniform low (high / low)^u; int low + ⌊u (high − low + 1)⌋, both ends included;
 *   choice value ⌊u n⌋
 *
 * Domain: u in [0, 1).
 */
export const valueAt = (distribution: Distribution, u: number): unknown => {
  if (distribution.kind === 'choice') return distribution.values[Math.floor(u * distribution.values.length)];
  const { kind, low, high } = distribution;
  if (kind === 'int') return low + Math.floor(u * (high - low + 1));
  return kind === 'uniform' ? low + u * (high - low) : low * (high / low) ** u;
};
