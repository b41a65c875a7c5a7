import { basename, dirname, resolve } from 'node:path';
import { InputError } from '../../../engine/errors/index.js';
import type { Environment } from '../../config/index.js';
import { folderStore } from './folderStore.js';
import type { StoreRoot } from './resultStore.js';

export const isSweepName = (name: string): boolean => /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/.test(name);

/**
 * Opens `sweeps`, `/mnt/shared/sweeps` or `s3://bucket/prefix`.
 *
 * Throws: InputError on an address that is no bucket and prefix.
 */
export const openRoot = async (place: string, cwd: string, env: Environment): Promise<StoreRoot> => {
  if (!place.startsWith('s3://')) {
    const folder = resolve(cwd, place);
    return { name: folder, sweep: (name) => folderStore(resolve(folder, name)) };
  }
  const { openBucket } = await import('./s3Store.js');
  return openBucket(place, env);
};

/** The root and the name of a sweep whose folder is told: `sweeps/rates` is `rates` in `sweeps`. */
export const splitPlace = (place: string): { readonly root: string; readonly name: string } => {
  const trimmed = place.replace(/\/+$/, '');
  const bucket = /^(s3:\/\/.+)\/([^/]+)$/.exec(trimmed);
  const [root, name] = bucket ? [bucket[1]!, bucket[2]!] : [dirname(trimmed), basename(resolve(trimmed))];
  if (!isSweepName(name)) {
    throw new InputError(
      `--out: expected a folder named by letters, digits, dots, dashes and underscores, got ${place}`,
    );
  }
  return { root: bucket || trimmed !== '.' ? root : '..', name };
};
