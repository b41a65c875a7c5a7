/** A checkpoint as one object that can be carried to another folder, or another machine. */
import { join } from 'node:path';
import { z } from 'zod';
import { type FileSystem, namesIn, systemCode } from '../fileSystem.js';
import { stepOfFrame } from '../trainingSamples.js';
import { writeFile } from '../writeFile.js';
import { manifestSchema, parseManifest, stemOf, stepsAmong } from './manifest.js';
import { CHECKPOINTS } from './saveCheckpoint.js';

const NEWLINE = 10;
const SAMPLES = 'samples';

/** The first line: what follows it, one after the other, is the values, the beginning of `metrics.bin`, the frames. */
const headSchema = z.object({
  manifest: manifestSchema,
  frames: z.array(
    z.object({
      name: z.string().refine((name) => stepOfFrame(name) !== undefined),
      bytes: z.number().int().min(0),
    }),
  ),
});

/**
 * The newest checkpoint of a run, the metrics that were measured until then, and the frames that were drawn. Undefined
 * where there is none, or it was dropped for a newer one in the meantime.
 */
export const packCheckpoint = async (files: FileSystem, folder: string): Promise<Uint8Array | undefined> => {
  const [step] = stepsAmong(await namesIn(files, join(folder, CHECKPOINTS)));
  if (step === undefined) return undefined;
  const stem = join(folder, CHECKPOINTS, stemOf(step));
  try {
    const manifest = parseManifest(Buffer.from(await files.readFile(`${stem}.json`)).toString('utf8'));
    const values = await files.readFile(`${stem}.safetensors`);
    const metrics = await files.readFile(join(folder, 'metrics.bin'));
    const frames: { name: string; content: Uint8Array }[] = [];
    for (const name of await namesIn(files, join(folder, SAMPLES))) {
      if ((stepOfFrame(name) ?? Number.POSITIVE_INFINITY) > manifest.step) continue;
      frames.push({ name, content: await files.readFile(join(folder, SAMPLES, name)) });
    }
    const head = { manifest, frames: frames.map(({ name, content }) => ({ name, bytes: content.length })) };
    return Buffer.concat([
      Buffer.from(`${JSON.stringify(head)}\n`, 'utf8'),
      values,
      metrics.subarray(0, manifest.metrics),
      ...frames.map(({ content }) => content),
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
  const head = headIn(packed.subarray(0, Math.max(0, end)));
  if (!head) return false;
  const { manifest, frames } = head;
  const lengths = [manifest.bytes, manifest.metrics, ...frames.map(({ bytes }) => bytes)];
  if (packed.length !== lengths.reduce((sum, bytes) => sum + bytes, end + 1)) return false;
  let at = end + 1;
  const next = (bytes: number): Uint8Array => {
    at += bytes;
    return packed.subarray(at - bytes, at);
  };
  const values = next(manifest.bytes);
  await writeFile(files, join(folder, 'metrics.bin'), next(manifest.metrics));
  for (const { name, bytes } of frames) await writeFile(files, join(folder, SAMPLES, name), next(bytes));
  const stem = join(folder, CHECKPOINTS, stemOf(manifest.step));
  await writeFile(files, `${stem}.safetensors`, values);
  await writeFile(files, `${stem}.json`, `${JSON.stringify(manifest, null, 2)}\n`);
  return true;
};

const headIn = (line: Uint8Array): z.infer<typeof headSchema> | undefined => {
  try {
    return headSchema.parse(JSON.parse(Buffer.from(line).toString('utf8')));
  } catch {
    return undefined;
  }
};
