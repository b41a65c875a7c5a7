import { InputError } from '../../../engine/errors/index.js';
import { type RowSource, rowsPerBlock, splitPart } from '../../../vae/data/arrays/index.js';
import type { AuditInput, Codes } from '../../audit/index.js';
import { classRows } from './codeRows.js';
import type { CodeRows, CodeSource } from './codeSource.js';
import type { NumberFiles } from './openCodes.js';

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
 * Throws: InputError where they take more than `most` bytes.
 */
export const loadCodes = async (source: CodeSource, most: number): Promise<AuditInput> => {
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

/** Classes of training images, of a file or a part of one. Throws: InputError for what holds no column of whole numbers. */
export const loadClasses = async (files: NumberFiles, text: string): Promise<Float64Array> => {
  const { file, part } = splitPart(text);
  const numbers = await files.open(file);
  try {
    const chosen = await numbers.choose(part);
    return Float64Array.from(await readAll(classRows(chosen)));
  } finally {
    await numbers.close();
  }
};
