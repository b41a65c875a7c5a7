import type { DType } from '../graph/index.js';

/** Arrays that hold a tensor's values outside the graph, row-major. */
export interface HostArrays {
  float32: Float32Array;
  uint8: Uint8Array;
  int64: BigInt64Array;
  bool: Uint8Array;
}

export type HostTensor = {
  [K in DType]: { readonly dtype: K; readonly shape: readonly number[]; readonly data: HostArrays[K] };
}[DType];

export const float32 = (data: Float32Array, shape: readonly number[]): HostTensor => ({
  dtype: 'float32',
  shape,
  data,
});
export const uint8 = (data: Uint8Array, shape: readonly number[]): HostTensor => ({ dtype: 'uint8', shape, data });
export const int64 = (values: readonly number[], shape: readonly number[]): HostTensor => ({
  dtype: 'int64',
  shape,
  data: BigInt64Array.from(values, (v) => BigInt(v)),
});

export interface Session {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /**
   * Runs the model once. Outputs are new arrays; feeds are never changed.
   * Throws: GraphError when a feed is missing, unknown, or of the wrong type or shape.
   */
  run(feeds: Readonly<Record<string, HostTensor>>): Promise<Record<string, HostTensor>>;
  release(): Promise<void>;
}

/** What executes ONNX models: one implementation for Node.js, one for a browser. */
export interface Runtime {
  /** For example `onnxruntime-node 1.30.0, cpu, 2 threads`. */
  readonly description: string;
  /** Whether many steps in one Loop run faster than one step a run: true on the CPU, where states need not be copied. */
  readonly loops: boolean;
  load(model: Uint8Array): Promise<Session>;
}
