import type { Runtime } from '../../engine/runtime/index.js';
import type { ImageSet } from '../../vae/data/index.js';
import { classifierExtractor } from './classifier.js';
import type { FeatureExtractor } from './extractor.js';
import { type OnnxExtractorOptions, onnxExtractor } from './onnxExtractor.js';
import { principalComponentsExtractor } from './principalComponents.js';

/** A user's own feature extractor, read from its file. */
export interface OwnExtractor extends Pick<OnnxExtractorOptions, 'name' | 'output' | 'range'> {
  readonly bytes: Uint8Array;
}

export interface ExtractorOptions {
  /** Takes the place of the features that are learned here. */
  readonly extractor?: OwnExtractor;
  readonly runtime: Runtime;
  readonly seed: number;
  readonly onProgress: (what: string, share: number) => void;
}

const classesOf = ({ labels, count }: ImageSet): number => (labels?.length === count ? new Set(labels).size : 0);

/**
 * Features of the user's own extractor; else of a classifier where images have labels, else principal components. Images
 * are bytes as samples are given to it, made only where they are needed.
 */
export const chooseExtractor = async (
  images: { readonly train: () => ImageSet; readonly test: () => ImageSet },
  { width, height }: Pick<ImageSet, 'width' | 'height'>,
  { extractor, runtime, seed, onProgress }: ExtractorOptions,
): Promise<FeatureExtractor> => {
  if (extractor) {
    const { bytes, ...options } = extractor;
    return onnxExtractor(bytes, { ...options, width, height, runtime });
  }
  const [train, test] = [images.train(), images.test()];
  if (classesOf(train) < 2 || classesOf(test) < 1) {
    onProgress('principal components', 0);
    return principalComponentsExtractor(train, { runtime });
  }
  const learning = (share: number): void => onProgress('training a classifier for features', share);
  return classifierExtractor({ train, test }, { seed, runtime, onProgress: learning });
};
