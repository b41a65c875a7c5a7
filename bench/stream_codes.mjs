/**
 * Codes to stream: float32 draws z [n, latents] of a VAE that fits its prior badly, written block by block.
 *
 *   node bench/stream_codes.mjs FOLDER [--n 10000000] [--latents 64] [--seed 1]
 *
 * Writes FOLDER/z.npy: 2.5 GB by default. Row i depends on seed and i alone. Every second dimension is N(0, 1); the
 * others are shifted, narrow, correlated with their neighbour, or of two bumps.
 */
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { keyedStream } from '../dist/index.js';
import { writeNpy } from '../dist/vae/data/arrays/index.js';

const ROWS = 1 << 14;

/** What becomes of a draw of N(0, 1) in dimension d. */
const bend = (draw, before, d) => {
  switch (d % 8) {
    case 1:
      return 0.2 + 0.9 * draw;
    case 3:
      return 0.5 * draw;
    case 5:
      return 0.6 * before + 0.8 * draw;
    case 7:
      return 0.8 * Math.sign(draw) + 0.6 * draw;
    default:
      return draw;
  }
};

/** The header of a .npy file of float32 [n, latents]: that of an empty one, with its number of rows put right. */
const header = (n, latents) => {
  const empty = Buffer.from(writeNpy(new Float32Array(0), [0, latents]));
  const text = empty.toString('latin1');
  const shape = `(0, ${latents}), }`;
  const padded = `(${n}, ${latents}), }`;
  const at = text.indexOf(shape);
  return Buffer.from(`${text.slice(0, at)}${padded}${text.slice(at + padded.length)}`, 'latin1');
};

export function writeCodes(folder, { n, latents, seed = 1 }) {
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, 'z.npy');
  const descriptor = openSync(file, 'w');
  const z = new Float32Array(ROWS * latents);
  writeSync(descriptor, header(n, latents));
  for (let from = 0; from < n; from += ROWS) {
    keyedStream(seed, 'bench/stream', from / ROWS).fillNormal(z);
    for (let i = 0; i < z.length; i++) z[i] = bend(z[i], i % latents === 0 ? 0 : z[i - 1], i % latents);
    const rows = Math.min(ROWS, n - from);
    const bytes = new Uint8Array(z.buffer, 0, rows * latents * 4);
    for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at);
  }
  closeSync(descriptor);
  return file;
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      n: { type: 'string', default: '10000000' },
      latents: { type: 'string', default: '64' },
      seed: { type: 'string', default: '1' },
    },
  });
  const [folder] = positionals;
  if (folder === undefined) throw new Error('stream_codes: expected a folder, got none');
  const [n, latents, seed] = ['n', 'latents', 'seed'].map((name) => Number(values[name]));
  process.stdout.write(`${writeCodes(folder, { n, latents, seed })}\n`);
}
