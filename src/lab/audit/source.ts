/** What an audit starts from: a run, a user's models with images, or arrays of codes. */
import { resolve } from 'node:path';
import { InputError } from '../../engine/errors/index.js';
import type { Runtime } from '../../engine/runtime/index.js';
import type { AuditInput, AuditResult, ModelFindings } from '../../latent/audit/index.js';
import { MODEL_OPTIONS, type ModelTexts, namesModels, openModels } from '../models/index.js';
import type { AuditImages } from '../report/audit/index.js';
import { imageSize } from '../report/imageSize.js';
import type { FileSystem } from '../runs/fileSystem.js';
import type { DataPlace } from '../runs/openData.js';
import { ARRAY_OPTIONS, readArrays } from './arrays.js';
import { holeImages } from './holeImages.js';
import { encodeRun, readRun } from './run.js';

export interface AuditSource {
  readonly input: AuditInput;
  /** Of a user's encoder. */
  readonly model?: ModelFindings;
  /** What the reader must know beside what the audit says of the codes. */
  readonly notes: readonly string[];
  /** What a decoder makes of the holes, where there is one. */
  imagesOf(result: AuditResult): Promise<AuditImages | undefined>;
  release(): Promise<void>;
}

export interface AuditSourceOptions extends Pick<DataPlace, 'dataDir' | 'cacheDir'> {
  readonly files: FileSystem;
  readonly cwd: string;
  readonly runtime: Runtime;
  readonly seed: number;
  readonly log: (line: string) => void;
  readonly onProgress: (what: string, share: number) => void;
}

const nothing = { notes: [], imagesOf: () => Promise.resolve(undefined), release: () => Promise.resolve() };

const fromRun = async (run: string, options: AuditSourceOptions): Promise<AuditSource> => {
  const { files, cwd, runtime, onProgress } = options;
  const models = await readRun(files, resolve(cwd, run), run);
  const { input, data } = await encodeRun(models, {
    ...options,
    onProgress: (share) => onProgress('encoding images', share),
  });
  const { decoder, config } = models;
  const { test } = input;
  if (decoder === undefined || test === undefined || !('mu' in test)) return { ...nothing, input };
  const { width, height } = data.test;
  const source = { decoder, runtime, test, width, height, seed: config.seed };
  return { ...nothing, input, imagesOf: (result) => holeImages(result, source) };
};

const fromModels = async (texts: ModelTexts, options: AuditSourceOptions): Promise<AuditSource> => {
  const { auto, images, found } = await openModels(texts, options);
  const { decoder, fit } = auto;
  const { runtime, seed } = options;
  const test = found.codes.test ?? found.codes.train;
  const { channels = 1, ...sides } = { ...fit, ...imageSize(images.train.pixels / (fit.channels ?? 1), fit) };
  const decodes =
    decoder && found.findings.spatial?.audited !== 'places' && 'mu' in test && sides.width && sides.height;
  return {
    input: found.input,
    model: found.findings,
    notes: found.notes,
    imagesOf: (result) => {
      if (!decodes) return Promise.resolve(undefined);
      const shape = { channels, width: sides.width!, height: sides.height!, planar: fit.layout !== 'nhwc' };
      return holeImages(result, { decoder: decoder.loaded.asModel(decoder.map), runtime, test, seed, ...shape });
    },
    release: () => auto.release(),
  };
};

/**
 * Opens what the options name.
 *
 * Throws: InputError for options that do not go together, or for what is wrong with what they name.
 */
export const openAuditSource = (
  run: string | undefined,
  texts: ModelTexts,
  options: AuditSourceOptions,
): Promise<AuditSource> => {
  const arrays = ARRAY_OPTIONS.filter((name) => texts[name] !== undefined);
  const models = MODEL_OPTIONS.filter((name) => texts[name] !== undefined);
  if (run !== undefined) {
    const others = [...arrays, ...models, ...(texts.decoder === undefined ? [] : ['decoder'])];
    if (others.length === 0) return fromRun(run, options);
    const list = others.map((name) => `--${name}`).join(', ');
    throw new InputError(`audit: expected a run, models or arrays, got the run ${run} and ${list}`);
  }
  if (!namesModels(texts)) {
    if (texts.decoder !== undefined) {
      throw new InputError(
        '--decoder: expected --encoder and --data beside it, got none: codes alone are audited without it',
      );
    }
    return readArrays(options.files, options.cwd, texts).then((input) => ({ ...nothing, input }));
  }
  const codes = arrays.filter((name) => name !== 'labels');
  if (codes.length === 0) return fromModels(texts, options);
  const list = codes.map((name) => `--${name}`).join(', ');
  throw new InputError(`audit: expected models or arrays of codes, got --encoder and ${list}`);
};
