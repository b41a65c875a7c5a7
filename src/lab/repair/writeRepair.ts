import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Runtime } from '../../engine/runtime/index.js';
import type { Draws } from '../../latent/audit/index.js';
import type { Decoder, Generator, Repair } from '../../latent/repair/index.js';
import { drawSamples, samplerOnnx } from '../../latent/samplers/index.js';
import { imageSize } from '../../vae/data/index.js';
import { imageGrid } from '../report/grid.js';
import type { FileSystem } from '../runs/fileSystem.js';
import { writeFile } from '../runs/writeFile.js';
import { modelCard } from './modelCard.js';
import { controlPath, GENERATOR, gridPath, NUMBERS, writePage } from './repairPage.js';
import { repairJson } from './schema.js';

const IMAGES = 64;
const COLUMNS = 8;
const SCALE = 2;

export interface RepairFiles {
  readonly decoder: Decoder | undefined;
  readonly generator: Generator | undefined;
  readonly runtime: Runtime;
  readonly source: string;
}

export interface Written {
  readonly sampler: string;
  readonly generator?: string;
  /** Folder of the grids. */
  readonly samples?: string;
  readonly numbers: string;
  readonly card: string;
  /** The page, as an address to open. */
  readonly report: string;
}

/** Images of every sampler and of the control, from the noise of one seed; none where their width is not known. */
const writeGrids = async (
  files: FileSystem,
  folder: string,
  { result, samplers, control }: Repair,
  decoder: Decoder,
  runtime: Runtime,
): Promise<string | undefined> => {
  const write = async (path: string, { z, n, latents }: Draws): Promise<boolean> => {
    const images = await decoder.decode(z, latents);
    const { channels = 1, planar = false } = decoder;
    const size = channels === 1 || channels === 3 ? imageSize(images.length / n / channels, decoder) : undefined;
    if (!size) return false;
    const layout = { rows: Math.ceil(n / COLUMNS), columns: COLUMNS, ...size, channels, planar, scale: SCALE };
    await writeFile(files, path, imageGrid(images, layout));
    return true;
  };
  if (!(await write(controlPath(folder), control))) return undefined;
  for (const sampler of samplers) {
    const z = await drawSamples(sampler, IMAGES, result.seed, runtime);
    await write(gridPath(folder, sampler.family), { z, n: IMAGES, latents: sampler.latents });
  }
  return join(folder, 'samples');
};

/** Writes a repair: the numbers, the models, images, a card and a page. Returns where they are. */
export const writeRepair = async (
  files: FileSystem,
  folder: string,
  repair: Repair,
  { decoder, generator, runtime, source }: RepairFiles,
): Promise<Written> => {
  const { result, chosen } = repair;
  const at = (name: string): string => join(folder, name);
  await writeFile(files, at(NUMBERS), repairJson(result));
  await writeFile(files, at('sampler.onnx'), samplerOnnx(chosen));
  const facts = { source, sampler: chosen, generator: generator !== undefined && 'bytes' in generator };
  await writeFile(files, at('MODEL_CARD.md'), modelCard(result, facts));
  const written = { sampler: at('sampler.onnx'), numbers: at(NUMBERS), card: at('MODEL_CARD.md') };
  const page = async (): Promise<string> => pathToFileURL(await writePage(files, folder, result)).href;
  if (!decoder) return { ...written, report: await page() };
  const joined = generator && 'bytes' in generator ? { generator: at(GENERATOR) } : {};
  if (generator && 'bytes' in generator) await writeFile(files, at(GENERATOR), generator.bytes);
  const samples = await writeGrids(files, folder, repair, decoder, runtime);
  return { ...written, ...joined, ...(samples && { samples }), report: await page() };
};
