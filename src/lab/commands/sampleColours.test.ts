import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decode } from 'fast-png';
import { beforeAll, expect, it } from 'vitest';
import { effects } from '../../../test/support/study.js';
import { constant, input, matmul, reshape } from '../../engine/graph/index.js';
import { toBatchModel } from '../../engine/onnx/index.js';
import { writeNpy } from '../../vae/data/arrays/index.js';
import { main } from './program.js';

const [width, height] = [3, 2];
let cwd: string;

/** The value of a channel at a place of the image: no two are alike. */
const at = (channel: number, x: number, y: number): number => (channel * 6 + y * width + x) / 18;
const listed = (channels: number, planar: boolean): number[] => {
  const values = new Array<number>(channels * 6);
  for (let c = 0; c < channels; c++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        values[planar ? (c * height + y) * width + x : (y * width + x) * channels + c] = at(c, x, y);
      }
    }
  }
  return values;
};

/** noise [n, 1] -> image: the noise times the image. */
const generator = (axes: readonly number[], values: readonly number[], metadata: Record<string, string> = {}) =>
  toBatchModel(
    (n) => ({
      image: reshape(matmul(input('noise', [n, 1]), constant([...values], [1, values.length])), [n, ...axes]),
    }),
    { version: '0', metadata },
  );

const told = { 'zdist.width': '3', 'zdist.height': '2', 'zdist.channels': '3' };
const MODELS: Readonly<Record<string, Uint8Array>> = {
  'planar.onnx': generator([3, 2, 3], listed(3, true)),
  'last.onnx': generator([2, 4, 3], [...listed(3, false).slice(0, 9), 0, 0, 0, ...listed(3, false).slice(9), 0, 0, 0]),
  'grey.onnx': generator([2, 3], listed(1, true)),
  'told.onnx': generator([18], listed(3, true), { ...told, 'zdist.planar': 'true' }),
  'side.onnx': generator([18], listed(3, false), { ...told, 'zdist.planar': 'false' }),
  'five.onnx': generator([5, 2, 2], new Array(20).fill(0)),
};

const sample = async (name: string) => {
  const given = effects(cwd);
  const code = await main(`sample ${name} --noise noise.npy --out ${name}.png`.split(' '), '0.1.0', given);
  return { code, stderr: given.stderr.text };
};

beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'zdist-colours-'));
  await writeFile(join(cwd, 'noise.npy'), writeNpy(Float32Array.of(1, 0.5), [2, 1]));
  for (const [name, bytes] of Object.entries(MODELS)) await writeFile(join(cwd, name), bytes);
});

it.each([
  ['planar.onnx', 3],
  ['last.onnx', 3],
  ['told.onnx', 3],
  ['side.onnx', 3],
  ['grey.onnx', 1],
])('zdist sample draws the image of %s', async (name, channels) => {
  expect((await sample(name)).code).toBe(0);
  const png = decode(await readFile(join(cwd, `${name}.png`)));
  expect(png.channels).toBe(channels);
  // Two images side by side, each pixel four, two pixels of ground around.
  const across = name === 'last.onnx' ? 4 : width;
  const pixel = (image: number, x: number, y: number): number[] => {
    const place = (2 * (2 + y) * png.width + 2 * (2 + image * (across + 2) + x)) * channels;
    return [...png.data.slice(place, place + channels)];
  };
  for (const [image, x, y] of [
    [0, 0, 0],
    [0, 2, 0],
    [0, 1, 1],
    [1, 2, 1],
  ] as const) {
    const expected = Array.from({ length: channels }, (_, c) => Math.round(255 * at(c, x, y) * (image ? 0.5 : 1)));
    expect(pixel(image, x, y)).toEqual(expected);
  }
});

it('zdist sample has no picture of five channels', async () => {
  const { code, stderr } = await sample('five.onnx');
  expect(code).toBe(2);
  expect(stderr).toContain('--out: expected .npy for five.onnx, which gives images of 20 pixels');
});
