/** The page of a repair: made of the numbers and the images that lie beside them, at once or later. */
import { join } from 'node:path';
import type { RepairResult } from '../../latent/repair/index.js';
import { type RepairImages, renderRepair } from '../report/repair/index.js';
import { type FileSystem, systemCode } from '../runs/fileSystem.js';
import { parseJson } from '../runs/parseContent.js';
import { writeFile } from '../runs/writeFile.js';
import { parseRepair } from './schema.js';

export const NUMBERS = 'repair.json';
export const GENERATOR = 'generator.onnx';
/** Of codes of held-out images: beside the grids of samplers, which are called by their families. */
const CONTROL = 'posterior';

export const gridPath = (folder: string, family: string): string => join(folder, 'samples', `${family}.png`);
export const controlPath = (folder: string): string => gridPath(folder, CONTROL);

const read = (files: FileSystem, path: string): Promise<Uint8Array | undefined> =>
  files.readFile(path).catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT' || systemCode(error) === 'ENOTDIR') return undefined;
    throw error;
  });

const imagesIn = async (files: FileSystem, folder: string, { samplers }: RepairResult): Promise<RepairImages> => {
  const grids = new Map<string, Uint8Array>();
  for (const { family } of samplers) {
    const png = await read(files, gridPath(folder, family));
    if (png) grids.set(family, png);
  }
  const posterior = await read(files, controlPath(folder));
  return { samplers: grids, ...(posterior && { posterior }) };
};

/** Writes `repair.html` and `figures/` from the numbers and what else lies in the folder. Returns the path of the page. */
export const writePage = async (files: FileSystem, folder: string, result: RepairResult): Promise<string> => {
  const names = await files.readdir(folder);
  const images = await imagesIn(files, folder, result);
  const { html, figures } = renderRepair(result, { images, generator: names.includes(GENERATOR) });
  for (const { name, svg } of figures) await writeFile(files, join(folder, 'figures', `${name}.svg`), svg);
  const page = join(folder, 'repair.html');
  await writeFile(files, page, html);
  return page;
};

/**
 * A repair as its folder holds it; undefined where the folder has no `repair.json`.
 *
 * Throws: InputError for one that does not hold a repair.
 */
export const readRepair = async (files: FileSystem, folder: string): Promise<RepairResult | undefined> => {
  const path = join(folder, NUMBERS);
  const bytes = await read(files, path);
  return bytes && parseRepair(parseJson(path, Buffer.from(bytes).toString('utf8')), path);
};
