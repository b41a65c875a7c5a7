import { type DType, input, type Shape, sizeOf, type Tensor } from '../../src/engine/graph/index.js';
import type { HostTensor } from '../../src/engine/runtime/index.js';

/** A value for one input of a graph under test. float32 values are rounded, so that both evaluators read the same. */
export interface Feed {
  readonly shape: Shape;
  readonly dtype: DType;
  readonly values: readonly number[];
}

export const feed = (shape: Shape, values: readonly number[], dtype: DType = 'float32'): Feed => ({
  shape,
  dtype,
  values: dtype === 'float32' ? values.map(Math.fround) : values,
});

/** Values spread evenly, in no order, over low..high; another phase gives another order. */
export const spread = (shape: Shape, low: number, high: number, phase = 0): Feed =>
  feed(
    shape,
    Array.from({ length: sizeOf(shape) }, (_, i) => low + (high - low) * (((i + 1) * 0.618034 + phase * 0.381) % 1)),
  );

/** 0, 1, 2, … */
export const counting = (shape: Shape, dtype: DType = 'float32'): Feed =>
  feed(
    shape,
    Array.from({ length: sizeOf(shape) }, (_, i) => i),
    dtype,
  );

export const inputsOfFeeds = (feeds: readonly Feed[]): Tensor[] =>
  feeds.map(({ shape, dtype }, i) => input(`x${i}`, shape, dtype));

/** For the interpreter. */
export const valuesByName = (feeds: readonly Feed[]): Record<string, readonly number[]> =>
  Object.fromEntries(feeds.map(({ values }, i) => [`x${i}`, values]));

/** For a runtime. */
export const hostTensor = ({ shape, dtype, values }: Feed): HostTensor => {
  switch (dtype) {
    case 'float32':
      return { dtype, shape, data: Float32Array.from(values) };
    case 'int64':
      return { dtype, shape, data: BigInt64Array.from(values, (v) => BigInt(v)) };
    case 'uint8':
    case 'bool':
      return { dtype, shape, data: Uint8Array.from(values) };
  }
};

export const hostTensors = (feeds: readonly Feed[]): Record<string, HostTensor> =>
  Object.fromEntries(feeds.map((x, i) => [`x${i}`, hostTensor(x)]));
