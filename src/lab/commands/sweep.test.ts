import files, { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { committedContent } from '../../../test/support/committed.js';
import { childHere, effects, fakeTrain, laboratory, Memory, noSpace, runEffects } from '../../../test/support/study.js';
import { InputError, NonFiniteError } from '../../engine/errors/index.js';
import type { RunJob } from '../runs/job.js';
import type { RunEffects } from '../runs/runJob.js';
import type { SweepResult } from '../sweep/result.js';
import type { Effects } from './effects.js';
import { main } from './program.js';

const GRID = 'grid: { regime: [joint, tandem], latents: [2, 3] }\n';

const start = async (
  line: string,
  options: { yaml?: string; cwd?: string; changes?: Partial<Effects>; runs?: Partial<RunEffects> } = {},
) => {
  const cwd = options.cwd ?? (await mkdtemp(join(tmpdir(), 'zdist-sweep-')));
  if (options.yaml !== undefined) await writeFile(join(cwd, 's.yaml'), options.yaml);
  const jobs: RunJob[] = [];
  const spawn = childHere(runEffects(options.runs ?? {}), jobs);
  const given = effects(cwd, { laboratory: () => Promise.resolve(laboratory({ spawn })), ...options.changes });
  const code = await main(line.split(' '), '0.1.0', given);
  return { code, cwd, jobs, stdout: given.stdout.text, stderr: given.stderr.text };
};
const resultIn = async (folder: string): Promise<SweepResult> =>
  JSON.parse(await readFile(join(folder, 'sweep.json'), 'utf8')) as SweepResult;

describe('zdist sweep', () => {
  it('runs every configuration and leaves a table, sweep.json, sweep.csv and the file itself', async () => {
    const { code, cwd, jobs, stdout } = await start('sweep s.yaml --out s --threads 2', { yaml: `${GRID}repeats: 2` });
    expect(code).toBe(0);
    expect(jobs).toHaveLength(8);
    expect(jobs[0]!.config.threads).toBe(2);
    expect(stdout).toMatch(/^run +state +attempts +rate +score +ELBO +time/);
    expect(stdout).toMatch(/\nregime=tandem,latents=3,seed=2 +done +1 +19\.4/);
    expect(stdout).toMatch(/\nconfiguration, best ELBO first +seeds +rate.*hole mass\nregime=joint,latents=2 +2 /);
    expect(stdout).toContain('8 runs: 8 done');
    const result = await resultIn(join(cwd, 's'));
    expect(result).toMatchObject({ schema: 1, kind: 'sweep', name: 'sweep', state: 'done' });
    expect(result.rows[1]).toMatchObject({
      varied: { regime: 'joint', latents: 2, seed: 2 },
      state: 'done',
      steps: 200,
    });
    const csv = await readFile(join(cwd, 's/sweep.csv'), 'utf8');
    expect(csv.split('\n')[0]).toMatch(
      /^job,run,state,attempts,regime,latents,seed,rate,rate_se,rate_n,.*,holeMass,holeMass_se,holeMass_n,steps,seconds,folder,reason$/,
    );
    expect(csv.split('\n')).toHaveLength(10);
    expect(await readFile(join(cwd, 's/sweep.yaml'), 'utf8')).toBe(`${GRID}repeats: 2`);
    const page = await readFile(join(cwd, 's/sweep.html'), 'utf8');
    expect(page).toContain('What does latents change?');
    expect((await committedContent(join(cwd, 's'))).size).toBe(8);
  });

  it('lists the runs on a dry run', async () => {
    const { code, stdout, jobs } = await start('sweep s.yaml --dry-run', { yaml: 'grid: { latents: [2, 2, 3] }' });
    expect([code, jobs.length, stdout]).toEqual([0, 0, 'latents=2\nlatents=3\n\n2 runs, 1 equal ones left out\n']);
  });

  it('tries a failed run again, reports it and exits with 4; reconcile runs only what has no result', async () => {
    const broken = fakeTrain(({ regime, latents }) => {
      if (regime === 'tandem' && latents === 3) throw new Error('a bad day');
    });
    const first = await start('sweep s.yaml --out s --retries 2', { yaml: GRID, runs: { train: broken } });
    expect([first.code, first.jobs.length]).toEqual([4, 6]);
    expect(first.stderr.match(/regime=tandem,latents=3: a bad day; tried again\n/g)).toHaveLength(2);
    expect(first.stderr).toContain('zdist: regime=tandem,latents=3: a bad day\n');
    expect(first.stdout).toContain('4 runs: 3 done, 1 failed');
    const { cwd } = first;
    expect((await resultIn(join(cwd, 's'))).rows[3]).toMatchObject({
      state: 'failed',
      reason: 'a bad day',
      attempts: 3,
    });

    const second = await start('sweep reconcile s', { cwd });
    expect([second.code, second.jobs.map(({ name }) => name)]).toEqual([0, ['regime=tandem,latents=3']]);
    expect(second.stderr).toContain('3 of 4 runs have a result already');
    expect(second.stdout).toContain('4 runs: 4 done');
    expect((await start('sweep reconcile s', { cwd })).jobs).toEqual([]);

    const more = await start('sweep s.yaml --out s --resume', { cwd, yaml: GRID.replace('[2, 3]', '[2, 3, 4]') });
    expect(more.jobs.map(({ name }) => name).sort()).toEqual(['regime=joint,latents=4', 'regime=tandem,latents=4']);
  });

  it('counts a diverging run as a result of its own, at the same step every time', async () => {
    const yaml = `${GRID}stop: { after: 0.6, above: 97 }`;
    const { code, cwd, stdout } = await start('sweep s.yaml --out s', { yaml });
    expect(code).toBe(0);
    expect(stdout).toContain('4 runs: 4 diverged');
    const [row] = (await resultIn(join(cwd, 's'))).rows;
    expect(row).toMatchObject({ state: 'diverged', reason: 'loss above 97 nats' });
    const found = JSON.parse(await readFile(join(cwd, 's', row!.folder!, 'diverged.json'), 'utf8'));
    expect(found).toEqual({ schema: 1, reason: 'loss above 97 nats', step: 200, epoch: 2, loss: 98 });
  });

  it('counts a run whose numbers are not finite as diverging, without another attempt', async () => {
    const train = fakeTrain(() => {
      throw new NonFiniteError('loss: expected a finite number at step 3, got NaN', 3, 'loss');
    });
    const { code, jobs, stdout } = await start('sweep s.yaml --out s', { yaml: GRID, runs: { train } });
    expect([code, jobs.length]).toEqual([0, 4]);
    expect(stdout).toContain('4 runs: 4 diverged');
  });

  it.each([
    ['as there are workers', 64 * 2 ** 30, 3, ''],
    ['as memory allows', 800 * 2 ** 20, 2, 'memory that is free allows 2 of 3 workers\n'],
    ['and never none', 1, 1, 'memory that is free allows 1 of 3 workers\n'],
  ])('runs as many side by side %s, each with one thread', async (_, bytes, expected, note) => {
    let [active, most] = [0, 0];
    const train = fakeTrain(async (_config, chunk) => {
      if (chunk === 0) most = Math.max(most, ++active);
      await new Promise((resolve) => setTimeout(resolve, 20));
      if (chunk === 3) active--;
    });
    const changes = { availableMemory: () => bytes };
    const line = 'sweep s.yaml --out s --workers 3';
    const { jobs, stderr } = await start(line, { yaml: GRID, changes, runs: { train } });
    expect(most).toBe(expected);
    expect(jobs.map(({ config }) => config.threads)).toEqual([1, 1, 1, 1]);
    expect(stderr.match(/memory that.*\n/g) ?? []).toEqual(note === '' ? [] : [note]);
  });

  it('draws the runs under way on a terminal, how many are done and what time is left', async () => {
    const cwd = await mkdtemp(join(tmpdir(), 'zdist-sweep-'));
    await writeFile(join(cwd, 's.yaml'), GRID);
    let clock = 0;
    const train = fakeTrain(() => {
      clock += 2000;
    });
    const spawn = childHere(runEffects({ train }));
    const changes = {
      env: { NO_COLOR: '1' },
      now: () => clock,
      laboratory: () => Promise.resolve(laboratory({ spawn })),
    };
    const given = { ...effects(cwd, changes), stderr: new Memory(true) };
    expect(await main('sweep s.yaml --out s --workers 1'.split(' '), '0.1.0', given)).toBe(0);
    expect(given.stderr.text).toMatch(/regime=joint,latents=2 .*epoch/);
    expect(given.stderr.text).toMatch(/━+─* 1 of 4 runs, \d+.* so far, .* left/);
    expect(given.stderr.text).toContain('\u001b[2A\u001b[0J');
  });

  it('does not try again what the input is to blame for', async () => {
    const train = fakeTrain(() => {
      throw new InputError('train: expected at least one batch of 128 images, got 60 images');
    });
    const { code, jobs } = await start('sweep s.yaml --out s', { yaml: GRID, runs: { train } });
    expect([code, jobs.length]).toEqual([4, 4]);
  });

  it('ends on a full disk with 1', async () => {
    const full: typeof files = { ...files, writeFile: () => Promise.reject(noSpace()) };
    const { code, jobs, stderr } = await start('sweep s.yaml --out s --workers 1', {
      yaml: GRID,
      runs: { files: full },
    });
    expect([code, jobs.length]).toEqual([1, 1]);
    expect(stderr).toMatch(/cannot write .*: no space left on the disk/);
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ])('stops on %s with %i, and goes on later', async (signal, expected) => {
    const interruption = new AbortController();
    const train = fakeTrain((_, chunk) => {
      if (chunk === 1) interruption.abort(signal);
    });
    const changes = { interrupt: () => interruption.signal };
    const first = await start('sweep s.yaml --out s --workers 2', { yaml: GRID, changes, runs: { train } });
    expect([first.code, first.jobs.length]).toEqual([expected, 2]);
    expect(first.stdout).toContain('4 runs: 4 not done');
    const second = await start('sweep s.yaml --out s --resume', { cwd: first.cwd });
    expect([second.code, second.jobs.length]).toEqual([0, 4]);
  });

  it('says what is wrong with what it is given', async () => {
    const { cwd } = await start('sweep s.yaml --out s', { yaml: GRID });
    const problem = async (line: string, yaml = GRID) => (await start(line, { cwd, yaml })).stderr.trim();
    expect(await problem('sweep s.yaml --out s')).toBe(
      'zdist: --out: expected a new folder, got s, which holds a sweep: go on with it by --resume',
    );
    expect(await problem('sweep s.yaml --out .')).toContain('zdist: --out: expected a new or empty folder');
    expect(await problem('sweep t.yaml')).toBe('zdist: sweep: expected a file that can be read, got t.yaml (ENOENT)');
    expect(await problem('sweep reconcile')).toBe(
      'zdist: sweep: expected sweep.yaml, or reconcile and the folder of a sweep',
    );
    expect(await problem('sweep reconcile t')).toContain(
      't: expected the folder of a sweep, got one without plan.json',
    );
    expect(await problem('sweep s.yaml --workers many --out u')).toBe(
      'zdist: --workers: expected a whole number in 1 … 1024, got "many"',
    );
    expect(await problem('sweep s.yaml', 'grid: { latent: [2] }')).toBe(
      'zdist: s.yaml: grid.latent.0: unknown key (did you mean "latents"?)',
    );
    await rm(join(cwd, 's/jobs'), { recursive: true });
    expect(await problem('sweep reconcile s')).toMatch(/job\.json: expected a job, got no such file$/);
  });
});
