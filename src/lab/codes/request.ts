import { CODE_OPTIONS, type CodeRequest } from '../../latent/codes/reading/index.js';

/** Options that say where codes are: what holds all of them, and each array. */
export const CODE_TEXTS = ['codes', 'test-codes', 'sql', ...CODE_OPTIONS] as const;

/** What a command line says about where codes are; `given` is the argument before its options, where it names codes. */
export const requestOf = (
  texts: Readonly<Record<string, string | undefined>>,
  given: string | undefined,
  dataDir: string | undefined,
): CodeRequest => {
  const codes = given ?? texts.codes;
  const { 'test-codes': testCodes, sql } = texts;
  return {
    options: Object.fromEntries(CODE_OPTIONS.map((name) => [name, texts[name]])),
    ...(codes !== undefined && { codes }),
    ...(testCodes !== undefined && { testCodes }),
    ...(sql !== undefined && { sql }),
    ...(dataDir !== undefined && { dataDir }),
  };
};

/** Whether an argument names files of codes and no folder of a run: by its ending, or by a pattern. */
export const namesCodes = (given: string): boolean =>
  /[*?[\]{}]/.test(given) ||
  /\.(npy|npz|safetensors|parquet|csv|tsv|h5|hdf5|arrow|feather)(\.gz)?(:[^/]*)?$/i.test(given);
