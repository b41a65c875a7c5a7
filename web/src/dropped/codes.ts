/** Dropped arrays of codes and labels, read by what reads them on a disk. */
import { InputError } from '../../../src/engine/errors/index.js';
import type { AuditInput } from '../../../src/latent/audit/index.js';
import { loadClasses, loadCodes, type NumberFiles, openCodes } from '../../../src/latent/codes/reading/index.js';
import {
  decodeIdx,
  type NumberContent,
  ofArchive,
  ofRows,
  openNpyRows,
  openSafetensors,
  writeNpy,
} from '../../../src/vae/data/arrays/index.js';
import { byteFile, wholeFile, wholeUnpacked } from './byteFiles.js';
import type { DroppedFile } from './messages.js';
import { openNpz } from './npz.js';
import type { Role } from './roles.js';
import { openSeparated } from './separatedValues.js';

/** Bytes of codes that a tab takes into memory: an audit draws from them, splits them and sorts them. */
const MOST = 2 ** 28;

const contentOf = async (file: File): Promise<NumberContent> => {
  const { name } = file;
  if (/\.npy$/i.test(name)) return ofRows(await openNpyRows(async () => byteFile(file, name), name));
  if (/\.npz$/i.test(name)) return ofArchive(await openNpz(file, name), name);
  if (/\.safetensors$/i.test(name))
    return ofArchive(await openSafetensors(async () => byteFile(file, name), name), name);
  if (/\.(csv|tsv)$/i.test(name)) return openSeparated(new TextDecoder().decode(await wholeFile(file, name)), name);
  if (/ubyte|\.idx|\.gz$/i.test(name)) return ofIdx(await wholeUnpacked(file, name), name);
  throw new InputError(
    `${name}: expected a file that ends in .npy, .npz, .safetensors, .csv or .tsv, got another; zdist audit on the command line reads .parquet and .h5 too`,
  );
};

/** Labels of an IDX file as an array. */
const ofIdx = async (bytes: Uint8Array, name: string): Promise<NumberContent> => {
  const idx = decodeIdx(bytes, name);
  if (idx.kind === 'images') throw new InputError(`${name}: expected labels, got images`);
  const array = new Blob([writeNpy(idx.bytes, [idx.count]) as Uint8Array<ArrayBuffer>]);
  return ofRows(await openNpyRows(async () => byteFile(array, name), name));
};

const among = (files: readonly DroppedFile[]): NumberFiles => ({
  open: async (text) => {
    const found = files.find(({ file }) => file.name === text);
    if (!found) throw new InputError(`${text}: expected a file that was dropped, got none`);
    const content = await contentOf(found.file);
    return { ...content, bytes: found.file.size, close: () => Promise.resolve() };
  },
  ask: () => Promise.reject(new InputError('--sql: expected the command line, got a page')),
});

/** Roles that stand for options of the command line of the same name. */
const OPTIONS: readonly Role[] = [
  ...(['z', 'mu', 'sigma', 'log-var'] as const),
  ...(['test-z', 'test-mu', 'test-sigma', 'test-log-var', 'labels'] as const),
];

export const nameFor = (files: readonly DroppedFile[], role: Role): string | undefined =>
  files.find((each) => each.role === role)?.file.name;

/** Throws: InputError, a line for each problem, in the words of the command line. */
export const readCodes = async (
  files: readonly DroppedFile[],
): Promise<{ readonly input: AuditInput; readonly notes: readonly string[] }> => {
  const given = OPTIONS.map((role) => [role, nameFor(files, role)] as const);
  const [codes, testCodes] = [nameFor(files, 'codes'), nameFor(files, 'test-codes')];
  const source = await openCodes(among(files), {
    options: Object.fromEntries(given.filter(([, name]) => name !== undefined)),
    ...(codes !== undefined && { codes }),
    ...(testCodes !== undefined && { testCodes }),
  });
  try {
    return { input: await loadCodes(source, MOST), notes: source.notes };
  } finally {
    await source.close();
  }
};

/** Classes of training images. Throws: InputError for what holds no column of whole numbers. */
export const readLabels = async (files: readonly DroppedFile[]): Promise<Float64Array | undefined> => {
  const name = nameFor(files, 'labels');
  return name === undefined ? undefined : loadClasses(among(files), name);
};
