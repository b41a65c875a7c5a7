import files, { mkdtemp, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { childHere, effects, fakeTrain, laboratory, noSpace, runEffects } from '../../../test/support/study.js';
import { InputError } from '../../engine/errors/index.js';
import type { RunJob } from '../runs/job.js';
import type { RunEffects } from '../runs/runJob.js';
import { readStudy } from '../studies/writeStudy.js';
import type { Effects } from './effects.js';
import { main } from './program.js';

const start = async (line: string, changes: Partial<Effects> = {}, runs: Partial<RunEffects> = {}) => {
  const cwd = await mkdtemp(join(tmpdir(), 'zdist-command-'));
  const jobs: RunJob[] = [];
  const spawn = childHere(runEffects(runs), jobs);
  const given = effects(cwd, { laboratory: () => Promise.resolve(laboratory({ spawn })), ...changes });
  const code = await main(line.split(' '), '0.1.0', given);
  return { code, cwd, jobs, stdout: given.stdout.text, stderr: given.stderr.text };
};

describe('zdist study', () => {
  it('trains every regime and prints the table, the verdict and where the report lies', async () => {
    const { code, cwd, stdout, jobs } = await start('study article --epochs 2 --out s');
    expect(code).toBe(0);
    expect(jobs).toHaveLength(9);
    expect(stdout).toMatch(/^run +state +rate +rate \(MC\) +decoder score +ELBO/);
    expect(stdout).toMatch(/\nOf 9 claims \d/);
    expect(stdout).toMatch(/\nb {2}holds +\(0, 1\) is a stable fixed point/);
    expect(stdout).toContain('Under the full ELBO the codes keep away from N(0, I)');
    expect(stdout).toContain(`report  file://${cwd}/s/report.html`);
    const study = await readStudy(files, join(cwd, 's'));
    expect(study).toMatchObject({ state: 'done', seeds: [1], epochs: 2 });
    expect(study.claims.map((claim) => claim.id).join('')).toBe('abcdefghi');
    expect(study.runs.map((run) => run.name).slice(0, 3)).toEqual([
      ...['joint-analytic-seed1', 'joint-mc-seed1', 'encoder-only-analytic-seed1'],
    ]);
    expect(study.runs[0]).toMatchObject({
      folder: 'runs/joint-analytic-seed1',
      images: [{ file: 'runs/joint-analytic-seed1/samples/prior.png' }],
    });
    expect(study.command).toBe(
      'zdist study article --data glyphs --preset altosaar --epochs 2 --seed 1 --seeds 1 --threads 1',
    );
  });

  it('prints study.json for machines and names the default folder', async () => {
    const { stdout, stderr, cwd } = await start('study --json --quiet --regimes joint --seeds 2 --seed 5');
    const study = JSON.parse(stdout) as { seeds: number[]; runs: unknown[] };
    expect(study.seeds).toEqual([5, 6]);
    expect(study.runs).toHaveLength(4);
    expect(stderr).toBe('');
    expect((await readdir(join(cwd, 'studies')))[0]).toMatch(/^\d{8}T\d{6}Z-article-glyphs-[0-9a-f]{8}$/);
  });

  it('does nothing on a dry run', async () => {
    const { code, cwd, stdout, jobs } = await start('study --dry-run --regimes random-z');
    expect([code, jobs.length, await readdir(cwd)]).toEqual([0, 0, []]);
    expect(stdout).toContain('random-z-seed1');
  });

  it('writes everything else when a run fails', async () => {
    const train = fakeTrain(({ regime }, chunk) => {
      if (regime === 'tandem' && chunk === 2) throw new Error('loss: expected a finite number at step 101, got NaN');
    });
    const { code, cwd, stderr } = await start('study --out s', {}, { train });
    expect(code).toBe(1);
    expect(stderr).toContain('zdist: tandem-analytic-seed1: loss: expected a finite number at step 101, got NaN\n');
    const study = await readStudy(files, join(cwd, 's'));
    expect(study.state).toBe('failed');
    expect(study.runs.map((run) => run.state).filter((state) => state === 'done')).toHaveLength(7);
    expect(study.verdict).toContain('2 of 9 runs failed');
    expect((await readdir(join(cwd, 's'))).sort()).toEqual([
      'config.yaml',
      'curves.csv',
      'data',
      'figures',
      'report.html',
      'runs',
      'study.json',
    ]);
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ])('stops on %s, writes what there is and exits with %i', async (signal, expected) => {
    const interruption = new AbortController();
    const train = fakeTrain((_, chunk) => {
      if (chunk === 1) interruption.abort(signal);
    });
    const { code, cwd, jobs } = await start('study --out s', { interrupt: () => interruption.signal }, { train });
    expect([code, jobs.length]).toEqual([expected, 2]);
    const study = await readStudy(files, join(cwd, 's'));
    expect(study.state).toBe('interrupted');
    expect(study.runs.map((run) => run.state)).toEqual(['interrupted', 'interrupted']);
    expect(study.runs.map((run) => run.steps)).toContain(100);
    expect(study.verdict).toContain('9 of 9 runs were not finished');
  });

  it('starts no more runs on a full disk, and still prints the numbers', async () => {
    const full: typeof files = {
      ...files,
      writeFile: async (path, ...rest) => {
        if (/\.onnx|study\.json/.test(String(path))) throw noSpace();
        await files.writeFile(path, ...rest);
      },
    };
    const { code, stdout, stderr, jobs } = await start('study --out s', { files: full }, { files: full });
    expect([code, jobs.length]).toEqual([1, 2]);
    expect(stdout).toContain('−96.7');
    expect(stderr).toMatch(/zdist: joint-analytic-seed1: cannot write .*encoder\.onnx: no space left on the disk/);
    expect(stderr).toMatch(/zdist: cannot write .*study\.json: no space left on the disk \(ENOSPC\)\n$/);
  });

  it('starts no more runs when the input is at fault, and exits with 2', async () => {
    const train = fakeTrain(() => {
      throw new InputError('train: expected at least one batch of 128 images, got 60 images');
    });
    const { code, jobs, stderr } = await start('study --out s', {}, { train });
    expect([code, jobs.length]).toEqual([2, 2]);
    expect(stderr).toContain('zdist: joint-mc-seed1: train: expected at least one batch of 128 images, got 60 images');
  });

  it('refuses a folder that holds something', async () => {
    const { code, stderr } = await start('study --out .', {
      files: { ...files, readdir: () => Promise.resolve(['kept']) },
    });
    expect(code).toBe(2);
    expect(stderr).toMatch(/^zdist: --out: expected a new or empty folder, got .*, which is not empty\n$/);
  });
});

describe('zdist train', () => {
  it('trains one model with what flags, variables and --set say', async () => {
    const { code, cwd, stdout, jobs } = await start(
      'train --regime tandem --kl mc --set optimizer.lr=0.01 --epochs 1 --out r',
      { env: { ZDIST_SEED: '9', ZDIST_DATA_DIR: '/data', ZDIST_THREADS: '3' } },
    );
    expect(code).toBe(0);
    expect(jobs[0]).toMatchObject({
      folder: join(cwd, 'r'),
      dataDir: '/data',
      config: { regime: 'tandem', kl: 'mc', seed: 9, epochs: 1, threads: 3, optimizer: { name: 'rmsprop', lr: 0.01 } },
    });
    expect(stdout).toContain(join(cwd, 'r/run.json'));
  });

  it('reads a configuration file, and says when it cannot', async () => {
    const config = Buffer.from('regime: joint\nepochs: 3\nlatent: 2\n');
    const reading = { ...files, readFile: () => Promise.resolve(config) };
    const { code, stderr } = await start('train --config run.yaml', { files: reading });
    expect([code, stderr]).toEqual([2, 'zdist: run.yaml: latent: unknown key (did you mean "latents"?)\n']);
    const missing = await start('train --config run.yaml');
    expect([missing.code, missing.stderr]).toEqual([
      2,
      'zdist: --config: expected a file that can be read, got run.yaml (ENOENT)\n',
    ]);
  });
});
