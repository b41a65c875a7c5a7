import { checkCodes } from './checkCodes.js';
import type { Codes, Draws } from './codes.js';
import type { CodeSet } from './result.js';
import { drawsOf, halves, sampleRows, selectRows } from './split.js';
import { count, grouped } from './wording.js';

/** Held-out codes that are used: enough for every interval, and for the clock. */
const HELD_OUT = 10_000;

export interface AuditInput {
  /** Codes of training images. */
  readonly train: Codes;
  /** Codes of images that were not trained on; without them the training codes are split by the seed. */
  readonly test?: Codes;
  /** [N], a class for each training code. */
  readonly labels?: ArrayLike<number>;
  /** How messages name an array (`mu`, `sigma`, `z`, `test mu`, …): by its file, for example. */
  readonly names?: Readonly<Record<string, string>>;
  /** Where the codes came from, for readers. */
  readonly sources?: { readonly train: string; readonly test?: string };
}

/** Codes in the parts that an audit plays with. */
export interface Prepared {
  /** Every code given as training codes: what is asked of q(z) as a whole is asked of these. */
  readonly all: Codes;
  /** One draw of each. */
  readonly allDraws: Draws;
  /** Densities are fitted to these… */
  readonly fitted: Codes;
  readonly fittedDraws: Draws;
  /** … and held against these. */
  readonly heldOut: Draws;
  readonly labels?: ArrayLike<number>;
  readonly sets: { readonly train: CodeSet; readonly test: CodeSet };
  readonly notes: readonly string[];
}

/** Throws: InputError with everything that is wrong with the codes. */
export const prepare = (input: AuditInput, seed: number): Prepared => {
  const checked = checkCodes(input);
  const { train, test, labels, sources } = input;
  const posteriors = 'mu' in train;
  const allDraws = drawsOf(train, seed, 'train');
  const source = sources?.train ?? 'codes';
  const common = { all: train, allDraws, ...(labels && { labels }) };
  if (test !== undefined) {
    const used = selectRows(drawsOf(test, seed, 'test'), sampleRows(test.n, HELD_OUT, seed));
    return {
      ...common,
      fitted: train,
      fittedDraws: allDraws,
      heldOut: used,
      sets: {
        train: { n: train.n, posteriors, source },
        test: { n: test.n, posteriors, source: sources?.test ?? 'held-out codes' },
      },
      notes: checked,
    };
  }
  const rows = halves(train.n, seed);
  const heldOut = selectRows(allDraws, rows.test);
  const half = (n: number): CodeSet => ({ n, posteriors, source: `${grouped(n)} rows of ${source}, by seed ${seed}` });
  const rest = `the other ${grouped(rows.test.length)}`;
  const note = `No held-out codes were given: densities are fitted to ${count(rows.train.length, 'row')} drawn by seed ${seed} and held against ${rest}. What needs no held-out codes uses all ${grouped(train.n)}.`;
  return {
    ...common,
    fitted: selectRows(train, rows.train),
    fittedDraws: selectRows(allDraws, rows.train),
    heldOut: selectRows(heldOut, sampleRows(heldOut.n, HELD_OUT, seed)),
    sets: { train: half(rows.train.length), test: half(rows.test.length) },
    notes: [note, ...checked],
  };
};
