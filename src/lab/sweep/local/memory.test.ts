import { spawn } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { runConfig } from '../../../../test/support/study.js';
import type { RunChild } from '../../runs/child.js';
import { estimateBytes, memoryBudget, watched } from './memory.js';

const GIB = 2 ** 30;

describe('memoryBudget', () => {
  it('goes by the estimate first, then by the largest run measured', () => {
    const budget = memoryBudget(10 * GIB, 2 * GIB);
    expect([budget.fitting(), budget.peak()]).toEqual([4, undefined]);
    budget.saw(GIB);
    expect(budget.fitting()).toBe(9);
    budget.saw(4 * GIB);
    budget.saw(GIB);
    expect([budget.fitting(), budget.peak()]).toEqual([2, 4 * GIB]);
    budget.saw(40 * GIB);
    expect(budget.fitting()).toBe(1);
  });

  it('estimates more for more images and wider layers', () => {
    const small = estimateBytes(runConfig, 784, 1000);
    expect(estimateBytes(runConfig, 784, 70_000)).toBe(small + 2 * 784 * 69_000);
    expect(estimateBytes({ ...runConfig, hidden: [4096, 4096] }, 784, 1000)).toBeGreaterThan(small + 400e6);
  });
});

describe.skipIf(process.platform !== 'linux')('watched', () => {
  it('tells the peak of a process once it has ended', async () => {
    const child = spawn(process.execPath, ['-e', 'const b = Buffer.alloc(64e6, 1); setTimeout(() => b, 900)']);
    const run: RunChild = {
      pid: child.pid,
      send: () => undefined,
      onMessage: () => undefined,
      onEnd: (listener) => void child.on('close', () => listener('done')),
    };
    const peaks: number[] = [];
    await new Promise<string>((resolve) =>
      watched(
        () => run,
        (bytes) => peaks.push(bytes),
      )().onEnd(resolve),
    );
    expect(peaks).toHaveLength(1);
    expect(peaks[0]).toBeGreaterThan(64e6);
  });
});
