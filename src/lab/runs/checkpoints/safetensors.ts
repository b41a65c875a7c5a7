/**
 * .safetensors of float32 vectors: the length of a header (uint64), the header in JSON, the values one vector after the
 * other; little-endian.
 *
 * Source: the format as huggingface/safetensors describes it.
 */
import { InputError } from '../../../engine/errors/index.js';

/** Vectors by name, and texts beside them. */
export interface Tensors {
  readonly vectors: Readonly<Record<string, Float32Array>>;
  readonly metadata: Readonly<Record<string, string>>;
}

interface Entry {
  readonly dtype: 'F32';
  readonly shape: readonly [number];
  readonly data_offsets: readonly [number, number];
}

const PREFIX = 8;
const METADATA = '__metadata__';

export const writeSafetensors = ({ vectors, metadata }: Tensors): Uint8Array => {
  const header: Record<string, Entry | Tensors['metadata']> = { [METADATA]: metadata };
  let end = 0;
  for (const [name, { byteLength, length }] of Object.entries(vectors)) {
    header[name] = { dtype: 'F32', shape: [length], data_offsets: [end, end + byteLength] };
    end += byteLength;
  }
  const json = Buffer.from(JSON.stringify(header), 'utf8');
  // Blanks after the header bring the values to a multiple of eight bytes, as the format asks.
  const start = PREFIX + Math.ceil(json.length / 8) * 8;
  const file = Buffer.alloc(start + end, ' ');
  file.writeBigUInt64LE(BigInt(start - PREFIX));
  json.copy(file, PREFIX);
  let at = start;
  for (const { buffer, byteOffset, byteLength } of Object.values(vectors)) {
    file.set(new Uint8Array(buffer, byteOffset, byteLength), at);
    at += byteLength;
  }
  return file;
};

/**
 * The vectors of a file as `writeSafetensors` makes it. `name` is for messages.
 *
 * Throws: InputError for a file that is cut, or holds other than float32 vectors.
 */
export const readSafetensors = (file: Uint8Array, name: string): Tensors => {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  const start = bytes.length < PREFIX ? Number.POSITIVE_INFINITY : PREFIX + Number(bytes.readBigUInt64LE());
  if (start > bytes.length)
    throw new InputError(`${name}: expected a header of .safetensors, got ${bytes.length} bytes`);
  const { [METADATA]: metadata = {}, ...entries } = JSON.parse(bytes.toString('utf8', PREFIX, start)) as Record<
    string,
    Entry
  > & { [METADATA]?: Record<string, string> };
  const vectors = Object.entries(entries).map(
    ([
      key,
      {
        dtype,
        shape,
        data_offsets: [from, to],
      },
    ]) => {
      const content = Uint8Array.from(bytes.subarray(start + from, start + to));
      if (dtype !== 'F32' || shape.length !== 1 || content.length !== 4 * shape[0] || to - from !== content.length) {
        throw new InputError(
          `${name}: expected ${key} as a whole float32 vector, got ${dtype} [${shape}] of ${content.length} bytes`,
        );
      }
      return [key, new Float32Array(content.buffer)] as const;
    },
  );
  return { vectors: Object.fromEntries(vectors), metadata };
};
