import { env, InferenceSession, Tensor } from 'onnxruntime-web';
import type { HostTensor, Runtime } from './runtime.js';
import { wrapSession } from './session.js';

export interface WebRuntimeOptions {
  /** More than one needs a cross-origin isolated page. */
  readonly threads?: number;
  readonly device?: 'wasm' | 'webgpu';
  /** Where the runtime's own files lie; a bundle holds the `mjs` already. */
  readonly files?: { readonly mjs?: string; readonly wasm: string };
}

const toOrt = ({ dtype, data, shape }: HostTensor): Tensor => new Tensor(dtype, data, shape);

/** ONNX Runtime in a browser worker (and, for tests, WebAssembly in Node.js). */
export const webRuntime = ({ threads = 1, device = 'wasm', files }: WebRuntimeOptions = {}): Runtime => {
  env.wasm.numThreads = threads;
  if (files) env.wasm.wasmPaths = { ...files };
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
