/** Rows as codes: pairs of columns, standard deviations from the logarithm of variances, classes. */
import { InputError } from '../../../engine/errors/index.js';
import { ALL, type ChosenNumbers, type RowSource } from '../../../vae/data/arrays/index.js';

/** The same rows, each value changed in place: a block is the reader's until the next one. */
const mapRows = (source: RowSource, change: (block: Float32Array, firstRow: number) => void): RowSource => {
  const { stored: _unchanged, ...rest } = source;
  return {
    ...rest,
    async *blocks(range) {
      let row = range.from ?? 0;
      for await (const block of source.blocks(range)) {
        change(block, row);
        row += block.length / source.width;
        yield block;
      }
    },
  };
};

/** σ = exp(½ log σ²). */
export const sigmaOfLogVar = (logVar: RowSource): RowSource =>
  mapRows({ ...logVar, name: `${logVar.name}: sigma = exp(log_var / 2)` }, (block) => {
    for (let i = 0; i < block.length; i++) block[i] = Math.exp(0.5 * block[i]!);
  });

/** From here on, float32 does not tell every two whole numbers apart. */
const LARGEST_CLASS = 2 ** 24;

/**
 * Classes as whole numbers.
 *
 * Throws: InputError where there is more than one column; when read, where a value is no whole number below 2²⁴.
 */
export const classRows = ({ rows, shape }: ChosenNumbers): RowSource => {
  if (rows.width !== 1) throw new InputError(`${rows.name}: expected shape [N], got [${shape.join(', ')}]`);
  return mapRows(rows, (block, firstRow) => {
    for (const [i, value] of block.entries()) {
      if (Number.isInteger(value) && Math.abs(value) < LARGEST_CLASS) continue;
      const expected = Number.isInteger(value) ? 'whole numbers below 2^24' : 'whole numbers';
      throw new InputError(`${rows.name}: expected ${expected}, got ${value} at row ${firstRow + i} (counted from 0)`);
    }
  });
};

/** Throws: InputError where an array is no matrix [N, D]. */
export const requireMatrix = ({ rows, shape }: ChosenNumbers): void => {
  if (shape.length === 2) return;
  const advice = shape.length === 1 ? '; reshape(-1, 1) for one latent' : '; reshape(len(a), -1)';
  throw new InputError(`${rows.name}: expected shape [N, D], got [${shape.join(', ')}]${advice}`);
};

/** Names of the columns that a pattern makes of keys, some of them. */
const named = (pattern: string, keys: readonly string[]): string => {
  const most = 8;
  const names = keys.slice(0, most).map((key) => pattern.replace('*', () => key));
  return names.join(', ') + (keys.length > most ? ` and ${keys.length - most} more` : '');
};

/** Columns, or the array, that an option chose. */
export interface Chosen extends ChosenNumbers {
  /** Without its dashes. */
  readonly option: string;
  /** The pattern of its columns. */
  readonly text: string;
}

/**
 * Throws: InputError where mu and its scale differ in shape, or in what stands for `*` in the names of their columns.
 */
export const requirePair = (mu: Chosen, scale: Chosen): void => {
  if (mu.keys && scale.keys && mu.text !== ALL && scale.text !== ALL) {
    const lacking = (one: Chosen, other: Chosen): readonly string[] => {
      const keys = new Set(one.keys);
      return other.keys!.filter((key) => !keys.has(key));
    };
    const problems = [[mu, scale] as const, [scale, mu] as const].flatMap(([one, other]) => {
      const missing = lacking(one, other);
      if (missing.length === 0) return [];
      const beside = `${named(one.text, missing)} beside ${named(other.text, missing)}`;
      return [`--${one.option}: expected ${beside} in ${one.rows.name}, got no such column`];
    });
    if (problems.length > 0) throw new InputError(problems.join('\n'));
  }
  const [expected, got] = [`[${mu.shape.join(', ')}]`, `[${scale.shape.join(', ')}]`];
  if (expected === got) return;
  throw new InputError(`${scale.rows.name}: expected ${expected} as ${mu.rows.name} has, got ${got}`);
};
