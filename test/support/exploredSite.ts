/** The lab with a few runs beside it, as files: what the latent explorer reads. */
import { cp, mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nodeRuntime } from '../../src/engine/runtime/node.js';
import type { RunDetail, RunRow, RunsAnswer } from '../../src/lab/server/contract.js';
import { writeNpy } from '../../src/vae/data/arrays/index.js';
import { glyphs } from '../../src/vae/data/index.js';
import { type TrainConfig, train } from '../../src/vae/training/index.js';

const SITE = fileURLToPath(new URL('../../dist/web/', import.meta.url));

/** Codes of a run: mu and sigma side by side. Shapes: mu, sigma [n, D] -> [n, 2, D] as .npy */
export const codesNpy = (mu: Float32Array, sigma: Float32Array, latents: number): Uint8Array => {
  const n = mu.length / latents;
  const out = new Float32Array(2 * mu.length);
  for (let i = 0; i < n; i++) {
    out.set(mu.subarray(i * latents, (i + 1) * latents), 2 * i * latents);
    out.set(sigma.subarray(i * latents, (i + 1) * latents), (2 * i + 1) * latents);
  }
  return writeNpy(out, [n, 2, latents]);
};

export interface ExploredRun {
  readonly key: string;
  readonly name: string;
  readonly latents: number;
  /** By path below the run: `codes.npy`, `labels.npy`, `files/models/decoder.onnx`. */
  readonly files: Readonly<Record<string, Uint8Array>>;
}

/** A small model of glyphs, trained here. */
export const trainedRun = async (key: string, latents: number, epochs: number): Promise<ExploredRun> => {
  const config: TrainConfig = {
    ...{ preset: 'small', seed: 1, epochs, batch: 128, hidden: [128], latents },
    regime: 'joint',
    kl: 'analytic',
    scale: 'softplus',
    binarisation: 'threshold',
    optimizer: { name: 'adam', lr: 2e-3, beta1: 0.9, beta2: 0.999, eps: 1e-8 },
  };
  const data = glyphs(1, { train: 2000, test: 1000 });
  const model = await train(config, data, nodeRuntime());
  const { mu, sigma } = await model.encode(Float32Array.from(data.test.pixels, (byte) => (byte > 127 ? 1 : 0)));
  return {
    key,
    name: `glyphs in ${latents} latents`,
    latents,
    files: {
      'codes.npy': codesNpy(mu, sigma, latents),
      'labels.npy': writeNpy(Uint8Array.from(data.test.labels!), [1000]),
      'files/models/decoder.onnx': model.decoderOnnx(),
    },
  };
};

const rowOf = ({ key, name, latents }: ExploredRun): RunRow => ({
  ...{ key, name, latents, folder: `runs/${key}`, state: 'done', started: '2026-01-01T00:00:00Z', steps: 100 },
  ...{ seconds: 1, regime: 'joint', kl: 'analytic', preset: 'small', data: 'glyphs', beta: 1, seed: 1, epochs: 1 },
  ...{ batch: 128, group: key, sparkline: [] },
});

/** A folder that a static server serves. */
export const exploredSite = async (runs: readonly ExploredRun[]): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'zdist-explored-'));
  await cp(SITE, folder, { recursive: true });
  const write = async (path: string, content: Uint8Array | string): Promise<void> => {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  };
  const answer: RunsAnswer = { revision: 0, runs: runs.map(rowOf), studies: [], problems: [] };
  await write('api/runs.json', JSON.stringify(answer));
  for (const run of runs) {
    const files = Object.entries(run.files).flatMap(([path, { length }]) =>
      path.startsWith('files/') ? [{ path: path.slice('files/'.length), bytes: length }] : [],
    );
    const detail: RunDetail = { ...rowOf(run), record: {}, files };
    await write(`api/runs/${run.key}/run.json`, JSON.stringify(detail));
    for (const [path, bytes] of Object.entries(run.files)) await write(`api/runs/${run.key}/${path}`, bytes);
  }
  return folder;
};
