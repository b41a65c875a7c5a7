/** What an audit starts from: a run, a user's models with images, codes in files, or summaries of shards. */
import { resolve } from 'node:path';
import { InputError } from '../../engine/errors/index.js';
import type { Runtime } from '../../engine/runtime/index.js';
import { type AuditOptions, type AuditResult, audit } from '../../latent/audit/index.js';
import { type StreamedInput, streamedAudit } from '../../latent/audit/streaming/index.js';
import { imageSize } from '../../vae/data/index.js';
import {
  CODE_TEXTS,
  type CodeRequest,
  codesDigest,
  loadCodes,
  namesCodes,
  openCodes,
  requestOf,
} from '../codes/index.js';
import { MODEL_OPTIONS, type ModelTexts, namesModels, openModels } from '../models/index.js';
import type { AuditImages } from '../report/audit/index.js';
import type { FileSystem } from '../runs/fileSystem.js';
import type { DataPlace } from '../runs/openData.js';
import { holeImages } from './holeImages.js';
import { encodeRun, readRun } from './run.js';
import { isLarge, readShards, streamCodes } from './streaming/index.js';

export interface AuditSource {
  audit(options: AuditOptions): Promise<AuditResult>;
  /** What a decoder makes of the holes, where there is one. */
  imagesOf(result: AuditResult): Promise<AuditImages | undefined>;
  release(): Promise<void>;
}

export interface AuditSourceOptions extends Pick<DataPlace, 'dataDir' | 'cacheDir'> {
  readonly files: FileSystem;
  readonly cwd: string;
  readonly runtime: Runtime;
  readonly seed: number;
  readonly threads: number;
  readonly log: (line: string) => void;
  readonly onProgress: (what: string, share: number) => void;
}

/** What the command line says: its arguments, each option by its name, and whether codes are to be read from disk. */
export interface AuditRequest {
  readonly args: readonly (string | undefined)[];
  readonly texts: ModelTexts;
  readonly stream: boolean;
}

const withoutDecoder = (measure: AuditSource['audit']): AuditSource => ({
  audit: measure,
  imagesOf: () => Promise.resolve(undefined),
  release: () => Promise.resolve(),
});

/** The seed is that of the shards. */
export const streamed = (input: StreamedInput): AuditSource =>
  withoutDecoder(async (options) => {
    const result = await streamedAudit(input, { ...options, seed: input.train.settings.seed });
    return { ...result, ...(input.inputs && { inputs: input.inputs }) };
  });

const fromRun = async (run: string, options: AuditSourceOptions): Promise<AuditSource> => {
  const { files, cwd, runtime, onProgress } = options;
  const read = await readRun(files, resolve(cwd, run), run);
  const { input, data, inputs } = await encodeRun(read, {
    ...options,
    onProgress: (share) => onProgress('encoding images', share),
  });
  const { decoder, config } = read;
  const { test } = input;
  const source = withoutDecoder(async (audited) => ({ ...(await audit(input, audited)), inputs }));
  if (decoder === undefined || test === undefined || !('mu' in test)) return source;
  const { width, height } = data.test;
  const models = { decoder, runtime, test, width, height, seed: config.seed };
  return { ...source, imagesOf: (result) => holeImages(result, models) };
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
    audit: async (audited) => {
      const result = await audit(found.input, audited);
      const inputs = codesDigest(found.input);
      return { ...result, inputs, notes: [...found.notes, ...result.notes], model: found.findings };
    },
    imagesOf: (result) => {
      if (!decodes) return Promise.resolve(undefined);
      const shape = { channels, width: sides.width!, height: sides.height!, planar: fit.layout !== 'nhwc' };
      return holeImages(result, { decoder: decoder.loaded.asModel(decoder.map), runtime, test, seed, ...shape });
    },
    release: () => auto.release(),
  };
};

const fromCodes = async (request: CodeRequest, large: boolean, options: AuditSourceOptions): Promise<AuditSource> => {
  const { cwd, onProgress } = options;
  if (large || (await isLarge(cwd, request))) {
    const told = { ...options, onProgress: (share: number) => onProgress('reading codes', share) };
    return streamed(await streamCodes(request, told));
  }
  const codes = await openCodes(cwd, request);
  try {
    const input = await loadCodes(codes);
    return withoutDecoder(async (audited) => {
      const result = await audit(input, audited);
      return { ...result, inputs: codesDigest(input), notes: [...codes.notes, ...result.notes] };
    });
  } finally {
    await codes.close();
  }
};

const listed = (names: readonly string[]): string => names.map((name) => `--${name}`).join(', ');

/**
 * Opens what the command line names.
 *
 * Throws: InputError for options that do not go together, or for what is wrong with what they name.
 */
export const openAuditSource = async (
  { args, texts, stream }: AuditRequest,
  options: AuditSourceOptions,
): Promise<AuditSource> => {
  const [first, ...others] = args.filter((arg) => arg !== undefined);
  const given = (names: readonly string[]): string[] => names.filter((name) => texts[name] !== undefined);
  const codes = given(CODE_TEXTS.filter((name) => name !== 'labels'));
  const models = given([...MODEL_OPTIONS, 'decoder']);
  const flags = stream ? ['stream'] : [];
  if (first === 'merge') {
    const beside = [...given(CODE_TEXTS), ...models, ...flags, ...given(['seed'])];
    if (beside.length === 0) return streamed(await readShards(options.files, options.cwd, others));
    throw new InputError(`audit merge: expected files of shards alone, got ${listed(beside)}`);
  }
  if (first !== undefined && !namesCodes(first)) {
    const beside = [listed([...given(CODE_TEXTS), ...models, ...flags]), ...others].filter((text) => text !== '');
    if (beside.length === 0) return fromRun(first, options);
    throw new InputError(`audit: expected a run, models or arrays, got the run ${first} and ${beside.join(', ')}`);
  }
  if (others.length > 0) throw new InputError(`audit: expected one source, got ${first} and ${others.join(', ')}`);
  if (models.length === 0) return fromCodes(requestOf(texts, first, options.dataDir), stream, options);
  if (!namesModels(texts)) {
    throw new InputError('--decoder: expected --encoder and --data beside it; codes alone are audited without it');
  }
  const beside = [...(first === undefined ? [] : [first]), ...(codes.length > 0 ? [listed(codes)] : []), ...flags];
  if (beside.length === 0) return fromModels(texts, options);
  throw new InputError(`audit: expected models or arrays of codes, got --encoder and ${beside.join(', ')}`);
};
