import { describe, expect, it } from 'vitest';
import { Memory, runResult } from '../../../test/support/study.js';
import { createView } from './createView.js';
import { followed } from './progress.js';
import { studyTimeLeft } from './timeLeft.js';

const runs = [
  { name: 'joint-analytic-seed1', weight: 2 },
  { name: 'encoder-only-mc-seed1', weight: 1 },
];
const at = (step: number) => ({
  step,
  steps: 400,
  epoch: step / 100,
  phase: 'joint',
  loss: 98.1,
  rate: 19.2,
  score: -78.9,
  msPerStep: 4.6,
});

const follow = (stderr: Memory, env: Record<string, string> = {}, quiet = false): void => {
  let now = 0;
  const view = createView({ stderr, env, quiet, now: () => now, runs, workers: 2 });
  view.started('joint-analytic-seed1');
  now = 10_000;
  view.progress('joint-analytic-seed1', at(100));
  now = 20_000;
  view.progress('joint-analytic-seed1', at(200));
  now = 40_000;
  view.ended(runResult({ seconds: 40 }));
  view.note('a note');
  view.close();
};

describe('createView', () => {
  it('writes plain lines now and then where there is no terminal', () => {
    const stderr = new Memory();
    follow(stderr);
    expect(stderr.text).toBe(
      'joint-analytic-seed1    50%  epoch 2.0   loss 98.1    rate 19.2    score −78.9   4.6 ms/step  20 s left\n' +
        '0 of 2 runs, 20 s left\n' +
        'joint-analytic-seed1: done in 40 s, rate 19.4, score −77.3 nats on the test set\n' +
        'a note\n',
    );
  });

  it('draws a block in place on a terminal', () => {
    const stderr = new Memory(true);
    follow(stderr);
    expect(stderr.text).toContain('\u001b[2A\u001b[0J');
    expect(stderr.text).toContain('\u001b[36m');
    expect(stderr.text.endsWith('\u001b[1A\u001b[0J')).toBe(true);
    const plain = new Memory(true);
    follow(plain, { NO_COLOR: '1' });
    for (const style of ['\u001b[36m', '\u001b[2m', '\u001b[31m']) expect(plain.text).not.toContain(style);
    expect(plain.text).toContain('━━━━━━━━────────────────');
  });

  it('never writes a line that wraps', () => {
    const stderr = new Memory(true, 60);
    follow(stderr, { NO_COLOR: '1' });
    for (const line of stderr.text.split('\n')) {
      if (line.includes('%')) expect(line.replace('\u001b[2A\u001b[0J', '').length).toBeLessThan(60);
    }
  });

  it('is silent when asked', () => {
    const stderr = new Memory(true);
    follow(stderr, {}, true);
    expect(stderr.text).toBe('');
  });
});

describe('studyTimeLeft', () => {
  it('gives waiting runs to the worker that is free first', () => {
    const [a, b, c] = followed([...runs, { name: 'c', weight: 1 }]) as [...ReturnType<typeof followed>] & { length: 3 };
    Object.assign(a!, { state: 'active', startedAt: 0, latest: at(100) });
    Object.assign(b!, { state: 'ended', took: 10_000 });
    // Pace: 20 s for a weight of 2 · ¼ + 1. The active run needs 30 s more, the waiting one 13.3 s beside it.
    expect(studyTimeLeft([a!, b!, c!], 2, 10_000)).toBeCloseTo(30_000);
    expect(studyTimeLeft([a!, b!, c!], 1, 10_000)).toBeCloseTo(43_333, -1);
  });

  it('knows nothing before the first chunk', () => {
    expect(studyTimeLeft(followed(runs), 2, 0)).toBeUndefined();
  });
});
