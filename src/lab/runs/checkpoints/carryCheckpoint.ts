/** A checkpoint as one object that can be carried to another folder, or another machine. */
import { join } from 'node:path';
import { type FileSystem, namesIn, systemCode } from '../fileSystem.js';
import { writeFile } from '../writeFile.js';
import { parseManifest, stemOf, stepsAmong } from './manifest.js';
import { CHECKPOINTS } from './saveCheckpoint.js';

const NEWLINE = 10;

/**
 * The newest checkpoint of a run and the metrics that were measured until then: its manifest in a line of JSON, the values,
 * then the beginning of `metrics.bin`. Undefined where there is none, or it was dropped for a newer one in the meantime.
 */
export const packCheckpoint = async (files: FileSystem, folder: string): Promise<Uint8Array | undefined> => {
  const [step] = stepsAmong(await namesIn(files, join(folder, CHECKPOINTS)));
  if (step === undefined) return undefined;
  const stem = join(folder, CHECKPOINTS, stemOf(step));
  try {
    const manifest = parseManifest(Buffer.from(await files.readFile(`${stem}.json`)).toString('utf8'));
    const values = await files.readFile(`${stem}.safetensors`);
    const metrics = await files.readFile(join(folder, 'metrics.bin'));
    return Buffer.concat([
      Buffer.from(`${JSON.stringify(manifest)}\n`, 'utf8'),
      values,
      metrics.subarray(0, manifest.metrics),
    ]);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
};

/**
 * Lays a packed checkpoint into the folder of a run that is to go on from it. False where it is none, or a damaged one, and
 * the folder stays as it is; whether its values are those of the manifest, `restore` checks.
 *
 * Throws: StorageError.
 */
export const unpackCheckpoint = async (files: FileSystem, folder: string, packed: Uint8Array): Promise<boolean> => {
  const end = packed.indexOf(NEWLINE);
  const manifest = manifestIn(packed.subarray(0, Math.max(0, end)));
  if (!manifest || packed.length !== end + 1 + manifest.bytes + manifest.metrics) return false;
  const stem = join(folder, CHECKPOINTS, stemOf(manifest.step));
  const values = packed.subarray(end + 1, end + 1 + manifest.bytes);
  await writeFile(files, join(folder, 'metrics.bin'), packed.subarray(end + 1 + manifest.bytes));
  await writeFile(files, `${stem}.safetensors`, values);
  await writeFile(files, `${stem}.json`, `${JSON.stringify(manifest, null, 2)}\n`);
  return true;
};

const manifestIn = (line: Uint8Array): ReturnType<typeof parseManifest> | undefined => {
  try {
    return parseManifest(Buffer.from(line).toString('utf8'));
  } catch {
    return undefined;
  }
};
