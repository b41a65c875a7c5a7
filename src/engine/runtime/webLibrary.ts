import type * as Ort from 'onnxruntime-web';
import type { HostTensor, Runtime } from './runtime.js';
import { wrapSession } from './session.js';

export interface WebRuntimeOptions {
  /** More than one needs a cross-origin isolated page. */
  readonly threads?: number;
  readonly device?: 'wasm' | 'webgpu';
  /** Where the runtime's own files lie; a bundle holds the `mjs` already. */
  readonly files?: { readonly mjs?: string; readonly wasm: string };
}

/** What the builds of onnxruntime-web have in common: that for WebAssembly alone, and that with WebGPU. */
export type WebLibrary = Pick<typeof Ort, 'env' | 'InferenceSession' | 'Tensor'>;

/** ONNX Runtime in a browser, over one of its builds. */
export const runtimeOver = (
  { env, InferenceSession, Tensor }: WebLibrary,
  { threads = 1, device = 'wasm', files }: WebRuntimeOptions = {},
): Runtime => {
  env.wasm.numThreads = threads;
  if (files) env.wasm.wasmPaths = { ...files };
  const toOrt = ({ dtype, data, shape }: HostTensor): Ort.Tensor => new Tensor(dtype, data, shape);
  return {
    description: `onnxruntime-web ${env.versions.web}, ${device}, ${threads} thread${threads === 1 ? '' : 's'}`,
    loops: device === 'wasm',
    load: async (model) =>
      wrapSession(
        await InferenceSession.create(model, {
          executionProviders: device === 'wasm' ? ['wasm'] : [device, 'wasm'],
          graphOptimizationLevel: 'all',
          executionMode: 'sequential',
          logSeverityLevel: 3,
          extra: { session: { set_denormal_as_zero: '1' } },
        }),
        toOrt,
      ),
  };
};
