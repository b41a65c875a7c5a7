/** What was dropped, opened: codes to audit, and the decoder that goes with them. */
import { InputError } from '../../../src/engine/errors/index.js';
import type { Runtime } from '../../../src/engine/runtime/index.js';
import type { AuditInput } from '../../../src/latent/audit/index.js';
import {
  type ImageArray,
  LAYOUTS,
  type ModelSource,
  modelCodes,
  type OpenedModels,
  openAutoencoder,
  parseLikelihood,
  parseOutputs,
  rangeNamed,
  requireAlike,
} from '../../../src/latent/models/index.js';
import { nameFor, readCodes, readLabels } from './codes.js';
import { exampleCodes } from './example.js';
import type { DroppedFile, Source, ToldModels } from './messages.js';
import { heldOutPart, readImages, readModel } from './models.js';

export interface Opened {
  readonly input: AuditInput;
  readonly notes: readonly string[];
  /** Where codes are made by a dropped encoder. */
  readonly models?: OpenedModels;
  /** Beside codes alone. */
  readonly decoder?: ModelSource;
  release(): Promise<void>;
}

export interface OpenOptions {
  readonly runtime: Runtime;
  /** Images that are encoded at most: some are enough to tell what is what. */
  readonly most?: number;
  readonly onProgress: (what: string, share: number) => void;
}

const toldOf = ({ outputs, layout, range, likelihood }: ToldModels) => {
  const named = Object.entries(outputs).map(([name, role]) => `${role}=${name}`);
  return {
    told: named.length > 0 ? parseOutputs(named.join(',')) : {},
    layout: LAYOUTS.find((each) => each === layout),
    range: range === undefined ? undefined : rangeNamed(range),
    likelihood: likelihood === undefined ? undefined : parseLikelihood(likelihood),
  };
};

const first = (images: ImageArray, most: number): ImageArray => ({ ...images, n: Math.min(images.n, most) });

const fileFor = (files: readonly DroppedFile[], role: DroppedFile['role']): File | undefined =>
  files.find((each) => each.role === role)?.file;

const openModels = async (
  { files, told, seed }: Source,
  encoder: File,
  { runtime, most = Number.POSITIVE_INFINITY, onProgress }: OpenOptions,
): Promise<OpenedModels> => {
  const [data, test, decoder] = (['data', 'test', 'decoder'] as const).map((role) => fileFor(files, role));
  if (!data) throw new InputError(`${encoder.name}: expected images to encode beside the encoder, got none`);
  const weights = files.filter(({ role }) => role === 'weights').map(({ file }) => file);
  const sources = {
    encoder: await readModel(encoder, weights),
    ...(decoder && { decoder: await readModel(decoder, weights) }),
  };
  const train = await readImages(data, 'train');
  const held = test ? await readImages(test, 'test') : await heldOutPart(data);
  if (held) requireAlike(train, held);
  const labels = await readLabels(files);
  if (labels && labels.length !== train.n) {
    throw new InputError(
      `${nameFor(files, 'labels')}: expected one label for each of ${train.n} images, got ${labels.length}`,
    );
  }
  const images = { train: first(train, most), ...(held && { test: first(held, most) }) };
  const auto = await openAutoencoder(sources, images.train, { ...toldOf(told), runtime });
  try {
    const found = await modelCodes(auto, images, {
      sources,
      seed,
      onProgress,
      labels: labels?.subarray(0, images.train.n),
    });
    return { auto, images, found };
  } catch (error) {
    await auto.release();
    throw error;
  }
};

/**
 * Opens what was dropped, encodes images where there are some, and finds out what is what.
 *
 * Throws: InputError for files that cannot be read, models that are refused, and what does not go together.
 */
export const openDropped = async (source: Source, options: OpenOptions): Promise<Opened> => {
  const nothing = { notes: [], release: () => Promise.resolve() };
  const { files, example, seed } = source;
  if (example) return { ...nothing, input: exampleCodes(seed) };
  const [encoder, decoder] = [fileFor(files, 'encoder'), fileFor(files, 'decoder')];
  if (encoder) {
    const models = await openModels(source, encoder, options);
    const { input, notes } = models.found;
    return { input, notes, models, release: () => models.auto.release() };
  }
  const weights = files.filter(({ role }) => role === 'weights').map(({ file }) => file);
  return {
    ...nothing,
    ...(await readCodes(files)),
    ...(decoder && { decoder: await readModel(decoder, weights) }),
  };
};
