import { join } from 'node:path';
import { nodeRuntime } from '../../engine/runtime/node.js';
import { Interrupted } from '../../latent/repair/index.js';
import type { RunConfig } from '../config/index.js';
import { extractorOf } from '../repair/runModel.js';
import type { FileSystem } from '../runs/fileSystem.js';
import { type DataPlace, openData } from '../runs/openData.js';
import { writeFile } from '../runs/writeFile.js';
import type { StudyExtractor } from './study.js';

export interface ExtractorPlace
  extends Pick<DataPlace, 'dataDir' | 'cacheDir'>,
    Pick<RunConfig, 'data' | 'limit' | 'binarisation' | 'seed' | 'threads'> {
  /** Absolute path of the study folder. */
  readonly folder: string;
  readonly interrupt: AbortSignal;
}

/** Undefined when interrupted. */
export type MakeExtractor = (place: ExtractorPlace) => Promise<StudyExtractor | undefined>;

const FILE = 'extractor.onnx';

/**
 * The one feature extractor of a study, learned from its training images as its runs are fed them: a classifier where
 * images have labels, else principal components. Writes `extractor.onnx` in the study folder.
 *
 * Throws: StorageError, and InputError where the data set is not to be had.
 */
export const makeExtractor = async (
  files: FileSystem,
  { folder, interrupt, ...config }: ExtractorPlace,
): Promise<StudyExtractor | undefined> => {
  const data = await openData(config);
  const onProgress = (): void => {
    if (interrupt.aborted) throw new Interrupted('study: interrupted before its first run');
  };
  const options = { runtime: nodeRuntime({ threads: config.threads }), seed: config.seed, onProgress };
  const extractor = await extractorOf(data, config, options).catch((error: unknown) => {
    if (error instanceof Interrupted) return undefined;
    throw error;
  });
  if (!extractor) return undefined;
  const { name, distance, hash, accuracy, onnx } = extractor;
  await writeFile(files, join(folder, FILE), onnx!);
  const seen = accuracy && { value: accuracy.value, se: accuracy.se ?? 0, n: accuracy.n };
  return { file: FILE, name, distance, hash, ...(seen && { accuracy: seen }) };
};
