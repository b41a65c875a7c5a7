import { env, InferenceSession, Tensor } from 'onnxruntime-web';
import type { Runtime } from './runtime.js';
import { runtimeOver, type WebRuntimeOptions } from './webLibrary.js';

/** ONNX Runtime in a browser worker (and, for tests, WebAssembly in Node.js). */
export const webRuntime = (options?: WebRuntimeOptions): Runtime =>
  runtimeOver({ env, InferenceSession, Tensor }, options);
