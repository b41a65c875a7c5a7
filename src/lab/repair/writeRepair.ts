import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { InputError } from '../../engine/errors/index.js';
import { float32, type Runtime, type Session } from '../../engine/runtime/index.js';
import type { Draws } from '../../latent/audit/index.js';
import { loadModel } from '../../latent/models/index.js';
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

/** The chosen sampler joined with the decoder, or why that cannot be. */
export type Generator = { readonly bytes: Uint8Array } | { readonly why: string };

/** Throws where the joined model gives other images than its two parts one after the other. */
const checkGenerator = async (
  generator: Session,
  { chosen, result }: Repair,
  decoder: Decoder,
  runtime: Runtime,
): Promise<void> => {
  const noise = float32(noiseOf(IMAGES, chosen.noise, result.seed), [IMAGES, chosen.noise]);
  const images = (await generator.run({ noise })).image!.data as Float32Array;
  const parts = await decoder.decode(await drawSamples(chosen, IMAGES, result.seed, runtime), chosen.latents);
  const worst = images.reduce((most, value, i) => Math.max(most, Math.abs(value - parts[i]!)), 0);
  if (images.length === parts.length && worst <= ROUNDING) return;
  throw new Error(`internal: generator.onnx: expected the images of sampler and decoder, got a difference of ${worst}`);
};

/**
 * Joins the chosen sampler with the decoder and tries the two as one.
 *
 * A decoder that cannot be joined (its operator set is too old for the sampler, say) leaves the sampler alone: then it is
 * said why.
 */
export const joinGenerator = async (repair: Repair, decoder: Decoder, runtime: Runtime): Promise<Generator> => {
  let generator: Session | undefined;
  try {
    const bytes = generatorOnnx(repair.chosen, decoder.bytes, { ...decoder, seed: repair.result.seed });
    generator = await loadModel(runtime, bytes, 'generator.onnx');
    await checkGenerator(generator, repair, decoder, runtime);
    return { bytes };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { why: error.message };
  } finally {
    await generator?.release();
  }
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
