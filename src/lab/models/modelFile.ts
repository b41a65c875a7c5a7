/** ONNX files of users: data to be checked, never trusted. */
import { open, readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { didYouMean, InputError } from '../../engine/errors/index.js';
import { checkModel, type ExternalData, isBeside, type Ports, portsOf, withWeights } from '../../engine/onnx/index.js';
import { systemCode } from '../runs/fileSystem.js';

export interface ModelFile {
  /** As the user wrote it. */
  readonly name: string;
  /** The model with all its weights. */
  readonly bytes: Uint8Array;
  readonly ports: Ports;
}

/** Largest file of protobuf. */
const MOST = 2 ** 31 - 1;

/** So many bytes of a file from an offset on; all that is left unless told. */
const readPart = async (
  path: string,
  offset: number,
  length: number | undefined,
  what: string,
): Promise<Uint8Array> => {
  const file = await open(path);
  try {
    const info = await file.stat();
    if (!info.isFile()) throw new InputError(`${what}: expected a file, got something else`);
    const wanted = length ?? info.size - offset;
    if (wanted < 0 || offset + wanted > info.size) {
      throw new InputError(`${what}: expected ${wanted} bytes from byte ${offset} on, got a file of ${info.size}`);
    }
    if (wanted > MOST) throw new InputError(`${what}: expected at most 2 GB, got ${wanted} bytes`);
    const bytes = new Uint8Array(wanted);
    let done = 0;
    while (done < wanted) {
      const { bytesRead } = await file.read(bytes, done, wanted - done, offset + done);
      if (bytesRead === 0) throw new InputError(`${what}: expected ${wanted} bytes, got ${done}`);
      done += bytesRead;
    }
    return bytes;
  } finally {
    await file.close();
  }
};

/** Weights beside a model: of its own folder alone, by its real path, links followed. */
const weightsIn =
  (folder: string, name: string) =>
  async ({ location, offset, length }: ExternalData): Promise<Uint8Array> => {
    const what = `${name}: weights in ${location}`;
    const outside = new InputError(
      `${what}: expected a file in the model's own folder, got a path that leads out of it`,
    );
    if (!isBeside(location)) throw outside;
    const home = await realpath(folder);
    const path = await realpath(join(home, location)).catch((error: unknown) => {
      throw new InputError(`${what}: expected a file that can be read, got ${systemCode(error) ?? 'none'}`);
    });
    if (!path.startsWith(home.endsWith(sep) ? home : home + sep)) throw outside;
    return readPart(path, offset, length, what);
  };

const cannotRead = async (path: string, given: string, option: string, code: string): Promise<InputError> => {
  const beside = await readdir(dirname(path)).catch(() => []);
  return new InputError(
    `${option}: expected a file that can be read, got ${given} (${code})${didYouMean(basename(path), beside)}`,
  );
};

/**
 * Reads a model and what it keeps in files beside it, and checks it before any runtime sees it. Nothing outside the
 * model's own folder is ever opened.
 *
 * Throws: InputError for what cannot be read, is no ONNX model, is damaged, needs operators that are not there, or names
 * data outside its folder.
 */
export const readModelFile = async (cwd: string, given: string, option: string): Promise<ModelFile> => {
  const path = resolve(cwd, given);
  try {
    const { size } = await stat(path);
    if (size > MOST) {
      throw new InputError(`${given}: expected a file of at most 2 GB, got ${size} bytes`);
    }
    const bytes = await withWeights(await readPart(path, 0, undefined, given), given, weightsIn(dirname(path), given));
    checkModel(bytes, given);
    return { name: given, bytes, ports: portsOf(bytes, given) };
  } catch (error) {
    const code = systemCode(error);
    if (code === undefined) throw error;
    throw await cannotRead(path, given, option, code);
  }
};
