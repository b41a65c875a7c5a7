/** Shards of an audit on a real Redis, read by real workers, one of which dies. */
import { mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { auditSchema } from '../../src/lab/audit/index.js';
import { writeNpy } from '../../src/vae/data/arrays/index.js';
import { committedContent, logOf } from '../support/committed.js';
import { normals } from '../support/latentCodes.js';
import { startRedis, type TestRedis, withoutRedis } from '../support/redis.js';
import { stopAtWork } from '../support/stopAtWork.js';
import { endProcesses, startZdist, type ZdistProcess } from '../support/zdistProcess.js';

const LATENTS = 2;
const ROWS = 1_200_000;

let home: string;
let redis: TestRedis;

const zdist = (line: string): ZdistProcess =>
  startZdist(line.split(' '), {
    cwd: home,
    env: {
      ZDIST_CACHE_DIR: join(home, 'cache'),
      ZDIST_DATA_DIR: join(home, 'data'),
      ZDIST_QUEUE: redis.url,
      ZDIST_THREADS: '1',
    },
  });
const worker = (store: string): ZdistProcess => zdist(`worker --store ${store} --lock 1s`);
/** Codes are named within the data folder. */
const ask = (store: string, out: string, more = ''): ZdistProcess =>
  zdist(`audit --mu codes/mu_*.npy --sigma codes/sigma_*.npy --shards 4 --store ${store} --out ${out}${more}`);
const folderIn = async (store: string): Promise<string> => {
  const [name] = await readdir(join(home, store));
  return join(home, store, name!);
};
const idOf = async (folder: string, name: string): Promise<string> => {
  for (const id of await readdir(join(folder, 'jobs'))) {
    const job = JSON.parse(await readFile(join(folder, 'jobs', id, 'job.json'), 'utf8')) as { name: string };
    if (job.name === name) return id;
  }
  throw new Error(`expected the job ${name}, got none`);
};
const auditIn = async (out: string) => {
  const audit = auditSchema.parse(JSON.parse(await readFile(join(home, out, 'audit.json'), 'utf8')));
  const { seconds: _seconds, ...rest } = audit;
  return rest;
};

/** Equal but for the last digits of numbers: to 1e-10 of their size, and of one nat. */
const expectClose = (got: unknown, expected: unknown, path = ''): void => {
  if (typeof expected === 'number' && typeof got === 'number' && !Number.isInteger(expected)) {
    const error = Math.abs(got - expected) / Math.max(1, Math.abs(expected));
    expect(error, `${path}: ${got} against ${expected}`).toBeLessThanOrEqual(1e-10);
  } else if (typeof expected === 'object' && expected !== null) {
    expect(Object.keys(got as object), path).toEqual(Object.keys(expected));
    for (const [key, value] of Object.entries(expected)) {
      expectClose((got as Record<string, unknown>)[key], value, `${path}.${key}`);
    }
  } else expect(got, path).toEqual(expected);
};

describe.skipIf(withoutRedis)('shards of an audit on a queue', { timeout: 480_000 }, () => {
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'zdist-shards-'));
    await mkdir(join(home, 'data/codes'), { recursive: true });
    const save = (name: string, values: Float32Array): Promise<void> =>
      writeFile(join(home, 'data/codes', name), writeNpy(values, [values.length / LATENTS, LATENTS]));
    for (const part of [1, 2]) {
      const mu = normals((ROWS / 2) * LATENTS, `mu${part}`).map((v, i) => 0.9 * v + (i % LATENTS === 0 ? 0.5 : 0));
      await save(`mu_${part}.npy`, mu);
      await save(
        `sigma_${part}.npy`,
        mu.map((v) => 0.2 + 0.01 * Math.abs(v)),
      );
    }
    redis = await startRedis();
  });
  afterEach(endProcesses);

  it('give the audit of one pass when a worker is killed in the midst of one', async () => {
    const alone = zdist('audit --mu data/codes/mu_*.npy --sigma data/codes/sigma_*.npy --stream --out once');
    expect((await alone.ended).code).toBe(0);

    const victim = worker('store');
    const asked = ask('store', 'merged');
    await victim.until(/shard \d of 4: started/);
    const folder = await folderIn('store');
    const { job } = await stopAtWork(victim, folder, (name) => idOf(folder, name));
    victim.kill('SIGKILL');
    const second = worker('store');
    const { code, stdout, stderr } = await asked.ended;
    expect(`${stdout}${stderr}`).toContain('MISMATCHED');
    expect(code).toBe(0);
    expect((await logOf(folder, job)).map(({ entry }) => entry)).toEqual(['claim', 'claim', 'commit']);
    expect((await committedContent(folder)).size).toBe(4);

    const [merged, once] = [await auditIn('merged'), await auditIn('once')];
    expect(merged.codes.train.n).toBe(once.codes.train.n);
    // The paths differ, as the one was asked for from within the data folder.
    const values = ({ statistics, panels, verdict }: typeof once) => ({ statistics, panels, verdict });
    expectClose(values(merged), values(once));
    // Held-out reservoirs and what is counted on them are the same to the last bit.
    for (const name of ['holeMass', 'c2st', 'kolmogorovSmirnov'] as const) {
      expect(merged.statistics[name]).toEqual(once.statistics[name]);
    }

    const again = ask('store', 'again');
    await again.until(/4 of 4 shards have a summary already/);
    again.kill('SIGKILL');
    second.kill('SIGTERM');
    expect((await second.ended).code).toBe(143);
  });

  it('stay on the queue when the one who asked is interrupted', async () => {
    const asked = ask('later', 'none');
    await asked.until(/4 shards go to redis/);
    asked.kill('SIGTERM');
    expect(await asked.ended).toMatchObject({
      code: 143,
      stderr: expect.stringContaining('4 shards stay on the queue'),
    });
    worker('later');
    const folder = await folderIn('later');
    await ask('later', 'later-out').until(/4 shards go to redis/);
    while ((await committedContent(folder).catch(() => new Map())).size < 4) {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  });

  it('tell why one failed', async () => {
    const values = normals(4000 * LATENTS, 'bad');
    values[LATENTS * 3900 + 1] = Number.NaN;
    await writeFile(join(home, 'data/bad.npy'), writeNpy(values, [4000, LATENTS]));
    worker('bad');
    const { code, stderr } = await zdist('audit --z bad.npy --shards 2 --store bad --out bad-out').ended;
    expect(stderr).toContain('shard 2 of 2: bad.npy: expected finite numbers, got NaN at row 3900, column 1');
    expect(code).toBe(1);
  });

  it('are refused for codes beyond the data folder', async () => {
    await writeFile(join(home, 'beyond.npy'), writeNpy(normals(400 * LATENTS, 'a'), [400, LATENTS]));
    const refused = await zdist('audit --z ../beyond.npy --shards 2 --out no').ended;
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('codes: expected files within ZDIST_') });
  });
});
