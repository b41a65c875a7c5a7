import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Two threads share memory only on a page that no other site can look into. */
const isolated = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' };

export default defineConfig({
  root: here('.'),
  // Relative addresses: the same files are served by `zdist ui` and from any folder of a static site.
  base: './',
  build: { outDir: here('../dist/web'), emptyOutDir: true, target: 'es2022', modulePreload: { polyfill: false } },
  worker: { format: 'es' },
  // The build without WebGPU: its loader is in the bundle, only the .wasm file is fetched.
  resolve: { alias: [{ find: /^onnxruntime-web$/, replacement: 'onnxruntime-web/wasm' }] },
  preview: { headers: isolated },
  server: { headers: isolated },
});
