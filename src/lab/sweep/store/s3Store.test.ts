import { mkdtemp, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type S3Server, startS3 } from '../../../../test/support/s3Server.js';
import { effects } from '../../../../test/support/study.js';
import { attemptEffects, echoJob } from '../../../../test/support/sweep.js';
import { main } from '../../commands/program.js';
import { attemptJob } from '../jobs/attemptJob.js';
import { readLog } from '../jobs/jobLog.js';
import { openRoot, splitPlace } from './openStore.js';

let s3: S3Server;
const job = echoJob('one');
const open = async () => {
  const root = await openRoot('s3://bucket/sweeps', '/', { AWS_ENDPOINT_URL_S3: s3.endpoint });
  return root.sweep('s');
};

beforeEach(async () => {
  s3 = await startS3();
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'id-of-a-test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret-of-a-test');
  vi.stubEnv('AWS_REGION', 'us-east-1');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await s3.close();
});

describe('s3Store', () => {
  it('creates once, replaces, and reads back', async () => {
    const store = await open();
    expect(await store.read('a.json')).toBeUndefined();
    expect(await store.create('a.json', 'one')).toBe(true);
    expect(await store.create('a.json', 'two')).toBe(false);
    await store.replace('b.json', 'three');
    await store.replace('b.json', 'four');
    expect(Buffer.from((await store.read('b.json'))!).toString()).toBe('four');
    expect([...s3.objects].map(([key, content]) => `${key} ${content}`)).toEqual([
      '/bucket/sweeps/s/a.json one',
      '/bucket/sweeps/s/b.json four',
    ]);
    await expect((async () => store.create('../x', ''))()).rejects.toThrow('expected a relative path');
  });

  it('lets one of many writers win', async () => {
    const store = await open();
    const won = await Promise.all(Array.from({ length: 10 }, (_, i) => store.create('x', `${i}`)));
    expect(won.filter(Boolean)).toHaveLength(1);
  });

  it('uploads what a job leaves, and commits it once, though answers get lost and the server is busy', async () => {
    const store = await open();
    s3.beBusy(1);
    s3.loseAnswers(1);
    const end = await attemptJob(job, attemptEffects({ store }));
    expect(end).toMatchObject({ state: 'committed', manifest: { token: 1, folder: `jobs/${job.id}/runs/1` } });
    expect((await readLog(store, job.id)).map(({ entry }) => entry)).toEqual(['claim', 'commit']);
    expect(String(s3.objects.get(`/bucket/sweeps/s/jobs/${job.id}/runs/1/echo.txt`))).toBe('one');
  });

  it('leaves no folder behind, and keeps credentials out of its errors', async () => {
    const store = await open();
    const folder = await store.openFolder('runs/1');
    await store.closeFolder(folder);
    await expect(readdir(folder)).rejects.toThrow('ENOENT');
    await s3.close();
    const error = await store.create('x', 'y').catch((caught: Error) => caught);
    expect(String(error)).toMatch(/^StorageError: cannot write s3:\/\/bucket\/sweeps\/s\/x: .*ECONNREFUSED/);
    expect(String(error)).not.toContain('secret-of-a-test');
  });

  it('holds a whole sweep', async () => {
    const cwd = await mkdtemp(join(tmpdir(), 'zdist-s3-'));
    await writeFile(join(cwd, 's.yaml'), 'grid: { latents: [2, 3] }');
    const given = effects(cwd, { env: { AWS_ENDPOINT_URL_S3: s3.endpoint } });
    expect(await main('sweep s.yaml --out s3://bucket/all/rates'.split(' '), '0.1.0', given)).toBe(0);
    expect(given.stdout.text).toContain('2 runs: 2 done');
    expect(given.stdout.text).toContain('sweep  s3://bucket/all/rates/sweep.json');
    expect(String(s3.objects.get('/bucket/all/rates/sweep.csv'))).toContain('latents=3,done');
    expect(JSON.stringify([...s3.objects.values()].map(String))).not.toContain('secret-of-a-test');
  });
});

describe('openRoot', () => {
  it.each(['s3://', 's3://bucket', 's3://Bucket/x', 's3://bucket/../x'])('refuses %s', async (place) => {
    await expect(openRoot(place, '/', {})).rejects.toThrow(/expected (s3:\/\/bucket\/prefix|a relative path)/);
  });

  it('tells the root and the name of a sweep', () => {
    expect(splitPlace('sweeps/rates/')).toEqual({ root: 'sweeps', name: 'rates' });
    expect(splitPlace('/mnt/rates')).toEqual({ root: '/mnt', name: 'rates' });
    expect(splitPlace('s3://bucket/a/b')).toEqual({ root: 's3://bucket/a', name: 'b' });
    expect(() => splitPlace('sweeps/a b')).toThrow('--out: expected a folder named by letters');
  });
});
