import type { RowSource } from '../../../vae/data/arrays/index.js';

/** Options that say where codes are, without their dashes. */
export const CODE_OPTIONS = [
  ...['z', 'mu', 'sigma', 'log-var'],
  ...['test-z', 'test-mu', 'test-sigma', 'test-log-var'],
  'labels',
] as const;
export type CodeOption = (typeof CODE_OPTIONS)[number];
/** What each option was given; absent where it was not. */
export type CodeOptions = Readonly<Record<string, string | undefined>>;

/** What a user says about where codes are. */
export interface CodeRequest {
  /**
   * By itself, an option names a file, or several by a pattern: `--mu 'codes/mu_*.npy'`. Beside `codes` or `sql`, it names
   * columns, by a pattern (`--mu 'mu_*'`), or the array of a file that holds several (`--mu mu` of a .npz).
   */
  readonly options: CodeOptions;
  /** Files that hold all of it, or several by a pattern: SOURCE, or --codes. */
  readonly codes?: string;
  /** The same for held-out codes. */
  readonly testCodes?: string;
  /** A query whose columns are the codes: --sql. */
  readonly sql?: string;
  /** Folders of data (ZDIST_DATA_DIR) that a query may read beside the working directory. */
  readonly dataDir?: string;
}

/** Codes of one set, in the shape that Codes has in memory. */
export type CodeRows = { readonly n: number; readonly latents: number } & (
  | { readonly mu: RowSource; readonly sigma: RowSource }
  | { readonly z: RowSource }
);

/** Codes in files, not yet read. */
export interface CodeSource {
  readonly train: CodeRows;
  readonly test?: CodeRows;
  /** One column of whole numbers, a class for each row of `train`. */
  readonly labels?: RowSource;
  /** Where the codes came from, for readers. */
  readonly sources: { readonly train: string; readonly test?: string };
  /** How messages name an array (`mu`, `sigma`, `z`, `test mu`, …). */
  readonly names: Readonly<Record<string, string>>;
  /** What was recognised without being told, a sentence each. */
  readonly notes: readonly string[];
  close(): Promise<void>;
}
