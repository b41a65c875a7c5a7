/** Codes of a run of our own: its encoder on the images that it was trained on and on those it was not. */
import { basename, join } from 'node:path';
import { InputError } from '../../engine/errors/index.js';
import { float32, type Runtime, type Session } from '../../engine/runtime/index.js';
import type { AuditInput, Posteriors } from '../../latent/audit/index.js';
import type { Dataset, ImageSet } from '../../vae/data/index.js';
import { presets } from '../../vae/presets/index.js';
import { regimes, trainedParts } from '../../vae/regimes/index.js';
import { codesDigest } from '../codes/index.js';
import { fileLayer, type RunConfig, resolveConfig, runDefaults, runSchema } from '../config/index.js';
import { sha256 } from '../data/digest.js';
import { type FileSystem, systemCode } from '../runs/fileSystem.js';
import { modelImages } from '../runs/modelImages.js';
import { type DataPlace, openData } from '../runs/openData.js';

/** Images encoded at once: their pixels take 30 MB. */
const AT_ONCE = 10_000;

export interface RunModels {
  readonly name: string;
  readonly folder: string;
  readonly config: RunConfig;
  readonly encoder: Uint8Array;
  /** Absent where the regime trains none. */
  readonly decoder?: Uint8Array;
}

const read = (files: FileSystem, folder: string, path: string): Promise<Uint8Array | undefined> =>
  files.readFile(join(folder, path)).catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT' || systemCode(error) === 'ENOTDIR') return undefined;
    throw error;
  });

/** What to say of a folder that is no run. */
const noRun = async (files: FileSystem, folder: string, given: string): Promise<InputError> => {
  if ((await read(files, folder, 'study.json')) !== undefined) {
    const runs = await files.readdir(join(folder, 'runs')).catch(() => []);
    const names = runs.sort().map((run) => join(given, 'runs', run));
    return new InputError(`${given}: expected a run, got a study; audit one of its runs: ${names.join(', ')}`);
  }
  const arrays = given.endsWith('.npy') ? ' (arrays are given by --z, or by --mu with --sigma or --log-var)' : '';
  return new InputError(`${given}: expected a run folder, got one without run.json${arrays}`);
};

const configOf = (path: string, text: Uint8Array): RunConfig => {
  const layer = fileLayer(path, Buffer.from(text).toString('utf8'));
  const { threads, ...rest } = resolveConfig(runSchema, presets, runDefaults, [layer]);
  return { ...rest, threads: threads === 'auto' ? 1 : threads };
};

/**
 * The models and the configuration of a run folder; `given` is its path as the user wrote it.
 *
 * Throws: InputError for a folder that is no run, a run without models, or one whose encoder was not trained.
 */
export const readRun = async (files: FileSystem, folder: string, given: string): Promise<RunModels> => {
  if ((await read(files, folder, 'run.json')) === undefined) throw await noRun(files, folder, given);
  const config = await read(files, folder, 'config.yaml');
  const encoder = await read(files, folder, 'models/encoder.onnx');
  const missing = [
    ...(config ? [] : [`${given}: expected config.yaml, got none`]),
    ...(encoder ? [] : [`${given}: expected models/encoder.onnx, got none: the run has not finished`]),
  ];
  if (!config || !encoder) throw new InputError(missing.join('\n'));
  const resolved = configOf(join(given, 'config.yaml'), config);
  const trained = trainedParts(regimes[resolved.regime]);
  if (!trained.includes('encoder')) {
    throw new InputError(`${given}: expected a run that trains an encoder, got regime ${resolved.regime}`);
  }
  const decoder = trained.includes('decoder') ? await read(files, folder, 'models/decoder.onnx') : undefined;
  return { name: basename(folder), folder, config: resolved, encoder, ...(decoder && { decoder }) };
};

const range = (from: number, to: number): Uint32Array => Uint32Array.from({ length: to - from }, (_, i) => from + i);

const encodePart = async (
  session: Session,
  images: ImageSet,
  part: 'train' | 'test',
  config: RunConfig,
  onProgress: (images: number) => void,
): Promise<Posteriors> => {
  const { latents } = config;
  const n = images.count;
  const mu = new Float32Array(n * latents);
  const sigma = new Float32Array(n * latents);
  for (let from = 0; from < n; from += AT_ONCE) {
    const to = Math.min(n, from + AT_ONCE);
    const pixels = modelImages(images, part, range(from, to), config);
    const out = await session.run({ x: float32(pixels, [to - from, pixels.length / (to - from)]) });
    mu.set(out.mu!.data as Float32Array, from * latents);
    sigma.set(out.sigma!.data as Float32Array, from * latents);
    onProgress(to);
  }
  return { mu, sigma, n, latents };
};

export interface EncodeOptions extends Pick<DataPlace, 'dataDir' | 'cacheDir'> {
  readonly runtime: Runtime;
  readonly log: (line: string) => void;
  /** Share of the images that are encoded. */
  readonly onProgress: (share: number) => void;
}

/**
 * Codes of the training and the test images of a run, with the labels of the training images.
 *
 * Throws: InputError where the data set is not to be had.
 */
export const encodeRun = async (
  run: RunModels,
  { runtime, onProgress, ...place }: EncodeOptions,
): Promise<{
  readonly input: AuditInput;
  readonly data: Dataset;
  /** SHA-256 of the pixels, of the encoder, and of the codes that it gave. */
  readonly inputs: Readonly<Record<string, string>>;
}> => {
  const { config } = run;
  const data = await openData({ ...config, ...place });
  const session = await runtime.load(run.encoder);
  const all = data.train.count + data.test.count;
  try {
    const train = await encodePart(session, data.train, 'train', config, (done) => onProgress(done / all));
    const before = data.train.count;
    const test = await encodePart(session, data.test, 'test', config, (done) => onProgress((before + done) / all));
    const source = (part: string): string => `run ${run.name}, ${part} images of ${data.name}`;
    const { labels } = data.train;
    const input = {
      train,
      test,
      ...(labels && { labels }),
      sources: { train: source('training'), test: source('test') },
    };
    return { input, data, inputs: { data: data.sha256, encoder: sha256(run.encoder), ...codesDigest(input) } };
  } finally {
    await session.release();
  }
};
