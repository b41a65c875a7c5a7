/** How much may come out of what a file holds packed. */
import { InputError } from '../../../engine/errors/index.js';

/**
 * Deflate packs a byte into 1/1032 of one at best, whatever the data.
 *
 * Source: zlib's technical details, "Maximum Compression Factor".
 */
export const MOST_PACKED = 1032;
/** What is kept whole in memory may be so many times as large as its file, */
export const MOST_EXPANSION = 100;
/** or as large as this, in bytes, however small its file is. */
export const MODEST = 2 ** 26;

/**
 * Throws: InputError where so many bytes cannot have come out of a file of that size: what claims so was made to fill a
 * memory or a disk.
 */
export const requirePlausible = (claimed: number, packed: number, name: string): void => {
  if (claimed > MOST_PACKED * packed) {
    const most = `at most ${MOST_PACKED} bytes from each of its ${packed} bytes`;
    throw new InputError(`${name}: expected ${most}, got a claim of ${claimed} bytes`);
  }
};

/** Throws: InputError where what is kept whole is absurdly larger than the `packed` bytes that it comes from. */
export const requireModest = (claimed: number, packed: number, name: string): void => {
  if (claimed > Math.max(MODEST, MOST_EXPANSION * packed)) {
    const most = `at most ${MOST_EXPANSION} bytes from each of its ${packed} bytes, or ${MODEST} in all`;
    throw new InputError(`${name}: expected ${most}, got a claim of ${claimed} bytes`);
  }
};
