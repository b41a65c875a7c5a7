/** What a repair starts from: a run with its images, a user's models with images, or arrays of codes. */
import { join, resolve } from 'node:path';
import { InputError } from '../../engine/errors/index.js';
import type { Runtime } from '../../engine/runtime/index.js';
import type { AuditInput } from '../../latent/audit/index.js';
import type { OwnExtractor } from '../../latent/evaluation/index.js';
import {
  type Decoder,
  decoderBesideCodes,
  openDecoder,
  type RepairModel,
  requireDecoder,
  userSource,
} from '../../latent/repair/index.js';
import type { RegimeName } from '../../vae/training/index.js';
import { encodeRun, readRun } from '../audit/index.js';
import { CODE_TEXTS, codesDigest, namesCodes, readCodes, requestOf } from '../codes/index.js';
import { MODEL_OPTIONS, type ModelTexts, openModels, readModelFile, triedFirst } from '../models/index.js';
import { modelLines } from '../report/audit/index.js';
import type { FileSystem } from '../runs/fileSystem.js';
import type { DataPlace } from '../runs/openData.js';
import { runModel } from './runModel.js';

export interface Source {
  readonly input: AuditInput;
  /** SHA-256 of what the codes are, and of a run also of what they are from. */
  readonly inputs: Readonly<Record<string, string>>;
  readonly decoder?: Decoder;
  /** Of a run with a decoder. */
  readonly model?: RepairModel;
  /** Of a run: how its encoder and decoder were trained. */
  readonly regime?: RegimeName;
  /** As a model card names it. */
  readonly name: string;
  readonly notes: readonly string[];
  release(): Promise<void>;
}

export interface SourceOptions extends Pick<DataPlace, 'dataDir' | 'cacheDir'> {
  readonly files: FileSystem;
  readonly cwd: string;
  readonly runtime: Runtime;
  readonly seed: number;
  /** Seconds that a user's model may take to run for the first time. */
  readonly modelSeconds?: number | undefined;
  /** The user's own, for measures of images. */
  readonly extractor?: OwnExtractor;
  readonly log: (line: string) => void;
  /** Throws to interrupt. */
  readonly onProgress: (what: string, share: number) => void;
}

export interface SourcePaths {
  readonly run: string | undefined;
  /** What each option was given: of arrays, of models, and `decoder`, which goes with both. */
  readonly texts: ModelTexts;
}

const fromCodes = async ({ run, texts }: SourcePaths, options: SourceOptions): Promise<Source> => {
  const input = await readCodes(options.cwd, requestOf(texts, run, options.dataDir));
  const decoder =
    texts.decoder === undefined
      ? undefined
      : await decoderBesideCodes(
          await readModelFile(options.cwd, texts.decoder, '--decoder'),
          input.train.latents,
          triedFirst(options.runtime, options.modelSeconds),
        );
  return {
    input,
    inputs: codesDigest(input),
    ...(decoder && { decoder }),
    name: input.sources?.train ?? 'codes',
    notes: [],
    release: async () => decoder?.release(),
  };
};

const fromModels = async ({ texts }: SourcePaths, options: SourceOptions): Promise<Source> => {
  const opened = await openModels(texts, options);
  try {
    const { findings, notes } = opened.found;
    const lines = modelLines(findings).map(([what, text]) => `${what}: ${text}`);
    return {
      ...(await userSource(opened, options)),
      inputs: codesDigest(opened.found.input),
      name: opened.found.input.sources!.train,
      notes: [...lines, ...notes],
      release: () => opened.auto.release(),
    };
  } catch (error) {
    await opened.auto.release();
    throw error;
  }
};

const fromRun = async (given: string, options: SourceOptions): Promise<Source> => {
  const { files, cwd, runtime, onProgress } = options;
  const run = await readRun(files, resolve(cwd, given), given);
  const path = join(given, 'models/decoder.onnx');
  if (run.decoder) requireDecoder(run.decoder, run.config.latents, path);
  const { input, data, inputs } = await encodeRun(run, {
    ...options,
    onProgress: (share) => onProgress('encoding images', share),
  });
  const { regime } = run.config;
  const name = `run ${run.name} (${run.config.regime}, ${data.name}, seed ${run.config.seed})`;
  if (!run.decoder) {
    const note = `The regime ${run.config.regime} trains no decoder: there are no images to look at, and no generator.onnx.`;
    return { input, inputs, regime, name, notes: [note], release: () => Promise.resolve() };
  }
  const { width, height } = data.test;
  const decoder = { ...(await openDecoder(run.decoder, path, runtime)), width, height };
  const model = await runModel(decoder, data, run.config, options);
  return { input, inputs, decoder, model, regime, name, notes: [], release: decoder.release };
};

/**
 * Throws: InputError for a folder that is no run, arrays or models that are wrong, options that do not go together, or a
 * decoder that takes other latents.
 */
export const openSource = (paths: SourcePaths, options: SourceOptions): Promise<Source> => {
  const { run, texts } = paths;
  const given = (names: readonly string[]): string[] => names.filter((name) => texts[name] !== undefined);
  const arrays = given(CODE_TEXTS.filter((name) => name !== 'labels'));
  const models = given(MODEL_OPTIONS);
  const list = (names: readonly string[]): string => names.map((name) => `--${name}`).join(', ');
  if (run === undefined || namesCodes(run)) {
    if (models.length === 0) return fromCodes(paths, options);
    if (arrays.length === 0 && run === undefined) return fromModels(paths, options);
    throw new InputError(
      `repair: expected models or arrays of codes, got ${[...(run === undefined ? [] : [run]), list([...models, ...arrays])].join(', ')}`,
    );
  }
  const others = [...given(['decoder', 'labels']), ...arrays, ...models];
  if (others.length === 0) return fromRun(run, options);
  throw new InputError(`repair: expected a run, models or arrays, got the run ${run} and ${list(others)}`);
};
