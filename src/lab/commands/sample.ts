import { basename, dirname, extname, resolve } from 'node:path';
import { didYouMean, InputError } from '../../engine/errors/index.js';
import { nodeRuntime } from '../../engine/runtime/node.js';
import { writeNpy } from '../../vae/data/arrays/index.js';
import { imageSize } from '../../vae/data/index.js';
import { auditSettings } from '../audit/index.js';
import { readNpyFile } from '../data/npyFile.js';
import { type NoiseSource, sampleGenerator } from '../repair/index.js';
import { imageGrid } from '../report/grid.js';
import { type FileSystem, systemCode } from '../runs/fileSystem.js';
import { writeFile } from '../runs/writeFile.js';
import type { Effects, Given } from './effects.js';
import { EXIT } from './exitCodes.js';
import { isSet, text } from './options.js';

const ENDINGS = ['.png', '.npy'];
const MOST = 1_000_000;
/** Images of a grid: more are an array. */
const MOST_IN_GRID = 10_000;
const SCALE = 2;
/** Of grey images and of colours. */
const GRID_CHANNELS = [1, 3];

const endingOf = (out: string): string => {
  const ending = extname(out).toLowerCase();
  if (ENDINGS.includes(ending)) return ending;
  throw new InputError(
    `--out: expected a name that ends in ${ENDINGS.join(' or ')}, got ${out}${didYouMean(ending, ENDINGS)}`,
  );
};

const countOf = (given: string | undefined, ending: string): number => {
  const most = ending === '.png' ? MOST_IN_GRID : MOST;
  const n = Number(given ?? 64);
  if (Number.isInteger(n) && n >= 1 && n <= most) return n;
  throw new InputError(`--n: expected a whole number in 1 … ${most} for ${ending}, got "${given}"`);
};

/** The file, or the nearest names beside where it should be. */
const readGenerator = async (files: FileSystem, path: string, given: string): Promise<Uint8Array> => {
  try {
    return await files.readFile(path);
  } catch (error) {
    const code = systemCode(error);
    if (code === undefined) throw error;
    const beside = await files.readdir(dirname(path)).catch(() => []);
    const inside = code === 'EISDIR' ? await files.readdir(path).catch(() => []) : [];
    const models = inside.filter((name) => name.endsWith('.onnx')).sort();
    const advice = models.length > 0 ? `; it holds ${models.join(', ')}` : didYouMean(basename(path), beside);
    throw new InputError(`sample: expected a generator.onnx that can be read, got ${given} (${code})${advice}`);
  }
};

/** The array, rounded to float32 as every model takes it. */
const readNoise = async (path: string, given: string): Promise<NoiseSource> => {
  const { data, shape } = await readNpyFile(path, `--noise ${given}`);
  const values = data instanceof Float32Array ? data : Float32Array.from(data as ArrayLike<number | bigint>, Number);
  return { name: given, data: values, shape };
};

export const run = async (given: Given, effects: Effects): Promise<number> => {
  const { files, cwd, stdout, stderr, env, cores } = effects;
  const name = given.args[0] ?? '';
  const out = text(given, 'out') ?? 'grid.png';
  const ending = endingOf(out);
  const own = text(given, 'noise');
  const excess = ['n', 'seed'].filter((option) => own !== undefined && text(given, option) !== undefined);
  if (excess.length > 0) {
    throw new InputError(`--noise: expected no --${excess.join(' or --')} beside it, for it says how many and which`);
  }
  const flags = { alpha: undefined, seed: text(given, 'seed'), threads: text(given, 'threads'), failOn: undefined };
  const { seed, threads } = auditSettings(flags, env, cores);
  const bytes = await readGenerator(files, resolve(cwd, name), name);
  const source =
    own === undefined ? { n: countOf(text(given, 'n'), ending), seed } : await readNoise(resolve(cwd, own), own);
  const sampled = await sampleGenerator(bytes, name, source, nodeRuntime({ threads }));
  const [n] = sampled.shape;
  const path = resolve(cwd, out);
  if (ending === '.npy') await writeFile(files, path, writeNpy(sampled.values, sampled.shape));
  else {
    const { channels = 1, planar = false } = sampled;
    const size = sampled.what === 'image' ? imageSize(sampled.shape[1] / channels, sampled) : undefined;
    if (!size || !GRID_CHANNELS.includes(channels)) {
      const images = size
        ? `images of ${channels} channels`
        : `images of ${sampled.shape[1]} pixels, whose width it does not say`;
      const what = sampled.what === 'z' ? 'draws of z' : images;
      throw new InputError(`--out: expected .npy for ${name}, which gives ${what}, got ${out}`);
    }
    countOf(String(n), ending);
    const columns = Math.ceil(Math.sqrt(n));
    const layout = { rows: Math.ceil(n / columns), columns, ...size, channels, planar, scale: SCALE };
    await writeFile(files, path, imageGrid(sampled.values, layout));
  }
  if (!isSet(given, 'quiet')) {
    const from = own === undefined ? `seed ${seed}` : `noise of ${own}`;
    const what = `${n} ${sampled.what === 'z' ? 'draws of z' : 'images'}, ${from}`;
    stderr.write(`${what}\n`);
  }
  stdout.write(`${path}\n`);
  return EXIT.done;
};
