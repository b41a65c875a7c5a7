import { createHash } from 'node:crypto';
import type { Dataset } from '../../vae/data/index.js';

export const sha256 = (...parts: Uint8Array[]): string => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
};

/** SHA-256 of the pixels, train then test: the identity of a data set. */
export const pixelDigest = ({ train, test }: Dataset): string => sha256(train.pixels, test.pixels);

/** SHA-256 of the labels, train then test. */
export const labelDigest = ({ train, test }: Dataset): string =>
  sha256(train.labels ?? new Uint8Array(0), test.labels ?? new Uint8Array(0));
