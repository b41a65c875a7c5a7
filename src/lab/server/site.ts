/** The pages themselves: files of the built lab, as they lie in a folder. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InputError } from '../../engine/errors/index.js';

/** Where `npm run build:site` puts the lab, seen from this file and from where it is built to. */
export const builtSite = (): string =>
  fileURLToPath(new URL(import.meta.url.includes('/dist/') ? '../../web' : '../../../dist/web', import.meta.url));

/** Throws: InputError where the lab was not built. */
export const requireSite = async (site: string): Promise<void> => {
  await readFile(join(site, 'index.html')).catch(() => {
    throw new InputError(`${site}: expected the built lab, got no index.html; in a checkout, run npm run build`);
  });
};
