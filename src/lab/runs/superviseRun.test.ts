import files, { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { childHere, finalValues, point, runConfig, runEffects } from '../../../test/support/study.js';
import { forkRun, type RunChild } from './child.js';
import type { RunJob } from './job.js';
import { superviseRun } from './superviseRun.js';

const effects = { files, now: () => Date.now() };
const newFolder = () => mkdtemp(join(tmpdir(), 'zdist-supervise-'));
const jobIn = (folder: string): RunJob => ({ name: 'joint', folder, config: runConfig });
const ignore = (): void => undefined;

/** A real process that runs `source` on its first message. */
const childOf = async (source: string): Promise<{ child: RunChild; job: RunJob }> => {
  const folder = await newFolder();
  const worker = join(folder, 'worker.mjs');
  await writeFile(worker, `process.on('message', async (message) => { ${source} });`);
  return { child: forkRun(worker), job: jobIn(folder) };
};

describe('superviseRun', () => {
  it('passes progress on and returns the outcome', async () => {
    const steps: number[] = [];
    const child = childHere(runEffects())();
    const run = superviseRun(jobIn(await newFolder()), child, effects, ({ step }) => steps.push(step));
    expect((await run.outcome).result.state).toBe('done');
    expect(steps).toEqual([50, 100, 150, 200]);
  });

  it('stops a run', async () => {
    const run = superviseRun(jobIn(await newFolder()), childHere(runEffects())(), effects, () => run.stop('SIGTERM'));
    const { state, error } = (await run.outcome).result;
    expect(state).toBe('interrupted');
    expect(error).toMatch(/^stopped by SIGTERM at step \d+$/);
  });

  it('makes a failed run of a child that was killed, with what it had told', async () => {
    const evaluation = JSON.stringify({ type: 'evaluation', point: point(50) });
    const { child, job } = await childOf(`process.send(${evaluation}, () => process.kill(process.pid, 'SIGKILL'));`);
    const { result } = await superviseRun(job, child, effects, ignore).outcome;
    const error = 'its process was killed by SIGKILL (by hand, or for want of memory)';
    expect(result).toMatchObject({ state: 'failed', error, steps: 50, final: finalValues });
    expect(JSON.parse(await readFile(join(job.folder, 'run.json'), 'utf8'))).toMatchObject({ state: 'failed', error });
  });

  it('tells the last words of a child that ended early', async () => {
    const { child, job } = await childOf(`process.stderr.write('first\\nbad_alloc\\n', () => process.exit(7));`);
    const { result } = await superviseRun(job, child, effects, ignore).outcome;
    expect(result.error).toBe('its process ended early with exit code 7: bad_alloc');
  });

  it('survives a message to a child that is gone', async () => {
    const { child, job } = await childOf('process.exit(0);');
    const run = superviseRun(job, child, effects, ignore);
    await run.outcome;
    expect(() => run.stop('SIGINT')).not.toThrow();
  });
});
