import wasm from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url';
import { webRuntime } from '../../../../../src/engine/runtime/web.js';

/** One thread: for one code at a time, waking others takes longer than what they save. */
export const oneThread = () => webRuntime({ threads: 1, files: { wasm: new URL(wasm, location.href).href } });
