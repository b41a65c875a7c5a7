import { createHash } from 'node:crypto';
import files, { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { childHere, runConfig, runEffects } from '../../../../test/support/study.js';
import type { RunJob } from '../job.js';
import { processesHere } from '../lock/writers.js';
import { runJob } from '../runJob.js';
import { superviseRun } from '../superviseRun.js';
import { readRunMetrics } from './curve.js';
import { listRuns } from './listRuns.js';
import { readRecord } from './record.js';

const FIXTURES = fileURLToPath(new URL('../../../../test/fixtures/runs', import.meta.url));
const newFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'zdist-reading-'));
const ignore = (): void => undefined;
const listener = { onProgress: ignore, onEvaluation: ignore, onNote: ignore, stopReason: () => undefined };

const made = async (root: string, name: string, seed = 1): Promise<RunJob> => {
  const job = { name, folder: join(root, name), config: { ...runConfig, seed } };
  await runJob(job, runEffects(), listener);
  return job;
};

/** Path, size, time and content of everything in a folder. */
const snapshot = async (folder: string): Promise<string[]> =>
  Promise.all(
    (await readdir(folder, { recursive: true })).sort().map(async (name) => {
      const { size, mtimeMs, isDirectory } = await stat(join(folder, name)).then((s) => ({
        ...s,
        isDirectory: s.isDirectory(),
      }));
      const hash = isDirectory
        ? ''
        : createHash('sha256')
            .update(await readFile(join(folder, name)))
            .digest('hex');
      return `${name} ${isDirectory ? '' : size} ${mtimeMs} ${hash}`;
    }),
  );

const listing = async () => ({ files, now: Date.now, processes: processesHere(), cacheDir: await newFolder() });

describe('a run folder of schema 1', () => {
  it('opens with its result and its curve', async () => {
    const folder = join(FIXTURES, 'schema1-done');
    const record = await readRecord(files, folder);
    expect(record).toMatchObject({
      schema: 1,
      state: 'done',
      config: { regime: 'joint', preset: 'lyeoni', latents: 2 },
    });
    expect(record.config.optimizer).toMatchObject({ name: 'adam' });
    const { curve } = await readRunMetrics(files, folder);
    expect(curve.at(-1)).toMatchObject({ step: record.steps });
    expect(curve.at(-1)!.elbo).toEqual({ ...record.final!.elbo, seed: undefined });
  });

  it('that says it is running has no writer that could be', async () => {
    const { runs, problems } = await listRuns(FIXTURES, await listing());
    expect(problems).toEqual([]);
    expect(runs.map(({ state, schema, config }) => [state, schema, config.seed])).toEqual([
      ['done', 1, 1],
      ['crashed', 1, 2],
    ]);
  });
});

describe('run.json', () => {
  it.each([
    ['{"schema":3}', /run\.json: expected schema 1 … 2, got 3: a later version of zdist wrote it$/],
    ['{"schema":', /run\.json: expected JSON, got /],
    ['null', /run\.json: content: /],
    ['{"schema":2,"name":"a","state":"asleep"}', /run\.json: state: /],
    ['{"schema":2,"name":"a","state":"done","config":{"regime":"joint"}}', /run\.json: kl: /],
  ])('is refused where it holds %s', async (content, message) => {
    const folder = await newFolder();
    await writeFile(join(folder, 'run.json'), content);
    await expect(readRecord(files, folder)).rejects.toThrow(message);
  });

  it('states n, seed, sampling and interval of every result, and what it was made from', async () => {
    const { folder } = await made(await newFolder(), 'joint');
    const record = JSON.parse(await readFile(join(folder, 'run.json'), 'utf8')) as Record<string, unknown>;
    let results = 0;
    const visit = (value: unknown): void => {
      if (value === null || typeof value !== 'object') return;
      if ('value' in value) {
        results++;
        expect(value).toMatchObject({ n: expect.any(Number), seed: expect.any(Number), sampling: expect.any(String) });
        expect(value).toMatchObject({ interval: [expect.any(Number), expect.any(Number)] });
      } else for (const inner of Object.values(value)) visit(inner);
    };
    visit(record);
    expect(results).toBe(9);
    expect(record.final).toMatchObject({
      rate: { value: 19.4, interval: [19.4 - 0.196, 19.596].map((x) => expect.closeTo(x, 3)) },
    });
    expect(record.codes).toMatchObject({ n: 20, seed: 1, sampling: expect.any(String) });
    expect(record.inputs).toEqual({ config: expect.stringMatching(/^[0-9a-f]{64}$/), data: '00'.repeat(32) });
  });
});

describe('a list of runs', () => {
  it('has the runs of a folder and of the studies in it, by name', async () => {
    const root = await newFolder();
    await made(root, 'b', 2);
    await made(root, 'a');
    await made(join(root, 'study/runs'), 'joint', 3);
    await mkdir(join(root, 'other'));
    await writeFile(join(root, 'notes.txt'), 'no run');
    const effects = await listing();
    const { runs } = await listRuns(root, effects);
    expect(runs.map((run) => [run.folder.slice(root.length + 1), run.config.seed])).toEqual([
      ['a', 1],
      ['b', 2],
      ['study/runs/joint', 3],
    ]);
    expect((await listRuns(join(root, 'study'), effects)).runs).toHaveLength(1);
    expect((await listRuns(join(root, 'a'), effects)).runs).toHaveLength(1);
    await expect(listRuns(join(root, 'none'), effects)).rejects.toThrow('expected a folder of runs, got none');
  });

  it('is the same without its index, with one that is damaged, and where none can be written', async () => {
    const root = await newFolder();
    await made(root, 'a');
    const effects = await listing();
    const first = await listRuns(root, effects);
    const [index] = await readdir(join(effects.cacheDir, 'runs'));
    const path = join(effects.cacheDir, 'runs', index!);
    for (const damage of [
      () => writeFile(path, '{"version":1,'),
      () => rm(path),
      () => writeFile(path, '{"version":0}'),
    ]) {
      await damage();
      expect(await listRuns(root, effects)).toEqual(first);
    }
    expect(await listRuns(root, { ...effects, cacheDir: '/dev/null/cache' })).toEqual(first);
  });

  it('reads again only what has changed', async () => {
    const root = await newFolder();
    const job = await made(root, 'a');
    const effects = await listing();
    let read = 0;
    const counting: typeof files = {
      ...files,
      readFile: ((path: string, ...rest: []) => {
        if (path.endsWith('run.json')) read++;
        return files.readFile(path, ...rest);
      }) as typeof files.readFile,
    };
    await listRuns(root, { ...effects, files: counting });
    await listRuns(root, { ...effects, files: counting });
    expect(read).toBe(1);
    const path = join(job.folder, 'run.json');
    await writeFile(path, (await readFile(path, 'utf8')).replace('"seed": 1', '"seed": 5'));
    await utimes(path, 1, 1);
    expect((await listRuns(root, { ...effects, files: counting })).runs).toHaveLength(1);
    expect(read).toBe(2);
  });

  it('names what cannot be read, and lists the rest', async () => {
    const root = await newFolder();
    await made(root, 'a');
    await mkdir(join(root, 'broken'));
    await writeFile(join(root, 'broken/run.json'), '{');
    const { runs, problems } = await listRuns(root, await listing());
    expect(runs).toHaveLength(1);
    expect(problems).toEqual([expect.stringContaining('broken/run.json: expected JSON')]);
  });
});

describe('readers', () => {
  it('change nothing in a run, and need not be allowed to', async () => {
    const root = await newFolder();
    const { folder } = await made(root, 'a');
    await cp(join(FIXTURES, 'schema1-done'), join(root, 'old'), { recursive: true });
    await chmod(folder, 0o555);
    const before = await snapshot(root);
    await listRuns(root, await listing());
    await readRecord(files, folder);
    await readRunMetrics(files, folder);
    expect(await snapshot(root)).toEqual(before);
    await chmod(folder, 0o755);
  });

  it('see a run that is written as it grows, and the writer never notices', async () => {
    const root = await newFolder();
    const job: RunJob = { name: 'a', folder: join(root, 'a'), config: runConfig, checkpointSeconds: 0 };
    const effects = await listing();
    const lengths: number[] = [];
    const states = new Set<string>();
    const child = childHere(runEffects())();
    let looking: Promise<unknown> = Promise.resolve();
    const run = superviseRun(job, child, { files, now: Date.now }, () => {
      looking = looking.then(async () => {
        lengths.push((await readRunMetrics(files, job.folder)).curve.length);
        for (const { state } of (await listRuns(root, effects)).runs) states.add(state);
      });
    });
    const { result } = await run.outcome;
    await looking;
    expect(result).toMatchObject({ state: 'done', curve: { length: 4 } });
    expect(lengths).toEqual([...lengths].sort((a, b) => a - b));
    expect([...states].every((state) => ['running', 'done'].includes(state))).toBe(true);
  });
});
