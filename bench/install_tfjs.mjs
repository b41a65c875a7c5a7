/**
 * Installs TensorFlow.js and its wasm backend (about 300 MB) into bench/.tfjs, which git ignores.
 * Only the training bench uses it, and only if it is there: node bench/install_tfjs.mjs
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const VERSION = '4.22.0';
const folder = fileURLToPath(new URL('.tfjs/', import.meta.url));
const manifest = {
  private: true,
  dependencies: { '@tensorflow/tfjs': VERSION, '@tensorflow/tfjs-backend-wasm': VERSION },
};

mkdirSync(folder, { recursive: true });
writeFileSync(`${folder}package.json`, `${JSON.stringify(manifest, null, 2)}\n`);
const { status } = spawnSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund'], {
  cwd: folder,
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
