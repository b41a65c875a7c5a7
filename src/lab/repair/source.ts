/** What a repair starts from: a run with its images, or arrays of codes, with a decoder in a file or without one. */
import { join, resolve } from 'node:path';
import { InputError } from '../../engine/errors/index.js';
import type { Runtime } from '../../engine/runtime/index.js';
import type { AuditInput } from '../../latent/audit/index.js';
import { type RepairModel, requireDecoder } from '../../latent/repair/index.js';
import type { RegimeName } from '../../vae/training/index.js';
import { ARRAY_OPTIONS, type ArrayPaths, encodeRun, readArrays, readRun } from '../audit/index.js';
import { type FileSystem, systemCode } from '../runs/fileSystem.js';
import type { DataPlace } from '../runs/openData.js';
import { type Decoder, openDecoder } from './decoder.js';
import type { OwnExtractor } from './extractor.js';
import { runModel } from './runModel.js';

export interface Source {
  readonly input: AuditInput;
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
  /** The user's own, for measures of images. */
  readonly extractor?: OwnExtractor;
  readonly log: (line: string) => void;
  /** Throws to interrupt. */
  readonly onProgress: (what: string, share: number) => void;
}

export interface SourcePaths {
  readonly run: string | undefined;
  readonly arrays: ArrayPaths;
  readonly decoder: string | undefined;
}

const readDecoder = async ({ files, cwd }: SourceOptions, path: string): Promise<Uint8Array> => {
  try {
    return await files.readFile(resolve(cwd, path));
  } catch (error) {
    const code = systemCode(error);
    if (code === undefined) throw error;
    throw new InputError(`--decoder: expected a file that can be read, got ${path} (${code})`);
  }
};

const fromArrays = async ({ arrays, decoder: path }: SourcePaths, options: SourceOptions): Promise<Source> => {
  const { files, cwd, runtime } = options;
  const bytes = path === undefined ? undefined : await readDecoder(options, path);
  const input = await readArrays(files, cwd, arrays);
  if (bytes && path) requireDecoder(bytes, input.train.latents, path);
  const decoder = bytes && path ? await openDecoder(bytes, path, runtime) : undefined;
  return {
    input,
    ...(decoder && { decoder }),
    name: input.sources?.train ?? 'codes',
    notes: [],
    release: async () => decoder?.release(),
  };
};

const fromRun = async (given: string, options: SourceOptions): Promise<Source> => {
  const { files, cwd, runtime, onProgress } = options;
  const run = await readRun(files, resolve(cwd, given), given);
  const path = join(given, 'models/decoder.onnx');
  if (run.decoder) requireDecoder(run.decoder, run.config.latents, path);
  const { input, data } = await encodeRun(run, {
    ...options,
    onProgress: (share) => onProgress('encoding images', share),
  });
  const { regime } = run.config;
  const name = `run ${run.name} (${run.config.regime}, ${data.name}, seed ${run.config.seed})`;
  if (!run.decoder) {
    const note = `The regime ${run.config.regime} trains no decoder: there are no images to look at, and no generator.onnx.`;
    return { input, regime, name, notes: [note], release: () => Promise.resolve() };
  }
  const { width, height } = data.test;
  const decoder = { ...(await openDecoder(run.decoder, path, runtime)), width, height };
  const model = await runModel(decoder, data, run.config, options);
  return { input, decoder, model, regime, name, notes: [], release: decoder.release };
};

/**
 * Throws: InputError for a folder that is no run, arrays that are wrong, both or neither, or a decoder that takes other
 * latents.
 */
export const openSource = (paths: SourcePaths, options: SourceOptions): Promise<Source> => {
  if (paths.run === undefined) return fromArrays(paths, options);
  const others = ['decoder' as const, ...ARRAY_OPTIONS].filter(
    (name) => (name === 'decoder' ? paths.decoder : paths.arrays[name]) !== undefined,
  );
  if (others.length === 0) return fromRun(paths.run, options);
  const list = others.map((name) => `--${name}`).join(', ');
  throw new InputError(`repair: expected a run or arrays, got the run ${paths.run} and ${list}`);
};
