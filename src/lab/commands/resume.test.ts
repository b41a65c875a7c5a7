import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { countingTrain } from '../../../test/support/countingTrain.js';
import { childHere, effects, laboratory, runEffects } from '../../../test/support/study.js';
import type { RunJob } from '../runs/job.js';
import { main } from './program.js';

let cwd: string;
let jobs: RunJob[];
let starts: (number | undefined)[];
let stopAt: number;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'zdist-resume-'));
  [jobs, starts, stopAt] = [[], [], 100];
});

/** Trains by a counting trainer that is interrupted once it has taken `stopAt` steps. */
const train = async (...argv: string[]) => {
  const interruption = new AbortController();
  const trainer = countingTrain(
    (step) => {
      if (step >= stopAt) interruption.abort('SIGTERM');
    },
    (step) => void starts.push(step),
  );
  const each = effects(cwd, {
    env: { ZDIST_EPOCHS: '3' },
    interrupt: () => interruption.signal,
    laboratory: () => Promise.resolve(laboratory({ spawn: childHere(runEffects({ train: trainer }), jobs) })),
  });
  const code = await main(['train', ...argv], '0', each);
  return { code, stdout: each.stdout.text, stderr: each.stderr.text };
};
const stateOf = async (run: string): Promise<unknown> =>
  (JSON.parse(await readFile(join(cwd, run, 'run.json'), 'utf8')) as { state: string }).state;

/** A run in the folder `run` that was interrupted after some steps. */
const interrupted = async (): Promise<void> => {
  expect((await train('--out', 'run', '--regime', 'tandem', '--quiet')).code).toBe(143);
  expect(await stateOf('run')).toBe('interrupted');
};

describe('zdist train --resume', () => {
  it.each([[['run']], [['run', '--resume', 'allow']], [['--out', 'run', '--resume', 'must']]])(
    'goes on with an interrupted run: %j',
    async (argv) => {
      await interrupted();
      stopAt = Number.POSITIVE_INFINITY;
      const { code, stdout, stderr } = await train(...argv);
      expect([code, starts[0]]).toEqual([0, undefined]);
      expect(starts[1]).toBeGreaterThanOrEqual(100);
      expect(stderr).toContain(`altosaar-tandem-analytic: goes on from step ${starts[1]}`);
      expect(stdout).toContain('done');
      expect(jobs[1]!.config).toEqual(jobs[0]!.config);
      expect(await stateOf('run')).toBe('done');
    },
  );

  it('tells the result of a run that is done, and trains nothing', async () => {
    stopAt = Number.POSITIVE_INFINITY;
    const first = await train('--out', 'run', '--json');
    const again = await train('run', '--json');
    expect(jobs).toHaveLength(1);
    expect([again.code, again.stderr]).toEqual([0, `${join(cwd, 'run')}: the run is done: nothing is left to train\n`]);
    const [before, after] = [first, again].map(({ stdout }) => JSON.parse(stdout) as Record<string, unknown>);
    expect(after).toMatchObject({ name: before!.name, state: 'done', steps: 300, curve: before!.curve });
  });

  it('begins a run where there is none, if it may', async () => {
    stopAt = Number.POSITIVE_INFINITY;
    expect((await train('--out', 'new', '--resume', 'allow')).code).toBe(0);
    const { code, stderr } = await train('other');
    const message = `other: expected the folder of a run, got one without config.yaml`;
    expect([code, stderr]).toEqual([2, `zdist: ${message}\n`]);
    expect((await train('--resume', 'must')).stderr).toBe(
      'zdist: --resume must: expected the folder of a run, got none\n',
    );
  });

  it('begins where one was killed before it had a configuration, and nowhere else', async () => {
    stopAt = Number.POSITIVE_INFINITY;
    await mkdir(join(cwd, 'begun/lock'), { recursive: true });
    await writeFile(join(cwd, 'begun/config.yaml.part'), 'pre');
    expect((await train('--out', 'begun')).stderr).toContain('which is not empty');
    expect((await train('--out', 'begun', '--resume', 'allow')).code).toBe(0);
    await mkdir(join(cwd, 'other'));
    await writeFile(join(cwd, 'other/notes.txt'), '');
    expect((await train('--out', 'other', '--resume', 'allow')).stderr).toContain('which is not empty');
  });

  it('takes the configuration of the run, not of the environment, and refuses another', async () => {
    await interrupted();
    const { code, stderr } = await train('run', '--epochs', '9', '--set', 'optimizer.lr=0.5', '--seed', '1');
    expect(code).toBe(2);
    const [epochs, optimizer, ...more] = stderr.trim().split('\n');
    expect(epochs).toBe(`zdist: epochs: expected 3, as the run in ${join(cwd, 'run')} has it, got 9`);
    expect(optimizer).toMatch(/^zdist: optimizer: expected .*"lr":0\.001.* got .*"lr":0\.5/);
    expect(more).toEqual([]);
    expect(jobs).toHaveLength(1);
    const config = parse(await readFile(join(cwd, 'run/config.yaml'), 'utf8')) as object;
    await writeFile(join(cwd, 'same.yaml'), JSON.stringify(config));
    stopAt = Number.POSITIVE_INFINITY;
    expect((await train('run', '--config', 'same.yaml')).code).toBe(0);
  });

  it('refuses a folder that is not empty unless it may go on', async () => {
    await interrupted();
    const { code, stderr } = await train('--out', 'run');
    expect([code, stderr]).toEqual([2, expect.stringContaining('--out: expected a new or empty folder, got')]);
    expect((await train('--out', 'run', '--resume', 'never')).code).toBe(2);
  });

  it('begins again where run.json or every checkpoint is gone', async () => {
    await interrupted();
    await rm(join(cwd, 'run/checkpoints'), { recursive: true });
    stopAt = Number.POSITIVE_INFINITY;
    expect((await train('run')).code).toBe(0);
    expect(starts).toEqual([undefined, undefined]);
  });

  it.each([
    [['--resume', 'maybe'], '--resume: expected must, allow, never, got "maybe"'],
    [['a', '--out', 'b'], 'train: expected a run to go on with or --out, got a and --out b'],
    [['--checkpoint-every', 'soon'], '--checkpoint-every: expected seconds, got "soon"'],
    [['--checkpoint-every', '-1'], '--checkpoint-every: expected seconds, got "-1"'],
  ])('refuses %j', async (argv, message) => {
    expect(await train(...argv)).toMatchObject({ code: 2, stderr: `zdist: ${message}\n` });
  });
});
