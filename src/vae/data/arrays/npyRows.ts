import { arrayRows } from './arrayRows.js';
import type { OpenFile } from './byteFile.js';
import { NPY_HEAD, readNpyHeader } from './npyHeader.js';
import type { ArrayRows } from './rows.js';

/**
 * Rows of a .npy file, read from their place in it: memory holds two blocks and no more, whatever the size of the file.
 *
 * `name` is how messages name it.
 *
 * Throws: InputError as readNpy does, and for an array without rows or columns.
 */
export const openNpyRows = async (open: OpenFile, name: string): Promise<ArrayRows> => {
  const file = await open();
  try {
    const head = new Uint8Array(Math.min(file.size, NPY_HEAD));
    await file.read(head, 0);
    return arrayRows({ open, name, ...readNpyHeader(head, file.size, name) });
  } finally {
    await file.close();
  }
};
