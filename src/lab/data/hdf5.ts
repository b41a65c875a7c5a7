/** HDF5, as h5py, Keras and AnnData write it, through h5wasm: the HDF5 library itself, where it is installed. */
import type { File, Metadata } from 'h5wasm/node';
import { InputError } from '../../engine/errors/index.js';
import {
  type ArrayArchive,
  type ArrayRows,
  ELEMENT_TYPES,
  type ElementType,
  type RowRange,
  requireModest,
  requirePlausible,
  requireRange,
  rowShape,
  sizeOf,
  toFloat32,
} from '../../vae/data/arrays/index.js';
import { openBytes } from './byteFile.js';

type Library = typeof import('h5wasm/node') & { readonly module: Awaited<typeof import('h5wasm/node').ready> };

/** Throws: InputError that says how to install it, where it is not. */
const loadLibrary = async (name: string): Promise<Library> => {
  const library = await import('h5wasm/node').catch(() => {
    throw new InputError(`${name}: expected h5wasm, which reads HDF5, to be installed (npm install h5wasm), got none`);
  });
  const module = await library.ready;
  // What goes wrong is thrown and not printed.
  module.activate_throwing_error_handler();
  return { ...library, module };
};

/** What the library says went wrong, at the bottom of its stack, without the places in its source. */
const damaged = (error: unknown, name: string): InputError => {
  if (error instanceof InputError) return error;
  const lines = String((error as Error).message ?? error).split('\n');
  const said = lines.findLast((line) => /^ *#\d+:/.test(line))?.replace(/^.*\(\): /, '') ?? lines[0];
  return new InputError(`${name}: expected an HDF5 file, got a damaged one or another format (${said})`);
};

interface Opened {
  readonly file: File;
  readonly library: Library;
}

/** Throws: InputError where it is none. */
const openFile = async (path: string, name: string): Promise<Opened> => {
  const library = await loadLibrary(name);
  try {
    return { file: new library.File(path, 'r'), library };
  } catch (error) {
    throw damaged(error, name);
  }
};

/** HDF5 classes of types that are read, and the names by which numpy knows them. */
const KINDS: Readonly<Record<number, (metadata: Metadata) => string>> = {
  0: ({ signed, size }) => `${signed ? 'i' : 'u'}${size}`,
  1: ({ size }) => `f${size}`,
};

const elementType = (metadata: Metadata): ElementType | undefined => {
  const types: Readonly<Record<string, ElementType>> = ELEMENT_TYPES;
  const kind = KINDS[metadata.type]?.(metadata);
  return kind !== undefined && Object.hasOwn(types, kind) ? types[kind] : undefined;
};

/** Where a link on the way to a path leads: to another file (of HDF5's external links), or elsewhere in this one. */
const linkOn = ({ file, library: { module } }: Opened, path: string): string | undefined => {
  const parts = path.split('/');
  for (const [i] of parts.entries()) {
    const prefix = parts.slice(0, i + 1).join('/');
    const { filename } = module.get_external_link(file.file_id, prefix);
    const target = filename === undefined ? module.get_symbolic_link(file.file_id, prefix) : `the file ${filename}`;
    if (target !== null) return target;
  }
  return undefined;
};

interface Numbers {
  readonly type: ElementType;
  readonly shape: readonly number[];
}

/** Throws: InputError for anything but a data set of numbers that lies in this very file, of `size` bytes. */
const numbersAt = (opened: Opened, path: string, size: number, name: string): Numbers => {
  const link = linkOn(opened, path);
  if (link !== undefined) throw new InputError(`${name}: expected a data set in this file, got a link to ${link}`);
  const dataset = opened.file.get(path);
  if (!(dataset instanceof opened.library.Dataset)) {
    throw new InputError(`${name}: expected a data set, got another object`);
  }
  const { metadata } = dataset;
  const { shape, chunks, virtual_sources: elsewhere } = metadata;
  const type = elementType(metadata);
  if (type === undefined || !shape) {
    const got = `class ${metadata.type} of ${metadata.size} bytes`;
    throw new InputError(`${name}: expected floats of 16, 32 or 64 bits or integers, got HDF5 type ${got}`);
  }
  if (elsewhere) throw new InputError(`${name}: expected numbers in this file, got a view of others`);
  requirePlausible(sizeOf(shape) * type.size, size, name);
  // The library unpacks a chunk whole, whatever part of it is read.
  requireModest(sizeOf(chunks ?? []) * type.size, size, `${name}: a chunk [${chunks?.join(', ')}]`);
  return { type, shape };
};

/** Rows of a data set, through a buffer of the library that is used again. */
async function* readBlocks(
  path: string,
  name: string,
  dataset: string,
  { type, shape }: Numbers,
  { from, to, atOnce }: Required<RowRange>,
): AsyncGenerator<Float32Array> {
  const width = sizeOf(shape.slice(1));
  const { file, library } = await openFile(path, name);
  const { module } = library;
  const buffer = module._malloc(atOnce * width * type.size);
  try {
    if (buffer === 0)
      throw new InputError(`${name}: expected ${atOnce} rows to fit into the memory of h5wasm, got none`);
    const block = new Float32Array(atOnce * width);
    const sizes = shape.map(BigInt);
    const steps = sizes.map(() => 1n);
    for (let row = from; row < to; row += atOnce) {
      const rows = Math.min(atOnce, to - row);
      const count = sizes.with(0, BigInt(rows));
      const offset = sizes.map((_, axis) => (axis === 0 ? BigInt(row) : 0n));
      try {
        const status = module.get_dataset_data(file.file_id, dataset, count, offset, steps, BigInt(buffer));
        if (status < 0) throw new Error('the library gives no reason');
      } catch (error) {
        throw damaged(error, `${name}: rows ${row} to ${row + rows - 1} (counted from 0)`);
      }
      const bytes = module.HEAPU8.slice(buffer, buffer + rows * width * type.size);
      const values = block.subarray(0, rows * width);
      toFloat32(type, type.view(bytes.buffer), values);
      yield values;
    }
  } finally {
    module._free(buffer);
    file.close();
  }
}

const openDataset = (path: string, name: string, dataset: string, numbers: Numbers): ArrayRows => {
  const { n, width } = rowShape(numbers.shape, name);
  return {
    name,
    n,
    width,
    shape: numbers.shape,
    blocks: (range) => readBlocks(path, name, dataset, numbers, requireRange(range, n)),
    close: () => Promise.resolve(),
  };
};

/**
 * The data sets of numbers in a file, by their paths without the first slash.
 *
 * Throws: InputError where h5wasm is not installed, and where the file is none of HDF5.
 */
export const openHdf5 = async (path: string, name: string): Promise<ArrayArchive> => {
  const bytes = await openBytes(path, name);
  await bytes.close();
  const opened = await openFile(path, name);
  const { file, library } = opened;
  const datasets = new Map<string, Numbers | InputError>();
  try {
    for (const dataset of file.paths()) {
      if (!(file.get(dataset) instanceof library.Dataset)) continue;
      try {
        datasets.set(dataset, numbersAt(opened, dataset, bytes.size, `${name}:${dataset}`));
      } catch (error) {
        datasets.set(dataset, damaged(error, `${name}:${dataset}`));
      }
    }
  } catch (error) {
    throw damaged(error, name);
  } finally {
    file.close();
  }
  return {
    names: [...datasets.keys()],
    rows: async (dataset) => {
      const found = datasets.get(dataset)!;
      if (found instanceof InputError) throw found;
      return openDataset(path, `${name}:${dataset}`, dataset, found);
    },
  };
};
