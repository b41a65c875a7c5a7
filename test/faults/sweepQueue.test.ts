/** Sweeps on a real Redis, with real trainings, while something breaks. Whatever it is, each run counts once, with the same bytes. */
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { committedContent, logOf } from '../support/committed.js';
import { type CutProxy, proxyTo, startRedis, type TestRedis, withoutRedis } from '../support/redis.js';
import { stopAtWork } from '../support/stopAtWork.js';
import { endProcesses, startZdist, type ZdistProcess } from '../support/zdistProcess.js';

const SWEEP = `
base: { preset: lyeoni, limit: 300, epochs: 1, hidden: [8], batch: 20 }
grid:
  regime: [joint, tandem]
  latents: [2, 3]
`;

/** Of many chunks of steps, so that there is a checkpoint long before the end. */
const LONG = 'base: { preset: lyeoni, limit: 1200, epochs: 20, hidden: [8], batch: 20 }\ngrid: { seed: [1] }\n';

let home: string;
let count = 0;
/** What a single process makes of the sweep. */
let alone: Map<string, string>;
const started: { stop(): unknown }[] = [];

const zdist = (line: string, env: NodeJS.ProcessEnv = {}): ZdistProcess =>
  startZdist(line.split(' '), { cwd: home, env: { ZDIST_CACHE_DIR: join(home, 'cache'), ...env } });
const worker = (store: string, url: string, more = ''): ZdistProcess =>
  zdist(`worker --store ${store} --lock 1s${more}`, { ZDIST_QUEUE: url });
const submit = (store: string, url: string): ZdistProcess =>
  zdist(`sweep sweep.yaml --out ${store}/s`, { ZDIST_QUEUE: url });

const redis = async (options: Parameters<typeof startRedis>[0] = {}): Promise<TestRedis> => {
  const one = await startRedis(options);
  started.push(one);
  return one;
};
const proxy = async (port: number): Promise<CutProxy> => {
  const one = await proxyTo(port);
  started.push({ stop: one.close });
  return one;
};
const newStore = (): string => `store${count++}`;

/** The id of a job, by its name in the plan. */
const idOf = async (store: string, name: string): Promise<string> => {
  const plan = await readFile(join(home, store, 's/plan.json'), 'utf8');
  return (JSON.parse(plan) as { jobs: { id: string; name: string }[] }).jobs.find((job) => job.name === name)!.id;
};

/** The sweep ends well, and its results are those of a single process, each once. */
const expectWhole = async (sweep: ZdistProcess, store: string): Promise<void> => {
  const { code, stdout, stderr } = await sweep.ended;
  expect(`${stdout}${stderr}`).toContain('4 runs: 4 done');
  expect(code).toBe(0);
  expect(await committedContent(join(home, store, 's'))).toEqual(alone);
};

describe.skipIf(withoutRedis)('a sweep on a queue', { timeout: 240_000 }, () => {
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'zdist-faults-'));
    await writeFile(join(home, 'sweep.yaml'), SWEEP);
    const { code, stderr } = await zdist('sweep sweep.yaml --workers 1 --out alone').ended;
    expect(stderr).not.toContain('zdist:');
    expect(code).toBe(0);
    alone = await committedContent(join(home, 'alone'));
    expect(alone.size).toBe(4);
  });

  afterEach(async () => {
    await endProcesses();
    await Promise.all(started.splice(0).map((each) => each.stop()));
  });

  it('survives SIGKILL of a worker', async () => {
    const [{ url }, store] = [await redis(), newStore()];
    const victim = worker(store, url);
    const sweep = submit(store, url);
    await victim.until(/started/);
    victim.kill('SIGKILL');
    const second = worker(store, url);
    await expectWhole(sweep, store);
    expect(second.output().match(/started/g)).toHaveLength(4);
  });

  it('goes on from the last checkpoint of a worker that was killed', async () => {
    await writeFile(join(home, 'long.yaml'), LONG);
    const [{ url }, store] = [await redis(), newStore()];
    const victim = worker(store, url, ' --checkpoint-every 0');
    const sweep = zdist(`sweep long.yaml --out ${store}/s`, { ZDIST_QUEUE: url });
    await victim.until(/started/);
    const [job] = await readdir(join(home, store, 's/jobs'));
    const kept = join(home, store, 's/jobs', job!, 'checkpoint');
    while (!existsSync(kept)) await new Promise((resolve) => setTimeout(resolve, 5));
    victim.kill('SIGKILL');
    const second = worker(store, url);
    const { code, stdout } = await sweep.ended;
    expect([code, stdout]).toEqual([0, expect.stringContaining('1 run: 1 done')]);
    expect(second.output()).toMatch(/seed=1: goes on from step \d+/);
    expect(existsSync(kept)).toBe(false);
    expect((await zdist('sweep long.yaml --workers 1 --out long').ended).code).toBe(0);
    expect(await committedContent(join(home, store, 's'))).toEqual(await committedContent(join(home, 'long')));
  });

  it('fences a worker that was stopped for longer than its lock', async () => {
    const [{ url }, store] = [await redis(), newStore()];
    const late = worker(store, url);
    const sweep = submit(store, url);
    const { name, job } = await stopAtWork(late, join(home, store, 's'), (each) => idOf(store, each));
    const other = worker(store, url);
    await other.until(new RegExp(`${name}: committed`));
    late.kill('SIGCONT');
    await expectWhole(sweep, store);
    await late.until(new RegExp(`${name}: committed`));
    const log = await logOf(join(home, store, 's'), job);
    // On a busy machine the other may miss its lock as well: then there are more claims, and still one commit.
    expect(log.slice(0, 2)).toMatchObject([
      { entry: 'claim', worker: expect.stringContaining(`:${late.pid}`) },
      { entry: 'claim', worker: expect.stringContaining(`:${other.pid}`) },
    ]);
    expect(log.at(-1)).toMatchObject({ entry: 'commit', token: log.length - 1 });
  });

  it('survives the loss of Redis with all that it knows', async () => {
    const [server, store] = [await redis(), newStore()];
    const one = worker(store, server.url);
    const sweep = submit(store, server.url);
    await one.until(/started/);
    await server.killAndRestart();
    await expectWhole(sweep, store);
  });

  it('survives cut connections of worker and submitter', async () => {
    const [server, store] = [await redis(), newStore()];
    const between = await proxy(server.port);
    const url = `redis://127.0.0.1:${between.port}`;
    const one = worker(store, url);
    const sweep = submit(store, url);
    for (const nth of [1, 2, 3]) {
      await one.until(new RegExp(`(started[^]*){${nth}}`));
      between.cut(nth === 2 ? 700 : 0);
    }
    await expectWhole(sweep, store);
  });

  it('goes on when the one who asked comes back, and workers leave and come', async () => {
    const [{ url }, store] = [await redis(), newStore()];
    const sweep = submit(store, url);
    await sweep.until(/(?:)/);
    const one = worker(store, url);
    await one.until(/started/);
    sweep.kill('SIGTERM');
    expect(await sweep.ended).toMatchObject({ code: 143, stderr: expect.stringContaining('stay on the queue') });
    one.kill('SIGTERM');
    expect((await one.ended).code).toBe(143);
    const again = zdist(`sweep reconcile ${store}/s`, { ZDIST_QUEUE: url });
    worker(store, url, ' --workers 2');
    await expectWhole(again, store);
  });

  it('tells a failed run, exits with 4, and keeps the password to itself', async () => {
    const [{ url }, store] = [await redis({ password: 'open/sesame' }), newStore()];
    await writeFile(join(home, 'failing.yaml'), SWEEP.replace('latents: [2, 3]', 'batch: [20, 500]'));
    const env = { ZDIST_QUEUE: url.replace('open/sesame', 'open%2Fsesame') };
    const one = zdist(`worker --store ${store}`, env);
    const { code, stdout, stderr } = await zdist(`sweep failing.yaml --out ${store}/s`, env).ended;
    expect(stdout).toContain('4 runs: 2 done, 2 failed');
    expect(stderr).toMatch(/zdist: regime=joint,batch=500: train: expected at least one batch of 500 images/);
    expect(code).toBe(4);
    expect((await zdist(`worker --store ${store} --drain`, env).ended).code).toBe(0);
    const files = (await readdir(join(home, store), { recursive: true, withFileTypes: true })).filter((each) =>
      each.isFile(),
    );
    const written = await Promise.all(files.map((file) => readFile(join(file.parentPath, file.name), 'latin1')));
    expect([...written, one.output(), stdout, stderr].join('')).not.toMatch(/sesame/);
  });
});
