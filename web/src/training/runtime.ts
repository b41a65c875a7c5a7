import wasm from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url';
import type { Runtime } from '../../../src/engine/runtime/index.js';
import { webRuntime } from '../../../src/engine/runtime/web.js';

/** More gain little at these sizes. */
const MOST_THREADS = 2;

/** WebAssembly, with two threads where the page may share memory between them. */
export const tabRuntime = (): Runtime => {
  const threads = self.crossOriginIsolated ? Math.min(MOST_THREADS, navigator.hardwareConcurrency) : 1;
  return webRuntime({ threads, files: { wasm: new URL(wasm, location.href).href } });
};
