import { join } from 'node:path';
import type { TrainStart } from '../../../vae/training/index.js';
import { sha256 } from '../../data/digest.js';
import { type FileSystem, namesIn, readIfThere, systemCode } from '../fileSystem.js';
import { readMetrics } from '../metrics/metrics.js';
import { type Manifest, parseManifest, stemOf, stepsAmong } from './manifest.js';
import { readSafetensors } from './safetensors.js';
import { CHECKPOINTS } from './saveCheckpoint.js';
import { fromVectors } from './stateVectors.js';

export interface Restored {
  readonly start: TrainStart;
  readonly manifest: Manifest;
}

export interface Restoration {
  /** Where to go on from; absent where no checkpoint can be used, and the run begins again. */
  readonly restored?: Restored;
  /** What could not be used, and why: a line each. */
  readonly notes: readonly string[];
}

/**
 * The newest checkpoint that is what its manifest says, of this configuration and these data, and whose part of the
 * metrics is whole.
 *
 * Throws: errors of the file system other than of a checkpoint's own files.
 */
export const restore = async (
  files: Pick<FileSystem, 'readdir' | 'readFile'>,
  folder: string,
  identity: Pick<Manifest, 'config' | 'data'>,
): Promise<Restoration> => {
  const log = (await readIfThere(files, join(folder, 'metrics.bin'))) ?? new Uint8Array(0);
  const steps = stepsAmong(await namesIn(files, join(folder, CHECKPOINTS)));
  const notes: string[] = [];
  for (const [i, step] of steps.entries()) {
    const found = await readCheckpoint(files, folder, step, identity, log);
    if (typeof found !== 'string') return { restored: found, notes };
    const before = steps[i + 1];
    const then = before === undefined ? 'beginning again' : `falling back to step ${before}`;
    notes.push(`${CHECKPOINTS}/${stemOf(step)}: ${found}; ${then}`);
  }
  return { notes };
};

/** A checkpoint, or what is wrong with it. */
const readCheckpoint = async (
  files: Pick<FileSystem, 'readFile'>,
  folder: string,
  step: number,
  identity: Pick<Manifest, 'config' | 'data'>,
  log: Uint8Array,
): Promise<Restored | string> => {
  const stem = join(folder, CHECKPOINTS, stemOf(step));
  try {
    const manifest = parseManifest(Buffer.from(await files.readFile(`${stem}.json`)).toString('utf8'));
    const values = await files.readFile(`${stem}.safetensors`);
    const got = sha256(values);
    if (got !== manifest.sha256) return `expected values of SHA-256 ${manifest.sha256}, got ${got}`;
    for (const what of ['config', 'data'] as const) {
      if (manifest[what] !== identity[what]) {
        return `expected ${what} of SHA-256 ${identity[what]}, got ${manifest[what]}`;
      }
    }
    // What follows was measured after the checkpoint, if only because the run was told to stop: it is not part of it.
    const { ends, damage, curve, probes } = readMetrics(log.subarray(0, manifest.metrics));
    if ((ends.at(-1) ?? 0) !== manifest.metrics) {
      const why = damage === undefined ? '' : ` (${damage})`;
      return `expected ${manifest.metrics} bytes of metrics.bin, got ${ends.at(-1) ?? 0} whole ones${why}`;
    }
    return { start: { state: fromVectors(readSafetensors(values, stem), stem), curve, probes }, manifest };
  } catch (error) {
    return `expected a checkpoint that can be read, got ${systemCode(error) ?? (error as Error).message.split('\n')[0]}`;
  }
};
