/** Bytes that are decoded at once: their escapes take three times as much. */
const BLOCK = 1 << 14;
/** Bytes of a character that follow its first one, at most. */
const FOLLOWING = 3;

const isFollowing = (byte: number | undefined): boolean => byte !== undefined && (byte & 0xc0) === 0x80;

/**
 * Text out of UTF-8, by what the language itself has of it.
 *
 * Throws: URIError where the bytes are no UTF-8.
 */
export const utf8Text = (bytes: Uint8Array): string => {
  let text = '';
  for (let from = 0, to = 0; from < bytes.length; from = to) {
    to = Math.min(bytes.length, from + BLOCK);
    // A block ends where a character does.
    for (let k = 0; k < FOLLOWING && isFollowing(bytes[to]); k++) to++;
    const escapes = Array.from(bytes.subarray(from, to), (byte) => `%${byte.toString(16).padStart(2, '0')}`);
    text += decodeURIComponent(escapes.join(''));
  }
  return text;
};
