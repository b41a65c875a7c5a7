/**
 * IDX: the format of the MNIST files. A big-endian header (magic, count, and for images height and width), then bytes.
 *
 * Source: LeCun, Cortes & Burges, "The MNIST database of handwritten digits".
 */
import { InputError } from '../../../engine/errors/index.js';

export interface IdxImages {
  readonly kind: 'images';
  readonly count: number;
  readonly height: number;
  readonly width: number;
  /** [count, height * width] */
  readonly bytes: Uint8Array;
}

export interface IdxLabels {
  readonly kind: 'labels';
  readonly count: number;
  /** [count] */
  readonly bytes: Uint8Array;
}

export const IDX_MAGIC = { images: 0x0000_0803, labels: 0x0000_0801 } as const;

const hex = (magic: number): string => `0x${magic.toString(16).padStart(8, '0')}`;

/** Throws: InputError, with the name, for bytes that are empty, truncated, too many, or neither images nor labels. */
export const decodeIdx = (file: Uint8Array, name: string): IdxImages | IdxLabels => {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const magic = file.length < 4 ? undefined : view.getUint32(0);
  if (magic !== undefined && magic !== IDX_MAGIC.images && magic !== IDX_MAGIC.labels) {
    throw new InputError(
      `${name}: expected magic ${hex(IDX_MAGIC.images)} (images) or ${hex(IDX_MAGIC.labels)} (labels), got ${hex(magic)}`,
    );
  }
  const header = magic === IDX_MAGIC.labels ? 8 : 16;
  if (magic === undefined || file.length < header) {
    throw new InputError(`${name}: expected a header of ${header} bytes, got ${file.length} bytes (truncated)`);
  }
  const shape = Array.from({ length: header / 4 - 1 }, (_, i) => view.getUint32(4 + 4 * i));
  const size = shape.reduce((product, n) => product * n, 1);
  const got = file.length - header;
  if (size !== got) {
    const fault = got < size ? 'truncated' : `${got - size} bytes too many`;
    throw new InputError(
      `${name}: expected ${shape.join(' × ')} = ${size} bytes after the header, got ${got} (${fault})`,
    );
  }
  if (size === 0) throw new InputError(`${name}: expected at least one byte of data, got ${shape.join(' × ')}`);
  const bytes = new Uint8Array(file.buffer, file.byteOffset + header, size);
  const [count, height, width] = shape as [number, number, number];
  return magic === IDX_MAGIC.labels
    ? { kind: 'labels', count, bytes }
    : { kind: 'images', count, height, width, bytes };
};
