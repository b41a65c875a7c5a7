import { totalmem } from 'node:os';
import { InputError } from '../../engine/errors/index.js';
import type { AuditInput, Codes } from '../../latent/audit/index.js';
import { openNumbers, splitPart } from '../data/numbers.js';
import { type RowSource, rowsPerBlock } from '../data/rows.js';
import { classRows } from './codeRows.js';
import type { CodeRequest, CodeRows, CodeSource } from './codeSource.js';
import { openCodes } from './openCodes.js';

/** Share of the memory that codes may take: an audit in memory draws from them, splits them and sorts them. */
const SHARE = 1 / 8;

const readAll = async (source: RowSource): Promise<Float32Array> => {
  const values = new Float32Array(source.n * source.width);
  let at = 0;
  for await (const block of source.blocks({ atOnce: rowsPerBlock(source.width) })) {
    values.set(block, at);
    at += block.length;
  }
  return values;
};

const readRows = async (codes: CodeRows): Promise<Codes> => {
  const { n, latents } = codes;
  if ('z' in codes) return { n, latents, z: await readAll(codes.z) };
  return { n, latents, mu: await readAll(codes.mu), sigma: await readAll(codes.sigma) };
};

const bytesOf = (codes: CodeRows | undefined): number =>
  codes === undefined ? 0 : codes.n * codes.latents * ('z' in codes ? 1 : 2) * Float32Array.BYTES_PER_ELEMENT;

const gibibytes = (bytes: number): string => `${(bytes / 2 ** 30).toPrecision(2)} GiB`;

/** Throws: InputError where the codes take more than `most` bytes. */
const requireRoom = ({ train, test, sources }: CodeSource, most: number): void => {
  const bytes = bytesOf(train) + bytesOf(test);
  if (bytes <= most) return;
  const expected = `codes of at most ${gibibytes(most)} to be read into memory`;
  const got = `${train.n} rows of ${train.latents} (${gibibytes(bytes)} with all that is given)`;
  throw new InputError(`${sources.train}: expected ${expected}, got ${got}; zdist audit --stream reads them from disk`);
};

/**
 * Reads opened codes into memory; they stay open.
 *
 * Throws: InputError where they take more than `most` bytes, an eighth of this machine's memory unless told, and for
 * values that are wrong, with row and column.
 */
export const loadCodes = async (source: CodeSource, most = totalmem() * SHARE): Promise<AuditInput> => {
  requireRoom(source, most);
  const { train, test, labels, sources, names } = source;
  return {
    train: await readRows(train),
    ...(test && { test: await readRows(test) }),
    ...(labels && { labels: Float64Array.from(await readAll(labels)) }),
    sources,
    names,
  };
};

/** Opens codes, reads them into memory and closes them. Throws: InputError as openCodes and loadCodes do. */
export const readCodes = async (cwd: string, request: CodeRequest): Promise<AuditInput> => {
  const source = await openCodes(cwd, request);
  try {
    return await loadCodes(source);
  } finally {
    await source.close();
  }
};

/** Classes of training images, from a file or a part of one. Throws: InputError for what holds no column of whole numbers. */
export const readClasses = async (cwd: string, text: string): Promise<Float64Array> => {
  const { file, part } = splitPart(text);
  const numbers = await openNumbers(cwd, file);
  try {
    const chosen = await numbers.choose(part);
    return Float64Array.from(await readAll(classRows(chosen)));
  } finally {
    await numbers.close();
  }
};
