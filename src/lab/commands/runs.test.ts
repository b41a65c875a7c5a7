import files, { cp, mkdir, mkdtemp, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { effects, fakeModel, runConfig, runEffects } from '../../../test/support/study.js';
import { encodeCodes } from '../runs/codesFile.js';
import { takeRun } from '../runs/lock/lock.js';
import { processesHere } from '../runs/lock/writers.js';
import { runJob } from '../runs/runJob.js';
import { main } from './program.js';

const FIXTURES = fileURLToPath(new URL('../../../test/fixtures/runs', import.meta.url));
const ignore = (): void => undefined;
const listener = { onProgress: ignore, onEvaluation: ignore, onNote: ignore, stopReason: () => undefined };

/** A folder with runs of two seeds, one of them stopped, and one of schema 1; with codes where a run is done. */
const runsFolder = async (): Promise<string> => {
  const cwd = await mkdtemp(join(tmpdir(), 'zdist-runs-'));
  for (const seed of [1, 2]) {
    const job = { name: `joint-${seed}`, folder: join(cwd, `runs/joint-${seed}`), config: { ...runConfig, seed } };
    const stopReason = () => (seed === 2 ? 'SIGINT' : undefined);
    await runJob(job, runEffects({ encodeCodes }), { ...listener, stopReason });
  }
  await cp(join(FIXTURES, 'schema1-done'), join(cwd, 'runs/old'), { recursive: true });
  return cwd;
};

const zdist = async (cwd: string, ...argv: string[]) => {
  const each = effects(cwd, { env: { ZDIST_CACHE_DIR: join(cwd, 'cache') } });
  const code = await main(argv, '0', each);
  return { code, stdout: each.stdout.text, stderr: each.stderr.text };
};

let cwd: string;
beforeAll(async () => {
  cwd = await runsFolder();
});

describe('zdist runs', () => {
  it('lists runs with their state and values', async () => {
    const { code, stdout } = await zdist(cwd, 'runs', 'ls');
    expect(code).toBe(0);
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => line.split(/ {2,}/));
    expect(lines[0]!.slice(0, 5)).toEqual(['run', 'state', 'regime', 'kl', 'seed']);
    expect(lines.slice(1).map((line) => line.slice(0, 2))).toEqual([
      ['runs/joint-1', 'done'],
      ['runs/joint-2', 'interrupted'],
      ['runs/old', 'done'],
    ]);
    expect(lines[1]).toContain('−96.7 ± 0.2');
    const json = JSON.parse(
      (await zdist(cwd, 'runs', 'ls', 'runs', '--state', 'interrupted', '--json')).stdout,
    ) as object[];
    expect(json).toMatchObject([{ name: 'joint-2', config: { seed: 2 }, steps: 0 }]);
  });

  it('says where there are none', async () => {
    await mkdir(join(cwd, 'empty'), { recursive: true });
    expect(await zdist(cwd, 'runs', 'ls', 'empty')).toEqual({ code: 0, stdout: '', stderr: 'empty: no runs\n' });
    const { code, stderr } = await zdist(cwd, 'runs', 'ls', 'nowhere');
    expect([code, stderr]).toEqual([2, `zdist: ${join(cwd, 'nowhere')}: expected a folder of runs, got none\n`]);
  });

  it('shows one run of either schema', async () => {
    const { stdout } = await zdist(cwd, 'runs', 'show', 'runs/joint-1');
    expect(stdout).toMatch(/^name +joint-1$/m);
    expect(stdout).toMatch(/^optimizer +\{"name":"rmsprop"/m);
    expect(stdout).toMatch(/^rate +19\.4 ± 0\.2 nats per image \(n 10000, seed 1\)$/m);
    const old = await zdist(cwd, 'runs', 'show', 'runs/old', '--json');
    expect(JSON.parse(old.stdout)).toMatchObject({ schema: 1, state: 'done', config: { preset: 'lyeoni' } });
  });

  it('removes a run that nobody writes', async () => {
    const own = await runsFolder();
    const lock = await takeRun(join(own, 'runs/joint-1'), { files, now: Date.now, processes: processesHere() });
    for (const dry of [[], ['--dry-run']]) {
      const live = await zdist(own, 'runs', 'rm', 'runs/joint-1', ...dry);
      expect([live.code > 0, live.stderr]).toEqual([
        true,
        expect.stringContaining('expected a run that nobody writes'),
      ]);
    }
    await lock.release();
    expect((await zdist(own, 'runs', 'rm', 'runs/joint-1', '--dry-run')).stdout).toContain('would remove');
    expect(await readdir(join(own, 'runs'))).toContain('joint-1');
    expect((await zdist(own, 'runs', 'rm', 'runs/joint-1', 'runs/old')).code).toBe(0);
    expect(await readdir(join(own, 'runs'))).toEqual(['joint-2']);
    const { code, stderr } = await zdist(own, 'runs', 'rm', '.');
    expect([code, stderr]).toEqual([2, `zdist: ${own}: expected a run folder, got one without run.json\n`]);
  });

  it('frees what is not needed, and nothing that is', async () => {
    const own = await runsFolder();
    const at = (...path: string[]): string => join(own, 'runs', ...path);
    for (const run of ['joint-1', 'joint-2']) {
      await mkdir(at(run, 'checkpoints'), { recursive: true });
      for (const name of [
        'step-000100.json',
        'step-000100.safetensors',
        'step-000200.safetensors',
        'step-000300.json.part',
      ]) {
        await writeFile(at(run, 'checkpoints', name), 'x'.repeat(1 << 18));
      }
    }
    await writeFile(at('joint-2/models/encoder.onnx.part'), 'x');
    expect((await zdist(own, 'runs', 'gc', '--dry-run')).stdout).toMatch(/would free 1\.5 MiB in 3 runs\n$/);
    expect(await readdir(at('joint-1/checkpoints'))).toHaveLength(4);
    expect((await zdist(own, 'runs', 'gc')).stdout).toMatch(/freed 1\.5 MiB in 3 runs\n$/);
    expect(await readdir(at('joint-1/checkpoints'))).toEqual([]);
    expect(await readdir(at('joint-2/checkpoints'))).toEqual(['step-000100.json', 'step-000100.safetensors']);
    expect(await readdir(at('joint-2/models'))).toEqual(['decoder.onnx', 'encoder.onnx']);
    expect((await zdist(own, 'runs', 'gc')).stdout).toBe('freed 0.0 MiB in 3 runs\n');
  });

  it.each([
    [['runs', 'list'], 'runs: expected ls, show, rm, gc, got "list" (did you mean "ls"?)'],
    [['runs', 'show'], 'runs show: expected the folder of a run, got none'],
    [['runs', 'ls', 'a', 'b'], 'runs ls: expected one folder of runs, got 2'],
  ])('refuses %j', async (argv, message) => {
    const { code, stderr } = await zdist(cwd, ...argv);
    expect(code).toBe(2);
    expect(stderr.startsWith(`zdist: ${message.split(' (')[0]}`)).toBe(true);
  });
});

describe('zdist sql', () => {
  const rows = async (sql: string): Promise<unknown> => {
    const { stdout, stderr, code } = await zdist(cwd, 'sql', sql, '--json');
    expect([code, stderr]).toEqual([0, '']);
    return JSON.parse(stdout) as unknown;
  };

  it('answers over the configurations and results of all runs', async () => {
    expect(await rows('select run, seed, state, optimizer, optimizer_lr, hidden, elbo from runs order by run')).toEqual(
      [
        {
          run: 'joint-1',
          seed: '1',
          state: 'done',
          optimizer: 'rmsprop',
          optimizer_lr: 0.001,
          hidden: [256, 256],
          elbo: expect.closeTo(-96.7, 5),
        },
        {
          run: 'joint-2',
          seed: '2',
          state: 'interrupted',
          optimizer: 'rmsprop',
          optimizer_lr: 0.001,
          hidden: [256, 256],
          elbo: expect.closeTo(-96.7, 5),
        },
        {
          run: 'old',
          seed: '1',
          state: 'done',
          optimizer: 'adam',
          optimizer_lr: 0.001,
          hidden: [512, 256],
          elbo: expect.any(Number),
        },
      ],
    );
  });

  it('answers over their metrics and codes, joined', async () => {
    const joined = `select seed, part, metric, count(*) as points, max(step) as last from metrics join runs using (run)
      where metric in ('rate', 'loss') and run = 'joint-1' group by all order by part, metric`;
    expect(await rows(joined)).toEqual([
      { seed: '1', part: 'test', metric: 'rate', points: '4', last: '200' },
      { seed: '1', part: 'train', metric: 'loss', points: '4', last: '200' },
      { seed: '1', part: 'train', metric: 'rate', points: '4', last: '200' },
    ]);
    const codes = 'select run, count(*) as n, max("index") as last, avg(mu_0) as mu from codes group by run';
    expect(await rows(codes)).toEqual([{ run: 'joint-1', n: '20', last: 19, mu: 0 }]);
  });

  it('prints a table or CSV, and writes CSV or Parquet', async () => {
    const sql = 'select run, steps from runs order by run limit 2';
    expect((await zdist(cwd, 'sql', sql)).stdout).toBe('run      steps\njoint-1    200\njoint-2      0\n');
    expect((await zdist(cwd, 'sql', sql, '--csv')).stdout).toBe('run,steps\njoint-1,200\njoint-2,0\n');
    await zdist(cwd, 'sql', sql, '--out', 'a.csv');
    expect(await readFile(join(cwd, 'a.csv'), 'utf8')).toBe('run,steps\njoint-1,200\njoint-2,0\n');
    await zdist(cwd, 'sql', `${sql};`, '--out', 'a.parquet');
    expect((await stat(join(cwd, 'a.parquet'))).size).toBeGreaterThan(100);
    expect(await rows(`select * from '${join(cwd, 'a.parquet')}'`)).toHaveLength(2);
    expect((await zdist(cwd, 'sql', sql, '--out', 'a.txt')).stderr).toContain(
      'expected a file that ends in .csv or .parquet',
    );
  });

  it('says what is wrong with a query in the words of DuckDB', async () => {
    const { code, stderr } = await zdist(cwd, 'sql', 'select elbow from runs');
    expect(code).toBe(2);
    expect(stderr).toContain('zdist: sql: Binder Error: Referenced column "elbow" not found');
    expect((await zdist(cwd, 'sql', 'selec')).stderr).toContain('zdist: sql: Parser Error');
  });
});

describe('codes/test.parquet', () => {
  it('has the same bytes for the same codes, with labels and log-variances', async () => {
    const model = {
      ...fakeModel('done', 1, []),
      encode: (x: Float32Array) => {
        const n = (x.length / 784) * 2;
        return Promise.resolve({
          mu: Float32Array.from({ length: n }, (_, i) => i),
          sigma: new Float32Array(n).fill(0.5),
        });
      },
    };
    const count = 5000;
    const images = {
      pixels: new Uint8Array(count * 784),
      labels: new Uint8Array(count).fill(7),
      count,
      height: 28,
      width: 28,
    };
    const data = { name: 'd', train: images, test: images };
    const job = { config: { ...runConfig, latents: 2 } };
    const first = await encodeCodes(model, data, job);
    expect(Buffer.from(await encodeCodes(model, data, job)).equals(Buffer.from(first))).toBe(true);
    await mkdir(join(cwd, 'p/one/codes'), { recursive: true });
    await cp(join(cwd, 'runs/joint-1/run.json'), join(cwd, 'p/one/run.json'));
    await writeFile(join(cwd, 'p/one/codes/test.parquet'), first);
    const sql =
      'select count(*) as n, sum(mu_1 - 2 * "index") as d, avg(log_var_0) as v, min(label) as label from codes';
    const { stdout } = await zdist(cwd, 'sql', sql, '--runs', 'p', '--json');
    const [row] = JSON.parse(stdout) as object[];
    expect(row).toEqual({ n: '5000', d: count, v: expect.closeTo(2 * Math.log(0.5), 6), label: 7 });
  });
});
