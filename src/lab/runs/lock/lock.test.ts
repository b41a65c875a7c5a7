import { spawn } from 'node:child_process';
import files, { mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { livingWriter, RunTakenError, takeRun } from './lock.js';
import { isAlive, type Processes, processesHere, STALE, type Writer } from './writers.js';

const newRun = (): Promise<string> => mkdtemp(join(tmpdir(), 'zdist-lock-'));

/** Processes of a machine: pid to start. */
const machine = (pid: number, living: Readonly<Record<number, string>>, host = 'here'): Processes => ({
  self: { pid, host, ...(living[pid] !== undefined && { started: living[pid] }) },
  exists: (other) => other in living,
  startOf: (other) => living[other] || undefined,
});
const at = (processes: Processes, now = 1000) => ({ files, now: () => now, processes });

describe('a writer', () => {
  const writer: Writer = { pid: 7, host: 'here', started: '100', heartbeat: 1000 };
  const long = 1000 + STALE;

  it('lives as long as his process on the same machine, whatever his heartbeat', () => {
    expect(isAlive(writer, machine(1, { 7: '100' }), long)).toBe(true);
    expect(isAlive(writer, machine(1, {}), 1000)).toBe(false);
  });

  it('is dead where another process has got his number', () => {
    expect(isAlive(writer, machine(1, { 7: '200' }), 1000)).toBe(false);
  });

  it('lives by his heartbeat on another machine, and where a machine does not tell when a process started', () => {
    for (const processes of [machine(1, { 7: '100' }, 'there'), machine(1, { 7: '' })]) {
      expect(isAlive(writer, processes, long - 1)).toBe(true);
      expect(isAlive(writer, processes, long)).toBe(false);
    }
  });

  it('is gone once he has left the run', () => {
    expect(isAlive({ ...writer, released: true }, machine(1, { 7: '100' }), 1000)).toBe(false);
  });

  it('is known for what he is by a real machine', async () => {
    const here = processesHere();
    const self = { ...here.self, heartbeat: 0 };
    expect(isAlive(self, here, Date.now())).toBe(true);
    const child = spawn('sleep', ['60']);
    const started = here.startOf(child.pid!);
    const other: Writer = { ...self, pid: child.pid!, ...(started !== undefined && { started }) };
    expect(isAlive(other, here, 0)).toBe(true);
    if (started !== undefined) expect(isAlive({ ...other, started: '1' }, here, 0)).toBe(false);
    const ended = new Promise((resolve) => child.on('exit', resolve));
    child.kill('SIGKILL');
    await ended;
    expect(isAlive(other, here, 0)).toBe(false);
  });
});

describe('the lock of a run', () => {
  const [one, two] = [machine(1, { 1: 'a', 2: 'b' }), machine(2, { 1: 'a', 2: 'b' })];

  it('is not given twice', async () => {
    const run = await newRun();
    await takeRun(run, at(one));
    await expect(takeRun(run, at(two, 4000))).rejects.toThrow(
      new RunTakenError(
        `${run}: expected a run that nobody writes, got one that process 1 on here writes (last sign of life 3 s ago)`,
      ),
    );
    expect(await livingWriter(run, at(two))).toMatchObject({ pid: 1 });
  });

  it('goes to one of many who ask at once', async () => {
    for (let trial = 0; trial < 20; trial++) {
      const run = await newRun();
      const living = Object.fromEntries(Array.from({ length: 8 }, (_, i) => [i + 1, 'x']));
      const asked = Array.from({ length: 8 }, (_, i) => takeRun(run, at(machine(i + 1, living))));
      const given = (await Promise.allSettled(asked)).filter(({ status }) => status === 'fulfilled');
      expect(given).toHaveLength(1);
      expect(await readdir(join(run, 'lock'))).toHaveLength(1);
    }
  });

  it('can be taken from the dead and from those who left it, and leaves one file', async () => {
    const run = await newRun();
    const first = await takeRun(run, at(one));
    const crowd = at(machine(2, { 2: 'b' }));
    expect(await livingWriter(run, crowd)).toBeUndefined();
    const second = await takeRun(run, crowd);
    expect(await readdir(join(run, 'lock'))).toEqual(['000002.json']);
    // The first wakes up, and learns it at the next look.
    await expect(first.check()).rejects.toThrow(RunTakenError);
    await first.beat();
    await first.release();
    expect(await livingWriter(run, crowd)).toMatchObject({ pid: 2 });
    await second.check();
    await second.release();
    expect(await livingWriter(run, crowd)).toBeUndefined();
    await takeRun(run, at(one));
    expect(await readdir(join(run, 'lock'))).toEqual(['000003.json']);
  });

  it('shows a sign of life', async () => {
    const run = await newRun();
    let now = 1000;
    const lock = await takeRun(run, { ...at(one), now: () => now });
    now = 6000;
    await lock.beat();
    expect(JSON.parse(await readFile(join(run, 'lock/000001.json'), 'utf8'))).toMatchObject({ heartbeat: 6000 });
    // The release is the last word, whatever was under way.
    void lock.beat();
    await lock.release();
    await lock.beat();
    expect(await livingWriter(run, at(two))).toBeUndefined();
  });

  it('without a name in it is somebody who is just coming, or who died as he came', async () => {
    const run = await newRun();
    await mkdir(join(run, 'lock'));
    await writeFile(join(run, 'lock/000001.json'), '{"pid":');
    const now = Date.now();
    await expect(takeRun(run, at(one, now))).rejects.toThrow(RunTakenError);
    await takeRun(run, at(one, now + 20_000));
    expect(await readdir(join(run, 'lock'))).toEqual(['000002.json']);
  });
});
