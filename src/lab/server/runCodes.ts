/** Codes of a run as a page can read them: `codes/test.parquet` as .npy. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '../../engine/errors/index.js';
import { readCodes } from '../codes/index.js';
import { writeNpy } from '../data/npy.js';
import { pathWithin } from './withinFolder.js';

/** Runs whose codes are kept: a page asks for codes and labels one after the other, and again when it is loaded again. */
const KEPT = 4;

export interface CodeArrays {
  /** float32 [images, 2, latents]: mu, then sigma. */
  readonly codes: Uint8Array;
  /** uint8 [images]; absent where the data have none. */
  readonly labels?: Uint8Array;
  /** Changes when the file does. */
  readonly stamp: string;
}

const FILE = 'codes/test.parquet';

/** Row by row mu, then sigma. */
const interleave = (mu: Float32Array, sigma: Float32Array, n: number, latents: number): Float32Array => {
  const both = new Float32Array(2 * n * latents);
  for (let row = 0; row < n; row++) {
    both.set(mu.subarray(row * latents, (row + 1) * latents), 2 * row * latents);
    both.set(sigma.subarray(row * latents, (row + 1) * latents), (2 * row + 1) * latents);
  }
  return both;
};

const read = async (folder: string, stamp: string): Promise<CodeArrays> => {
  const withLabels = readCodes(folder, { codes: FILE, options: { labels: 'label' } });
  // Of data without labels the column is empty, and is refused.
  const { train, labels } = await withLabels.catch((error: unknown) => {
    if (!(error instanceof InputError)) throw error;
    return readCodes(folder, { codes: FILE, options: {} });
  });
  if (!('mu' in train)) throw new InputError(`${join(folder, FILE)}: expected columns mu_* and log_var_*, got others`);
  const { n, latents, mu, sigma } = train;
  return {
    codes: writeNpy(interleave(mu, sigma, n, latents), [n, 2, latents]),
    ...(labels && { labels: writeNpy(Uint8Array.from(labels), [n]) }),
    stamp,
  };
};

export class RunCodes {
  private readonly kept = new Map<string, Promise<CodeArrays>>();

  /** Undefined where the run has none yet. Throws: InputError where the file is damaged. */
  async of(folder: string): Promise<CodeArrays | undefined> {
    const path = await pathWithin(folder, FILE);
    if (path === undefined) return undefined;
    const { size, mtimeMs } = await stat(path);
    const stamp = `${size.toString(36)}-${mtimeMs.toString(36)}`;
    const name = `${folder} ${stamp}`;
    const arrays = this.kept.get(name) ?? read(folder, stamp);
    this.kept.delete(name);
    this.kept.set(name, arrays);
    arrays.catch(() => this.kept.delete(name));
    const [oldest] = this.kept.keys();
    if (this.kept.size > KEPT && oldest !== undefined) this.kept.delete(oldest);
    return arrays;
  }
}
