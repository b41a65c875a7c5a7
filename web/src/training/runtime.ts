import gpuWasm from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url';
import wasm from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url';
import type { Runtime } from '../../../src/engine/runtime/index.js';
import { webRuntime } from '../../../src/engine/runtime/web.js';
import { runtimeOver } from '../../../src/engine/runtime/webLibrary.js';
import type { Device } from './messages.js';

/** More gain little at these sizes. */
const MOST_THREADS = 2;

const threads = (): number => (self.crossOriginIsolated ? Math.min(MOST_THREADS, navigator.hardwareConcurrency) : 1);

/** WebAssembly, with two threads where the page may share memory between them. */
export const tabRuntime = (): Runtime =>
  webRuntime({ threads: threads(), files: { wasm: new URL(wasm, location.href).href } });

/**
 * The runtime that was asked for.
 *
 * Throws: Error where WebGPU was asked for and the browser has none; `auto` is content with WebAssembly.
 */
export const openRuntime = async (device: Device): Promise<Runtime> => {
  const adapter = device === 'wasm' ? undefined : await navigator.gpu?.requestAdapter();
  // A processor that plays a graphics card is slower than WebAssembly: it is used where it was asked for by name.
  if (adapter && (device === 'webgpu' || !adapter.info.isFallbackAdapter)) {
    const library = await import('onnxruntime-web/webgpu');
    return runtimeOver(library, { device: 'webgpu', files: { wasm: new URL(gpuWasm, location.href).href } });
  }
  if (device === 'webgpu') throw new Error('WebGPU: expected a browser and a graphics card that have it, got none');
  return tabRuntime();
};
