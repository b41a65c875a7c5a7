/** The embedded digits, drawn once for each seed and kept in the cache folder as IDX files. */
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Dataset, type GlyphCounts, glyphs, STROKE_MODEL_VERSION } from '../../vae/data/index.js';
import { labelDigest, pixelDigest } from './digest.js';
import { writeIdx } from './idx.js';
import { findIdxFiles, isWhole, readIdxFiles } from './idxFolder.js';
import { replaceFile } from './replaceFile.js';

/** Beside the IDX files: what they must hold. */
const DIGEST_FILE = 'sha256.json';

export interface GlyphOptions {
  readonly cacheDir: string;
  readonly seed: number;
  readonly counts: GlyphCounts;
  readonly log: (line: string) => void;
}

/** Never fails for want of a cache: what cannot be read is drawn, what cannot be written is not kept. */
export const openGlyphs = async ({
  cacheDir,
  seed,
  counts,
  log,
}: GlyphOptions): Promise<Dataset & { sha256: string }> => {
  const folder = join(cacheDir, `glyphs-v${STROKE_MODEL_VERSION}-seed${seed}-${counts.train}-${counts.test}`);
  const kept = await readKept(folder, log);
  if (kept !== undefined) return kept;
  log(`glyphs: drawing ${counts.train + counts.test} digits`);
  const drawn = glyphs(seed, counts);
  const digest = pixelDigest(drawn);
  try {
    await keep(folder, drawn, digest);
  } catch (error) {
    log(`glyphs: not kept in ${folder} (${(error as Error).message})`);
  }
  return { ...drawn, sha256: digest };
};

const readKept = async (
  folder: string,
  log: (line: string) => void,
): Promise<(Dataset & { sha256: string }) | undefined> => {
  const found = await findIdxFiles(folder);
  if (!isWhole(found)) return undefined;
  try {
    const digests: unknown = JSON.parse(await readFile(join(folder, DIGEST_FILE), 'utf8'));
    const dataset = await readIdxFiles('glyphs', found);
    const sha256 = pixelDigest(dataset);
    const held = JSON.stringify({ pixels: sha256, labels: labelDigest(dataset) });
    if (held !== JSON.stringify(digests)) throw new Error(`expected ${JSON.stringify(digests)}, got ${held}`);
    return { ...dataset, sha256 };
  } catch (error) {
    log(`glyphs: ${folder} is damaged and will be drawn again (${(error as Error).message})`);
    return undefined;
  }
};

/** Writes a folder beside and renames it, so that of two processes at once one simply comes second. */
const keep = async (folder: string, dataset: Dataset, pixels: string): Promise<void> => {
  const beside = `${folder}.${process.pid}.tmp`;
  try {
    await mkdir(beside, { recursive: true });
    for (const [part, prefix] of [
      [dataset.train, 'train'],
      [dataset.test, 't10k'],
    ] as const) {
      const { count, height, width } = part;
      const labels = part.labels ?? new Uint8Array(count);
      await writeIdx(join(beside, `${prefix}-images-idx3-ubyte`), {
        kind: 'images',
        count,
        height,
        width,
        bytes: part.pixels,
      });
      await writeIdx(join(beside, `${prefix}-labels-idx1-ubyte`), { kind: 'labels', count, bytes: labels });
    }
    await replaceFile(join(beside, DIGEST_FILE), JSON.stringify({ pixels, labels: labelDigest(dataset) }));
    await rm(folder, { recursive: true, force: true });
    await rename(beside, folder);
  } catch (error) {
    await rm(beside, { recursive: true, force: true });
    throw error;
  }
};
