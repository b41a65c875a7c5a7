/** What `--encoder`, `--decoder` and `--data` name, opened and told apart. */
import { didYouMean, InputError } from '../../engine/errors/index.js';
import type { Runtime } from '../../engine/runtime/index.js';
import {
  LAYOUTS,
  type Layout,
  modelCodes,
  type OpenedModels,
  openAutoencoder,
  parseLikelihood,
  parseOutputs,
  rangeNamed,
} from '../../latent/models/index.js';
import { readClasses } from '../codes/index.js';
import { readModelFile } from './modelFile.js';
import { type ImagePlace, readImages } from './readImages.js';
import { triedFirst } from './trial.js';

/** Options that say what the models and images are, without their dashes. */
export const MODEL_OPTIONS = ['encoder', 'data', 'test', 'outputs', 'layout', 'range', 'likelihood'] as const;
/** Text by option; what was not given is absent. `decoder` and `labels` are among them. */
export type ModelTexts = Readonly<Record<string, string | undefined>>;

export interface OpenModelsOptions extends ImagePlace {
  readonly runtime: Runtime;
  /** Seconds that a model's first run may take; see TRIAL_SECONDS. */
  readonly modelSeconds?: number | undefined;
  readonly seed: number;
  readonly onProgress: (what: string, share: number) => void;
}

const layoutNamed = (text: string): Layout => {
  const found = LAYOUTS.find((layout) => layout === text);
  if (found) return found;
  throw new InputError(`--layout: expected ${LAYOUTS.join(', ')}, got "${text}"${didYouMean(text, LAYOUTS)}`);
};

/** Reads options together, so that every problem is told at once. */
const parsed = (texts: ModelTexts) => {
  const problems: string[] = [];
  const attempt = <T>(text: string | undefined, read: (text: string) => T): T | undefined => {
    if (text === undefined) return undefined;
    try {
      return read(text);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      problems.push(error.message);
      return undefined;
    }
  };
  const read = {
    told: attempt(texts.outputs, parseOutputs) ?? {},
    layout: attempt(texts.layout, layoutNamed),
    range: attempt(texts.range, rangeNamed),
    likelihood: attempt(texts.likelihood, parseLikelihood),
  };
  const { encoder, data, decoder, likelihood } = texts;
  if (encoder === undefined) {
    const given = MODEL_OPTIONS.filter((name) => texts[name] !== undefined);
    problems.push(`--encoder: expected an encoder.onnx beside --${given[0]}, got none`);
  }
  if (data === undefined) problems.push('--data: expected images x.npy beside --encoder, got none');
  if (likelihood !== undefined && decoder === undefined) {
    problems.push('--likelihood: expected --decoder beside it, got none');
  }
  if (problems.length > 0 || encoder === undefined || data === undefined) throw new InputError(problems.join('\n'));
  return { ...read, encoder, data };
};

/** Whether any option speaks of an encoder with images. */
export const namesModels = (texts: ModelTexts): boolean => MODEL_OPTIONS.some((name) => texts[name] !== undefined);

/**
 * Opens a user's models, encodes the images and finds out what is what.
 *
 * Throws: InputError, for options that do not go together, files that cannot be read, and models and images that do not
 * fit each other.
 */
export const openModels = async (texts: ModelTexts, options: OpenModelsOptions): Promise<OpenedModels> => {
  const { encoder, data, ...told } = parsed(texts);
  const { cwd } = options;
  const runtime = triedFirst(options.runtime, options.modelSeconds);
  const sources = {
    encoder: await readModelFile(cwd, encoder, '--encoder'),
    ...(texts.decoder !== undefined && { decoder: await readModelFile(cwd, texts.decoder, '--decoder') }),
  };
  const images = await readImages(data, texts.test, options);
  const labels = texts.labels === undefined ? undefined : await readClasses(cwd, texts.labels);
  const auto = await openAutoencoder(sources, images.train, { ...told, runtime });
  try {
    return { auto, images, found: await modelCodes(auto, images, { ...options, sources, labels }) };
  } catch (error) {
    await auto.release();
    throw error;
  }
};
