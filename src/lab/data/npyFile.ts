import { fillingOf, NPY_HEAD, type NpyArray, PIECE, readNpyHeader } from '../../vae/data/arrays/index.js';
import { openBytes } from './byteFile.js';

/**
 * The array in a .npy file on disk, of which memory holds a piece beside the array itself.
 *
 * Throws: InputError as readNpy does, and for a file that cannot be read.
 */
export const readNpyFile = async (path: string, name: string): Promise<NpyArray> => {
  const file = await openBytes(path, name);
  try {
    const head = new Uint8Array(Math.min(file.size, NPY_HEAD));
    await file.read(head, 0);
    const header = readNpyHeader(head, file.size, name);
    const { array, take } = fillingOf(header);
    const piece = new Uint8Array(Math.min(PIECE, file.size - header.start));
    for (let at = header.start; at < file.size; at += PIECE) {
      const bytes = piece.subarray(0, file.size - at);
      await file.read(bytes, at);
      take(bytes);
    }
    return array;
  } finally {
    await file.close();
  }
};
