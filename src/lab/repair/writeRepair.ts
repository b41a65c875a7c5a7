import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { float32, type Runtime } from '../../engine/runtime/index.js';
import type { Draws } from '../../latent/audit/index.js';
import { generatorOnnx, type Repair } from '../../latent/repair/index.js';
import { drawSamples, noiseOf, samplerOnnx } from '../../latent/samplers/index.js';
import { imageGrid } from '../report/grid.js';
import { imageSize } from '../report/imageSize.js';
import type { FileSystem } from '../runs/fileSystem.js';
import { writeFile } from '../runs/writeFile.js';
import type { Decoder } from './decoder.js';
import { modelCard } from './modelCard.js';
import { controlPath, GENERATOR, gridPath, NUMBERS, writePage } from './repairPage.js';
import { repairJson } from './schema.js';

const IMAGES = 64;
const COLUMNS = 8;
const SCALE = 2;
/** Largest difference of two pixels that rounding may make. */
const ROUNDING = 1e-3;

export interface RepairFiles {
  readonly decoder: Decoder | undefined;
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
    const size = imageSize(images.length / n, decoder);
    if (!size) return false;
    const layout = { rows: Math.ceil(n / COLUMNS), columns: COLUMNS, ...size, scale: SCALE };
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

/** Throws where the joined model gives other images than its two parts one after the other. */
const checkGenerator = async (
  generator: Uint8Array,
  { chosen, result }: Repair,
  decoder: Decoder,
  runtime: Runtime,
): Promise<void> => {
  const noise = float32(noiseOf(IMAGES, chosen.noise, result.seed), [IMAGES, chosen.noise]);
  const session = await runtime.load(generator);
  try {
    const images = (await session.run({ noise })).image!.data as Float32Array;
    const parts = await decoder.decode(await drawSamples(chosen, IMAGES, result.seed, runtime), chosen.latents);
    const worst = images.reduce((most, value, i) => Math.max(most, Math.abs(value - parts[i]!)), 0);
    if (images.length === parts.length && worst <= ROUNDING) return;
    throw new Error(
      `internal: generator.onnx: expected the images of sampler and decoder, got a difference of ${worst}`,
    );
  } finally {
    await session.release();
  }
};

/** Writes a repair: the numbers, the models, images, a card and a page. Returns where they are. */
export const writeRepair = async (
  files: FileSystem,
  folder: string,
  repair: Repair,
  { decoder, runtime, source }: RepairFiles,
): Promise<Written> => {
  const { result, chosen } = repair;
  const at = (name: string): string => join(folder, name);
  await writeFile(files, at(NUMBERS), repairJson(result));
  await writeFile(files, at('sampler.onnx'), samplerOnnx(chosen));
  const facts = { source, sampler: chosen, generator: decoder !== undefined };
  await writeFile(files, at('MODEL_CARD.md'), modelCard(result, facts));
  const written = { sampler: at('sampler.onnx'), numbers: at(NUMBERS), card: at('MODEL_CARD.md') };
  const page = async (): Promise<string> => pathToFileURL(await writePage(files, folder, result)).href;
  if (!decoder) return { ...written, report: await page() };
  const generator = generatorOnnx(chosen, decoder.bytes, { ...decoder, seed: result.seed });
  await checkGenerator(generator, repair, decoder, runtime);
  await writeFile(files, at(GENERATOR), generator);
  const samples = await writeGrids(files, folder, repair, decoder, runtime);
  return { ...written, generator: at(GENERATOR), ...(samples && { samples }), report: await page() };
};
