import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InputError } from '../../engine/errors/index.js';
import { glyphs, STROKE_MODEL_VERSION } from '../../vae/data/index.js';
import { sha256 } from './digest.js';
import { IDX_NAMES, type IdxName } from './idxFolder.js';
import { defaultCacheDir, openDataset, writeIdx } from './index.js';
import { type Checksums, openMnist } from './mnist.js';

let root = '';
let log: string[] = [];
const note = (line: string): void => void log.push(line);
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'zdist-data-'));
  log = [];
});
afterEach(() => rm(root, { recursive: true }));

const places = () => ({ dataDir: join(root, 'data'), cacheDir: join(root, 'cache'), log: note });
const noFetch: typeof fetch = () => Promise.reject(new Error('this test must not fetch'));
const path = (name: IdxName): string => join(root, 'data', 'mnist', `${name}.gz`);

/** Four small files in <root>/data/mnist: 6 + 4 images of 2 × 3. */
const makeFiles = async (train = 6, trainLabels = train): Promise<void> => {
  await mkdir(join(root, 'data', 'mnist'), { recursive: true });
  const images = (count: number, height = 2) =>
    ({ kind: 'images', count, height, width: 3, bytes: new Uint8Array(count * height * 3).fill(count) }) as const;
  const labels = (count: number) => ({ kind: 'labels', count, bytes: new Uint8Array(count).fill(1) }) as const;
  await writeIdx(path('train-images-idx3-ubyte'), images(train));
  await writeIdx(path('train-labels-idx1-ubyte'), labels(trainLabels));
  await writeIdx(path('t10k-images-idx3-ubyte'), images(4));
  await writeIdx(path('t10k-labels-idx1-ubyte'), labels(4));
};

/** What openDataset says against the files in <root>/data/mnist. */
const refusal = async (): Promise<string> => {
  const error: unknown = await openDataset('mnist', { ...places(), fetch: noFetch }).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(InputError);
  return (error as Error).message;
};

describe('mnist in the data folder', () => {
  it('is read, with a warning for each file that is not the official one', async () => {
    await makeFiles();
    const data = await openDataset('mnist', { ...places(), fetch: noFetch });
    expect(data).toMatchObject({ name: 'mnist', source: join(root, 'data', 'mnist') });
    expect(data.train).toMatchObject({ count: 6, height: 2, width: 3 });
    expect(data.test.labels).toEqual(new Uint8Array(4).fill(1));
    expect(data.sha256).toBe(sha256(new Uint8Array(36).fill(6), new Uint8Array(24).fill(4)));
    expect(log).toHaveLength(4);
    expect(log[0]).toMatch(/^warning: .*train-images-idx3-ubyte\.gz: expected the content of the official file/);
  });

  it('may lie there unpacked', async () => {
    await makeFiles();
    await rm(path('t10k-labels-idx1-ubyte'));
    const plain = join(root, 'data', 'mnist', 't10k-labels-idx1-ubyte');
    await writeIdx(plain, { kind: 'labels', count: 4, bytes: Uint8Array.of(1, 2, 3, 4) });
    const data = await openDataset('mnist', { ...places(), fetch: noFetch });
    expect(data.test.labels).toEqual(Uint8Array.of(1, 2, 3, 4));
  });

  it('with other labels than images names both files', async () => {
    await makeFiles(6, 5);
    expect(await refusal()).toBe(
      `${path('train-labels-idx1-ubyte')}: expected 6 labels, one for each image of ${path('train-images-idx3-ubyte')}, got 5`,
    );
  });

  it('with files that changed places names them', async () => {
    await makeFiles();
    await writeIdx(path('train-images-idx3-ubyte'), { kind: 'labels', count: 6, bytes: new Uint8Array(6) });
    expect(await refusal()).toBe(`${path('train-images-idx3-ubyte')}: expected images (0x00000803), got labels`);
    await makeFiles();
    await writeIdx(path('t10k-labels-idx1-ubyte'), {
      kind: 'images',
      count: 4,
      height: 1,
      width: 1,
      bytes: new Uint8Array(4),
    });
    expect(await refusal()).toBe(`${path('t10k-labels-idx1-ubyte')}: expected labels (0x00000801), got images`);
  });

  it('with test images of another size names both files', async () => {
    await makeFiles();
    await writeIdx(path('t10k-images-idx3-ubyte'), {
      kind: 'images',
      count: 4,
      height: 5,
      width: 3,
      bytes: new Uint8Array(60),
    });
    expect(await refusal()).toBe(
      `${path('t10k-images-idx3-ubyte')}: expected images of 2 × 3 as in ${path('train-images-idx3-ubyte')}, got 5 × 3`,
    );
  });

  it('with a damaged file names it', async () => {
    await makeFiles();
    const packed = await readFile(path('t10k-images-idx3-ubyte'));
    await writeFile(path('t10k-images-idx3-ubyte'), packed.subarray(0, 20));
    expect(await refusal()).toContain(`${path('t10k-images-idx3-ubyte')}: expected whole gzip data`);
  });
});

describe.runIf(process.env.ZDIST_DATA_DIR)('mnist of ZDIST_DATA_DIR', () => {
  it('is the official one', async () => {
    const data = await openDataset('mnist', { ...places(), dataDir: process.env.ZDIST_DATA_DIR, fetch: noFetch });
    expect(log).toEqual([]);
    expect(data).toMatchObject({ train: { count: 60_000, height: 28, width: 28 }, test: { count: 10_000 } });
    expect(data.sha256).toBe('5b92582eb909c82a9bfefcd44acbe9233be3eb5b419a44cf211022ad2bf4bf96');
  });
});

describe('mnist from the mirrors', () => {
  /** Serves what makeFiles wrote, from the mirrors named; asks are recorded. */
  const mirrors = async (only = '') => {
    await makeFiles();
    const files = new Map<string, Buffer>();
    const checksums: Partial<Record<IdxName, string>> = {};
    for (const name of IDX_NAMES) {
      files.set(`${name}.gz`, await readFile(path(name)));
      checksums[name] = sha256(gunzipSync(await readFile(path(name))));
    }
    const asked: string[] = [];
    const served = (async (url: string) => {
      asked.push(url);
      const bytes = files.get(url.split('/').at(-1) ?? '');
      return url.includes(only) ? new Response(new Uint8Array(bytes!)) : new Response('gone', { status: 404 });
    }) as typeof fetch;
    return { files, asked, checksums: checksums as Checksums, fetch: served };
  };
  const cacheOnly = () => ({ dataDir: undefined, cacheDir: join(root, 'cache'), log: note });

  it('is fetched once, then found in the cache folder', async () => {
    const { checksums, fetch, asked } = await mirrors();
    const data = await openMnist({ ...cacheOnly(), fetch }, checksums);
    expect(data).toMatchObject({ source: join(root, 'cache', 'mnist'), train: { count: 6 }, test: { count: 4 } });
    expect(asked).toEqual(IDX_NAMES.map((name) => `https://ossci-datasets.s3.amazonaws.com/mnist/${name}.gz`));
    expect((await readdir(join(root, 'cache', 'mnist'))).sort()).toEqual(IDX_NAMES.map((name) => `${name}.gz`).sort());
    const again = await openMnist({ ...cacheOnly(), fetch: noFetch }, checksums);
    expect(again.train.pixels).toEqual(data.train.pixels);
  });

  it('comes from the second mirror where the first has lost it', async () => {
    const { checksums, fetch, asked } = await mirrors('storage.googleapis.com');
    await openMnist({ ...cacheOnly(), fetch }, checksums);
    expect(asked).toHaveLength(8);
  });

  it('fetches again what is damaged in the cache folder, and nothing else', async () => {
    const { checksums, fetch, asked } = await mirrors();
    await openMnist({ ...cacheOnly(), fetch }, checksums);
    const kept = join(root, 'cache', 'mnist', 'train-labels-idx1-ubyte.gz');
    await writeFile(kept, gzipSync('something else'));
    await openMnist({ ...cacheOnly(), fetch }, checksums);
    expect(log).toContain(`mnist: ${kept} is damaged and will be fetched again`);
    expect(asked.slice(4)).toEqual(['https://ossci-datasets.s3.amazonaws.com/mnist/train-labels-idx1-ubyte.gz']);
  });

  it('is used even if it cannot be kept', async () => {
    const { checksums, fetch } = await mirrors();
    await writeFile(join(root, 'cache'), 'a file where the folder should be');
    const data = await openMnist({ ...cacheOnly(), fetch }, checksums);
    expect(data.train.count).toBe(6);
    expect(log.filter((line) => line.includes('could not be kept'))).toHaveLength(4);
  });

  it('is refused with another checksum, and nothing of it is kept', async () => {
    const { checksums, fetch, files } = await mirrors();
    files.set('train-images-idx3-ubyte.gz', gzipSync('an advertisement'));
    const opened = openMnist({ ...cacheOnly(), fetch }, checksums);
    await expect(opened).rejects.toThrow(
      `https://storage.googleapis.com/cvdf-datasets/mnist/train-images-idx3-ubyte.gz: expected content of SHA-256 ` +
        `${checksums['train-images-idx3-ubyte']}, got ${sha256(Buffer.from('an advertisement'))}`,
    );
    await expect(readdir(join(root, 'cache'))).rejects.toThrow('ENOENT');
  });

  it('is refused where a mirror answers with a page', async () => {
    const page = (async () => new Response('<html>log in to this network</html>')) as typeof fetch;
    await expect(openDataset('mnist', { ...cacheOnly(), fetch: page })).rejects.toThrow(
      'train-images-idx3-ubyte.gz: expected gzip (a file that begins with 1f 8b), got 3c 68',
    );
  });
});

describe('mnist that is not to be had', () => {
  const down = (() =>
    Promise.reject(new TypeError('fetch failed', { cause: new Error('getaddrinfo ENOTFOUND') }))) as typeof fetch;

  it('says what to put where', async () => {
    const opened = openDataset('mnist', { ...places(), fetch: down });
    await expect(opened).rejects.toBeInstanceOf(InputError);
    await expect(opened).rejects.toThrow(
      [
        `mnist: expected the four files of MNIST in ${join(root, 'data', 'mnist')} or ${join(root, 'cache', 'mnist')} or from a mirror, got`,
        '  https://ossci-datasets.s3.amazonaws.com/mnist/train-images-idx3-ubyte.gz: fetch failed (getaddrinfo ENOTFOUND)',
        '  https://storage.googleapis.com/cvdf-datasets/mnist/train-images-idx3-ubyte.gz: fetch failed (getaddrinfo ENOTFOUND)',
        'To go on, do one of these:',
        '  - put train-images-idx3-ubyte.gz, train-labels-idx1-ubyte.gz, t10k-images-idx3-ubyte.gz, t10k-labels-idx1-ubyte.gz',
        `    into ${join(root, 'data', 'mnist')} (ZDIST_DATA_DIR names the folder that holds it)`,
        '  - take the embedded digits: --data glyphs',
      ].join('\n'),
    );
  });

  it('names ZDIST_DATA_DIR where there is no data folder', async () => {
    const options = {
      ...places(),
      dataDir: undefined,
      fetch: (async () => new Response('', { status: 404 })) as typeof fetch,
    };
    const opened = openDataset('mnist', options);
    await expect(opened).rejects.toThrow('set ZDIST_DATA_DIR to the folder that holds it');
    await expect(opened).rejects.toThrow('train-images-idx3-ubyte.gz: expected HTTP 200, got 404');
  });

  it('says which files of a folder are missing', async () => {
    await makeFiles();
    await rm(path('t10k-images-idx3-ubyte'));
    await expect(openDataset('mnist', { ...places(), fetch: down })).rejects.toThrow(InputError);
    expect(log[0]).toBe(`mnist: ${join(root, 'data', 'mnist')} lacks t10k-images-idx3-ubyte`);
  });
});

describe('glyphs', () => {
  const options = () => ({ ...places(), fetch: noFetch, seed: 3, counts: { train: 40, test: 20 } });
  const name = `glyphs-v${STROKE_MODEL_VERSION}-seed3-40-20`;
  const folder = () => join(root, 'cache', name);

  it('are drawn once, then read from the cache folder', async () => {
    const drawn = await openDataset('glyphs', options());
    expect(drawn).toMatchObject({ ...glyphs(3, { train: 40, test: 20 }), source: 'drawn from seed 3' });
    expect(log).toEqual(['glyphs: drawing 60 digits']);
    expect(await openDataset('glyphs', options())).toEqual(drawn);
    expect(log).toHaveLength(1);
    expect(await readdir(join(root, 'cache'))).toEqual([name]);
    expect((await openDataset(folder(), options())).sha256).toBe(drawn.sha256);
  });

  it.each(['train-images-idx3-ubyte', 'train-labels-idx1-ubyte', 'sha256.json'])(
    'are drawn again where %s of the cache is damaged',
    async (name) => {
      const drawn = await openDataset('glyphs', options());
      const bytes = await readFile(join(folder(), name));
      bytes[20]! ^= 1;
      await writeFile(join(folder(), name), bytes);
      expect(await openDataset('glyphs', options())).toEqual(drawn);
      expect(log.at(-2)).toContain('is damaged and will be drawn again');
      expect(await openDataset('glyphs', options())).toEqual(drawn);
      expect(log).toHaveLength(3);
    },
  );

  it('are drawn again where a file of the cache is truncated, too long, or gone', async () => {
    const drawn = await openDataset('glyphs', options());
    await appendFile(join(folder(), 't10k-images-idx3-ubyte'), 'x');
    expect(await openDataset('glyphs', options())).toEqual(drawn);
    await writeFile(join(folder(), 't10k-images-idx3-ubyte'), '');
    expect(await openDataset('glyphs', options())).toEqual(drawn);
    await rm(join(folder(), 'train-labels-idx1-ubyte'));
    expect(await openDataset('glyphs', options())).toEqual(drawn);
  });

  it('do without a cache that cannot be written', async () => {
    await writeFile(join(root, 'cache'), 'a file where the folder should be');
    const drawn = await openDataset('glyphs', options());
    expect(drawn.train.count).toBe(40);
    expect(log[1]).toMatch(/^glyphs: not kept in .*\(.+\)$/);
  });
});

describe('other names', () => {
  it('suggest the nearest', async () => {
    await expect(openDataset('mnits', places())).rejects.toThrow(
      'data set: expected glyphs, mnist, a folder of IDX files or a file of images, got "mnits" (did you mean "mnist"?)',
    );
    await expect(openDataset('./nowhere', places())).rejects.toThrow(InputError);
  });

  it('may be a folder of IDX files', async () => {
    await makeFiles();
    const folder = join(root, 'data', 'mnist');
    const data = await openDataset(folder, places());
    expect(data).toMatchObject({ name: folder, source: folder, train: { count: 6 } });
    expect(log).toEqual([]);
  });

  it('must be a folder that holds all four files', async () => {
    await makeFiles();
    const folder = join(root, 'data', 'mnist');
    await rm(path('train-labels-idx1-ubyte'));
    await expect(openDataset(folder, places())).rejects.toThrow(
      `${folder}: expected the four IDX files under MNIST's names, got no train-labels-idx1-ubyte`,
    );
  });
});

describe('the cache folder', () => {
  it('follows XDG_CACHE_HOME unless that is relative', () => {
    expect(defaultCacheDir({ XDG_CACHE_HOME: '/var/cache' })).toBe(join('/var/cache', 'zdist'));
    expect(defaultCacheDir({ XDG_CACHE_HOME: 'cache' })).toBe(join(homedir(), '.cache', 'zdist'));
    expect(defaultCacheDir({})).toBe(join(homedir(), '.cache', 'zdist'));
  });
});
