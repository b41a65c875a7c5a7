import { resolve } from 'node:path';
import { didYouMean, InputError } from '../../engine/errors/index.js';
import { EXTRACTOR_RANGES, type ExtractorRange, type OwnExtractor } from '../../latent/evaluation/index.js';
import { type FileSystem, systemCode } from '../runs/fileSystem.js';

export interface ExtractorFlags {
  readonly extractor: string | undefined;
  readonly output: string | undefined;
  readonly range: string | undefined;
}

const rangeOf = (given: string | undefined): ExtractorRange | undefined => {
  const found = EXTRACTOR_RANGES.find((range) => range === given);
  if (found || given === undefined) return found;
  const near = didYouMean(given, EXTRACTOR_RANGES);
  throw new InputError(`--extractor-range: expected one of ${EXTRACTOR_RANGES.join(', ')}, got "${given}"${near}`);
};

/**
 * The extractor that a user names, read from its file; undefined where none is.
 *
 * Throws: InputError for a file that cannot be read, another range, or options of an extractor without one.
 */
export const readExtractor = async (
  files: FileSystem,
  cwd: string,
  { extractor, output, range: given }: ExtractorFlags,
): Promise<OwnExtractor | undefined> => {
  const range = rangeOf(given);
  if (extractor === undefined) {
    const alone = [...(output === undefined ? [] : ['output']), ...(given === undefined ? [] : ['range'])];
    if (alone.length === 0) return undefined;
    throw new InputError(`--extractor-${alone[0]}: expected --extractor beside it, got none`);
  }
  try {
    return { bytes: await files.readFile(resolve(cwd, extractor)), name: extractor, output, range };
  } catch (error) {
    const code = systemCode(error);
    if (code === undefined) throw error;
    throw new InputError(`--extractor: expected a file that can be read, got ${extractor} (${code})`);
  }
};
