/**
 * The file of one shard's summary.
 *
 *   "zdist summary\n" | version, uint32 | length of the header, uint32 | header, JSON | arrays | SHA-256 of all before
 *
 * The header is the summary with {"array": k} where an array stands, and the type and length of every array; these follow in
 * order, little-endian, the first and each other at a multiple of 8 bytes.
 */
import { createHash } from 'node:crypto';
import { InputError } from '../../../engine/errors/index.js';
import { type ShardSummary, SUMMARY_VERSION, shardSummarySchema } from './summarySchema.js';

const MAGIC = Buffer.from('zdist summary\n', 'latin1');
const PREFIX = MAGIC.length + 8;
const HASH_BYTES = 32;
const ALIGNMENT = 8;

const TYPES = { float64: Float64Array, float32: Float32Array, int32: Int32Array } as const;
type TypeName = keyof typeof TYPES;
type Values = InstanceType<(typeof TYPES)[TypeName]>;

interface ArrayEntry {
  readonly type: TypeName;
  readonly length: number;
}

const padded = (bytes: number): number => Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();
const bytesOf = (values: Values): Uint8Array => new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
const typeOf = (value: unknown): TypeName | undefined =>
  (Object.keys(TYPES) as TypeName[]).find((name) => value instanceof TYPES[name]);

/** The bytes of a summary: the same for the same summary. */
export const encodeSummary = (shard: ShardSummary): Uint8Array => {
  const arrays: Values[] = [];
  const tree = JSON.stringify(shard, (_, value: unknown) =>
    typeOf(value) === undefined ? value : { array: arrays.push(value as Values) - 1 },
  );
  const entries = arrays.map((values): ArrayEntry => ({ type: typeOf(values)!, length: values.length }));
  const header = Buffer.from(`{"arrays":${JSON.stringify(entries)},"shard":${tree}}`, 'utf8');
  const start = padded(PREFIX + header.length);
  const size = arrays.reduce((sum, values) => sum + padded(values.byteLength), start);
  const file = Buffer.alloc(size + HASH_BYTES);
  MAGIC.copy(file);
  file.writeUInt32LE(SUMMARY_VERSION, MAGIC.length);
  file.writeUInt32LE(header.length, MAGIC.length + 4);
  header.copy(file, PREFIX);
  let at = start;
  for (const values of arrays) {
    file.set(bytesOf(values), at);
    at += padded(values.byteLength);
  }
  sha256(file.subarray(0, size)).copy(file, size);
  return file;
};

const readArrays = (body: Uint8Array, start: number, entries: readonly ArrayEntry[]): Values[] | undefined => {
  let at = start;
  const arrays = entries.map(({ type, length }) => {
    const bytes = length * TYPES[type].BYTES_PER_ELEMENT;
    // A copy: the file need not lie at a multiple of 8 in its buffer.
    const copy = Uint8Array.from(body.subarray(at, at + bytes));
    at += padded(bytes);
    return copy.byteLength === bytes ? new TYPES[type](copy.buffer) : undefined;
  });
  return at === body.length && arrays.every((values) => values !== undefined) ? (arrays as Values[]) : undefined;
};

/**
 * The summary in the bytes of a file; `name` is for messages.
 *
 * Throws: InputError for another kind of file or version, one that is truncated or changed, or content that is no summary.
 */
export const decodeSummary = (file: Uint8Array, name: string): ShardSummary => {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  if (bytes.length < PREFIX || !bytes.subarray(0, MAGIC.length).equals(MAGIC)) {
    throw new InputError(`${name}: expected a summary, as zdist audit --shard writes it, got another beginning`);
  }
  const version = bytes.readUInt32LE(MAGIC.length);
  if (version !== SUMMARY_VERSION) {
    throw new InputError(`${name}: expected a summary of version ${SUMMARY_VERSION}, got ${version}`);
  }
  const size = bytes.length - HASH_BYTES;
  if (size < PREFIX || !sha256(bytes.subarray(0, size)).equals(bytes.subarray(size))) {
    throw new InputError(
      `${name}: expected content with its SHA-256 at the end, got a file that is truncated or changed`,
    );
  }
  const length = bytes.readUInt32LE(MAGIC.length + 4);
  const shard = parseHeader(bytes.subarray(0, size), length);
  const checked = shardSummarySchema.safeParse(shard);
  if (checked.success) return checked.data;
  const [issue] = checked.error.issues;
  throw new InputError(`${name}: expected a summary, got ${issue!.path.join('.') || 'its header'}: ${issue!.message}`);
};

/** The header with arrays in their places; undefined where it is none. */
const parseHeader = (body: Buffer, length: number): unknown => {
  try {
    const { arrays: entries, shard } = JSON.parse(body.toString('utf8', PREFIX, PREFIX + length)) as {
      arrays: ArrayEntry[];
      shard: unknown;
    };
    const arrays = readArrays(body, padded(PREFIX + length), entries);
    return arrays && withArrays(shard, arrays);
  } catch {
    return undefined;
  }
};

const withArrays = (node: unknown, arrays: readonly Values[]): unknown => {
  if (Array.isArray(node)) return node.map((each) => withArrays(each, arrays));
  if (typeof node !== 'object' || node === null) return node;
  if ('array' in node) return arrays[node.array as number];
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, withArrays(value, arrays)]));
};
