/** A whole sweep with its results in a bucket: two workers, real trainings, and answers of the bucket that get lost. */
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { SweepResult } from '../../src/lab/sweep/result.js';
import { committedContent } from '../support/committed.js';
import { startRedis, withoutRedis } from '../support/redis.js';
import { type S3Server, startS3 } from '../support/s3Server.js';
import { endProcesses, startZdist, type ZdistProcess } from '../support/zdistProcess.js';

const SWEEP = `
base: { preset: lyeoni, limit: 300, epochs: 1, hidden: [8], batch: 20 }
grid: { regime: [joint, tandem], latents: [2, 3] }
`;
const SECRET = 'not-to-be-told';

let home: string;
const started: { stop(): unknown }[] = [];

const zdist = (line: string, env: NodeJS.ProcessEnv = {}): ZdistProcess =>
  startZdist(line.split(' '), { cwd: home, env: { ZDIST_CACHE_DIR: join(home, 'cache'), ...env } });

const envOf = (queue: string, { endpoint }: S3Server): NodeJS.ProcessEnv => ({
  ZDIST_QUEUE: queue,
  AWS_ENDPOINT_URL_S3: endpoint,
  AWS_ACCESS_KEY_ID: 'somebody',
  AWS_SECRET_ACCESS_KEY: SECRET,
  AWS_REGION: 'us-east-1',
});

/** The objects below a prefix of the bucket, as the files of a folder. */
const download = async ({ objects }: S3Server, prefix: string, folder: string): Promise<void> => {
  for (const [key, content] of objects) {
    if (!key.startsWith(prefix)) continue;
    const path = join(folder, key.slice(prefix.length));
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  }
};

/** Of many chunks of steps, so that there is a checkpoint long before the end. */
const LONG = 'base: { preset: lyeoni, limit: 1200, epochs: 20, hidden: [8], batch: 20 }\ngrid: { seed: [1] }\n';

describe.skipIf(withoutRedis)('a sweep with its results in a bucket', { timeout: 240_000 }, () => {
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'zdist-s3-'));
    await writeFile(join(home, 'sweep.yaml'), SWEEP);
  });
  afterEach(async () => {
    await endProcesses();
    await Promise.all(started.splice(0).map((each) => each.stop()));
  });

  it('ends with the bytes of a single process', async () => {
    const alone = zdist('sweep sweep.yaml --workers 1 --out alone');
    const [redis, s3] = [await startRedis(), await startS3()];
    started.push(redis, { stop: () => s3.close() });
    const env = envOf(redis.url, s3);
    expect((await alone.ended).code).toBe(0);

    const workers = [1, 2].map(() => zdist('worker --store s3://results/lab', env));
    const sweep = zdist('sweep sweep.yaml --out s3://results/lab/rates', env);
    await Promise.race(workers.map((each) => each.until(/started/)));
    s3.loseAnswers(2);
    s3.beBusy(2);
    const { code, stdout, stderr } = await sweep.ended;
    expect(stderr).not.toContain('zdist:');
    expect(stdout).toContain('4 runs: 4 done');
    expect(code).toBe(0);

    await download(s3, '/results/lab/rates/', join(home, 'downloaded'));
    expect(await committedContent(join(home, 'downloaded'))).toEqual(await committedContent(join(home, 'alone')));
    const result = JSON.parse(s3.objects.get('/results/lab/rates/sweep.json')!.toString()) as SweepResult;
    expect(result.rows.map(({ state, final }) => [state, final!.elbo.n])).toEqual(Array(4).fill(['done', 50]));
    const said = [...s3.objects.values(), ...workers.map((each) => each.output()), stdout, stderr].join('\n');
    expect(said).not.toContain(SECRET);
    // Each worker ends when there is nothing more to do, and none is needed to read the results again.
    for (const each of workers) each.kill('SIGTERM');
    expect(await Promise.all(workers.map(async (each) => (await each.ended).code))).toEqual([143, 143]);
    expect((await zdist('sweep reconcile s3://results/lab/rates', env).ended).stdout).toContain('4 runs: 4 done');
  });

  it('goes on from a checkpoint in the bucket when a worker is killed', async () => {
    await writeFile(join(home, 'long.yaml'), LONG);
    const [redis, s3] = [await startRedis(), await startS3()];
    started.push(redis, { stop: () => s3.close() });
    const env = envOf(redis.url, s3);
    const kept = (): boolean => [...s3.objects.keys()].some((key) => key.endsWith('/checkpoint'));
    const victim = zdist('worker --store s3://results/lab --lock 1s --checkpoint-every 0', env);
    const sweep = zdist('sweep long.yaml --out s3://results/lab/long', env);
    while (!kept()) await new Promise((resolve) => setTimeout(resolve, 5));
    victim.kill('SIGKILL');
    const second = zdist('worker --store s3://results/lab --lock 1s', env);
    expect((await sweep.ended).code).toBe(0);
    expect(second.output()).toMatch(/seed=1: goes on from step \d+/);
    expect(kept()).toBe(false);
    await download(s3, '/results/lab/long/', join(home, 'long-downloaded'));
    expect((await zdist('sweep long.yaml --workers 1 --out long').ended).code).toBe(0);
    expect(await committedContent(join(home, 'long-downloaded'))).toEqual(await committedContent(join(home, 'long')));
  });
});
