/** Reads a small file of a kind and then the one that is measured, and says how far memory rose from one to the other. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { readCodes } from '../../dist/lab/codes/index.js';
import { openImageFile } from '../../dist/lab/data/imageFile.js';
import { readIdx } from '../../dist/lab/data/index.js';
import { readNpyFile } from '../../dist/lab/data/npyFile.js';
import { openAnswer, openNumbers } from '../../dist/lab/data/numbers.js';
import { readModelFile } from '../../dist/lab/models/index.js';
import { splitPart } from '../../dist/vae/data/arrays/index.js';

/** Values of a block, as an audit that streams reads them. */
const BLOCK = 2 ** 16;

const sumOf = async (numbers, part) => {
  try {
    const { rows } = await numbers.choose(part);
    let sum = 0;
    for await (const block of rows.blocks({ atOnce: Math.max(1, Math.floor(BLOCK / rows.width)) })) {
      for (const value of block) sum += value;
    }
    return sum;
  } finally {
    await numbers.close();
  }
};

const READERS = {
  rows: async (text) => {
    const { file, part } = splitPart(text);
    return sumOf(await openNumbers('/', file), part);
  },
  query: async (path) => sumOf(await openAnswer(`select * from '${path}'`, [dirname(path)], '--sql')),
  codes: async (text) => (await readCodes('/', { options: { z: text } })).train.z.length,
  idx: async (path) => (await readIdx(path)).count,
  images: async (path) => (await openImageFile(path, () => {})).train.count,
  array: async (path) => (await readNpyFile(path, path)).data.length,
  model: async (path) => (await readModelFile('/', path, '--encoder')).bytes.length,
};

/**
 * Largest resident memory and address space so far, in bytes: memory that was asked for and never touched counts in the
 * second. Linux tells of this process alone; what getrusage says there begins with what its parent took.
 */
const peaks = () => {
  const status = '/proc/self/status';
  if (!existsSync(status)) return { resident: 1024 * process.resourceUsage().maxRSS, reserved: 0 };
  const text = readFileSync(status, 'utf8');
  const bytes = (field) => 1024 * Number(new RegExp(`${field}:\\s*(\\d+)`).exec(text)[1]);
  return { resident: bytes('VmHWM'), reserved: bytes('VmPeak') };
};

const [reader, warm, path] = process.argv.slice(2);
const read = (file) => READERS[reader](file).catch((error) => `${error.name}: ${error.message}`);

await read(warm);
globalThis.gc();
const before = { resident: process.memoryUsage().rss, reserved: peaks().reserved };
const result = await read(path);
const { resident, reserved } = peaks();
const bytes = Math.max(0, resident - before.resident);
process.stdout.write(JSON.stringify({ bytes, reserved: reserved - before.reserved, result }));
