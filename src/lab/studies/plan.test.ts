import { describe, expect, it } from 'vitest';
import { altosaar } from '../../../test/support/study.js';
import { REGIMES } from '../config/index.js';
import { folderName, longestFirst, planRuns, workersFor } from './plan.js';
import { runPool } from './pool.js';

const shared = { ...altosaar, epochs: 20, data: 'mnist', threads: 1 };

describe('planRuns', () => {
  it('plans each regime with both estimators, random-z once', () => {
    expect(planRuns({ shared, regimes: REGIMES, seeds: [3], workers: 2 }).map((run) => run.name)).toEqual([
      'joint-analytic-seed3',
      'joint-mc-seed3',
      'encoder-only-analytic-seed3',
      'encoder-only-mc-seed3',
      'separate-analytic-seed3',
      'separate-mc-seed3',
      'tandem-analytic-seed3',
      'tandem-mc-seed3',
      'random-z-seed3',
    ]);
    expect(planRuns({ shared, regimes: ['joint'], seeds: [1, 2, 3], workers: 2 })).toHaveLength(6);
  });

  it('starts the longest first', () => {
    const order = longestFirst(planRuns({ shared, regimes: REGIMES, seeds: [1], workers: 2 }));
    expect(order.map((run) => run.config.regime)).toEqual([
      ...['joint', 'joint', 'tandem', 'tandem', 'separate', 'separate', 'random-z', 'encoder-only', 'encoder-only'],
    ]);
  });

  it('never puts two threads on one core', () => {
    expect([workersFor(2, 1, 9), workersFor(2, 2, 9), workersFor(64, 1, 9), workersFor(2, 4, 9)]).toEqual([2, 1, 9, 1]);
  });

  it('names a folder by time, data and configuration', () => {
    const now = Date.UTC(2026, 0, 31, 9, 45);
    expect(folderName(now, 'article', '/data/my digits/', { a: 1 })).toBe(
      '20260131T094500Z-article-my_digits-015abd7f',
    );
  });
});

describe('runPool', () => {
  const tick = () => new Promise((resolve) => setImmediate(resolve));

  it('keeps the order of the results and the number of workers', async () => {
    let active = 0;
    let most = 0;
    const work = async (job: number) => {
      most = Math.max(most, ++active);
      for (let i = 0; i < 5 - job; i++) await tick();
      active--;
      return job * 10;
    };
    expect(await runPool([1, 2, 3, 4], 2, work, () => true)).toEqual([10, 20, 30, 40]);
    expect(most).toBe(2);
  });

  it('starts no more when it is told to stop', async () => {
    const started: number[] = [];
    const work = async (job: number) => {
      started.push(job);
      await tick();
      return job;
    };
    expect(await runPool([1, 2, 3, 4], 2, work, () => started.length < 2)).toEqual([1, 2]);
  });
});
