import { rename, rm, writeFile } from 'node:fs/promises';

/** Writes beside `path`, then renames: nobody ever reads half a file, and a full disk leaves the old one in place. */
export const replaceFile = async (path: string, bytes: Uint8Array | string): Promise<void> => {
  const beside = `${path}.${process.pid}.tmp`;
  try {
    await writeFile(beside, bytes);
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
};
