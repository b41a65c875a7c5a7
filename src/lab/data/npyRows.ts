import { NPY_HEAD, readNpyHeader } from '../../vae/data/arrays/index.js';
import { type ArrayRows, arrayRows } from './arrayRows.js';
import { openBytes } from './byteFile.js';

/**
 * Rows of a .npy file, read from their place in it: memory holds two blocks and no more, whatever the size of the file.
 *
 * `name` is how messages name it.
 *
 * Throws: InputError as readNpy does, and for an array without rows or columns.
 */
export const openNpyRows = async (path: string, name: string): Promise<ArrayRows> => {
  const file = await openBytes(path, name);
  try {
    const head = new Uint8Array(Math.min(file.size, NPY_HEAD));
    await file.read(head, 0);
    return arrayRows({ path, name, ...readNpyHeader(head, file.size, name) });
  } finally {
    await file.close();
  }
};
