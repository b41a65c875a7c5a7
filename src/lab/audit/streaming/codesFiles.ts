/** Codes in files, read a block of rows at a time. */
import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { InputError } from '../../../engine/errors/index.js';
import type { CodesBlock } from '../../../latent/audit/streaming/index.js';
import { openNpyRows } from '../../data/npyRows.js';
import type { RowRange, RowSource } from '../../data/rows.js';

/** Where codes are: z, or mu with sigma or log_var. Plain values, so that a thread can open them for itself. */
export interface CodesFiles {
  readonly cwd: string;
  /** By `z`, `mu`, `sigma`, `log-var`: the path as the user wrote it. */
  readonly paths: Readonly<Partial<Record<CodesArray, string>>>;
}

const ARRAYS = ['z', 'mu', 'sigma', 'log-var'] as const;
export type CodesArray = (typeof ARRAYS)[number];

export interface OpenCodes {
  readonly n: number;
  readonly latents: number;
  readonly posteriors: boolean;
  /** The files, as a reader meets them. */
  readonly source: string;
  /** Hash of shape, columns, and the first and last rows: the same for the same data, whatever its path and format. */
  fingerprint(): Promise<string>;
  /** Blocks in order, with the place of their first row. A block is used again for the next one. */
  blocks(range: RowRange): AsyncIterable<{ readonly block: CodesBlock; readonly from: number }>;
  close(): Promise<void>;
}

/** Rows that a fingerprint takes from either end. */
const FINGERPRINT_ROWS = 64;

const openAll = async ({ cwd, paths }: CodesFiles): Promise<Map<CodesArray, RowSource>> => {
  const open = new Map<CodesArray, RowSource>();
  const problems: string[] = [];
  for (const array of ARRAYS) {
    const path = paths[array];
    if (path === undefined) continue;
    try {
      open.set(array, await openNpyRows(resolve(cwd, path), path));
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      problems.push(error.message);
    }
  }
  const [first, ...others] = [...open.values()];
  for (const other of others) {
    if (other.n === first!.n && other.width === first!.width) continue;
    const [expected, got] = [first!, other].map(({ n, width }) => `[${n}, ${width}]`);
    problems.push(`${other.name}: expected ${expected} as ${first!.name} has, got ${got}`);
  }
  if (problems.length === 0) return open;
  for (const source of open.values()) await source.close();
  throw new InputError(problems.join('\n'));
};

/** σ = exp(½ log σ²), in place, in float64 before it is rounded. */
const toSigma = (logVar: Float32Array): Float32Array => {
  for (let i = 0; i < logVar.length; i++) logVar[i] = Math.exp(0.5 * logVar[i]!);
  return logVar;
};

/**
 * Opens z, or mu with sigma or log_var.
 *
 * Throws: InputError, a line for each problem: files that cannot be read, shapes that differ.
 */
export const openCodes = async (files: CodesFiles): Promise<OpenCodes> => {
  const open = await openAll(files);
  const centres = (open.get('z') ?? open.get('mu'))!;
  const scales = open.get('sigma') ?? open.get('log-var');
  const byLogVar = open.has('log-var');
  const { n, width: latents } = centres;

  async function* blocks(range: RowRange): AsyncGenerator<{ block: CodesBlock; from: number }> {
    let from = range.from ?? 0;
    const beside = scales?.blocks(range)[Symbol.asyncIterator]();
    try {
      for await (const values of centres.blocks(range)) {
        const scale = (await beside?.next())?.value as Float32Array | undefined;
        const block = scale ? { mu: values, sigma: byLogVar ? toSigma(scale) : scale } : { z: values };
        yield { block, from };
        from += values.length / latents;
      }
    } finally {
      await beside?.return?.();
    }
  }

  return {
    n,
    latents,
    posteriors: scales !== undefined,
    source: ARRAYS.flatMap((array) => files.paths[array] ?? []).join(', '),
    fingerprint: async () => {
      const hash = createHash('sha256').update(JSON.stringify([n, latents, scales !== undefined, centres.columns]));
      const ends = [
        [0, Math.min(n, FINGERPRINT_ROWS)],
        [Math.max(0, n - FINGERPRINT_ROWS), n],
      ] as const;
      for (const [from, to] of ends) {
        for await (const { block } of blocks({ from, to, atOnce: FINGERPRINT_ROWS })) {
          for (const values of Object.values(block) as Float32Array[]) {
            hash.update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
          }
        }
      }
      return hash.digest('hex');
    },
    blocks,
    close: async () => {
      for (const source of open.values()) await source.close();
    },
  };
};
