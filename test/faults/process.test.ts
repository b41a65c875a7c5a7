/** The built command line, killed, signalled and starved for real. ZDIST_KILLS=200 asks for more instants. */
import { type ChildProcess, spawn } from 'node:child_process';
import files, { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { keyedStream } from '../../src/engine/random/index.js';
import { restore } from '../../src/lab/runs/checkpoints/restore.js';
import { processesHere } from '../../src/lab/runs/lock/writers.js';
import { readRunMetrics } from '../../src/lab/runs/reading/curve.js';
import { readRecord } from '../../src/lab/runs/reading/record.js';
import { presentState } from '../../src/lab/runs/reading/summary.js';

const ZDIST = fileURLToPath(new URL('../../dist/lab/commands/zdist.js', import.meta.url));
const KILLS = Number(process.env.ZDIST_KILLS ?? 20);
const TINY = ['--preset', 'lyeoni', '--set', 'hidden=[8]', '--limit', '600', '--checkpoint-every', '0'];
const SHORT = [...TINY, '--epochs', '20'];
const ENDLESS = [...TINY, '--epochs', '1000000'];

let home: string;
let count = 0;
const newRun = (): string => join(home, `run-${count++}`);

interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<{ readonly code: number | null; readonly stderr: string }>;
}

/** In a group of its own, so that its child processes can be killed with it. */
const start = (args: readonly string[], before: readonly string[] = []): Started => {
  const [command, ...words] = [...before, process.execPath, ZDIST, 'train', ...args];
  const env = { ...process.env, ZDIST_CACHE_DIR: join(home, 'cache') };
  const child = spawn(command!, words, { cwd: home, env, detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = new Promise<{ code: number | null; stderr: string }>((resolve) =>
    child.on('close', (code) => resolve({ code, stderr })),
  );
  return { child, ended };
};

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

const LASTING = [
  'codes/test.parquet',
  'codes/probes.npy',
  'metrics.bin',
  'curve.csv',
  'models/encoder.onnx',
  'models/decoder.onnx',
  'samples/step-000000.png',
  'samples/step-000120.png',
];

const lasting = async (run: string): Promise<Record<string, string>> =>
  Object.fromEntries(await Promise.all(LASTING.map(async (path) => [path, await readFile(join(run, path), 'base64')])));

const stateOf = async (run: string): Promise<string> => {
  const reading = { files, now: Date.now, processes: processesHere() };
  return presentState(run, (await readRecord(files, run)).state, reading);
};

/** The state once the processes of a run are gone: the last of them may take a moment to die, or be about to name itself. */
const settledState = async (run: string): Promise<string> => {
  for (let waited = 0; waited < 15_000; waited += 50) {
    const state = await stateOf(run);
    if (state !== 'running') return state;
    await pause(50);
  }
  return 'running';
};

const exists = async (path: string): Promise<boolean> =>
  (await readdir(join(path, '..'))).includes(path.split('/').at(-1)!);

/** Waits until a run has so many checkpoints behind it. */
const untilStep = async (run: string, step: number): Promise<void> => {
  for (;;) {
    const record = await readRecord(files, run).catch(() => undefined);
    if (record && record.steps >= step) return;
    await pause(20);
  }
};

let reference: Record<string, string>;
let milliseconds: number;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'zdist-faults-'));
  // Twice, so that the time is that of a run that finds its data drawn.
  for (let i = 0; i < 2; i++) {
    const run = newRun();
    const begun = Date.now();
    expect((await start([...SHORT, '--out', run]).ended).code).toBe(0);
    milliseconds = Date.now() - begun;
    reference = await lasting(run);
  }
});

describe('a real process', () => {
  it(`killed at ${KILLS} random instants leaves a run that opens and goes on to the same bytes`, async () => {
    const random = keyedStream(1, 'kills', 0);
    let run = newRun();
    let finished = 0;
    for (let kill = 0; kill < KILLS; kill++) {
      const { child, ended } = start([...SHORT, '--out', run, '--resume', 'allow']);
      await pause(random.uniform() * milliseconds);
      if (child.exitCode === null) process.kill(-child.pid!, 'SIGKILL');
      const { code, stderr } = await ended;
      if (code !== null) expect([code, stderr]).toEqual([0, stderr]);
      if (!(await exists(run)) || !(await exists(join(run, 'run.json')))) continue;
      const { state, steps, inputs } = (await readRecord(files, run)) as Awaited<ReturnType<typeof readRecord>> & {
        inputs: { config: string; data?: string };
      };
      expect(await settledState(run)).toBe(state === 'running' ? 'crashed' : state);
      const { curve } = await readRunMetrics(files, run);
      expect(curve.every((point, i) => i === 0 || point.step > curve[i - 1]!.step)).toBe(true);
      if (state === 'done') {
        expect(await lasting(run)).toEqual(reference);
        run = newRun();
        finished++;
      } else if (inputs.data !== undefined && steps > 0) {
        // A checkpoint was taken after every chunk: not one is lost.
        const { restored, notes } = await restore(files, run, { config: inputs.config, data: inputs.data });
        expect(notes).toEqual([]);
        expect(restored!.manifest.step).toBeGreaterThanOrEqual(steps);
      }
    }
    expect((await start([...SHORT, '--out', run, '--resume', 'allow']).ended).code).toBe(0);
    expect(await lasting(run)).toEqual(reference);
    if (KILLS > 100) console.log(`${KILLS} kills within ${milliseconds} ms each, ${finished + 1} runs finished`);
  }, 3_600_000);

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)(
    'told to stop by %s writes a checkpoint, says interrupted and exits with %i',
    async (signal, expected) => {
      const run = newRun();
      const { child, ended } = start([...ENDLESS, '--out', run]);
      await untilStep(run, 50);
      child.kill(signal);
      expect((await ended).code).toBe(expected);
      expect(await stateOf(run)).toBe('interrupted');
      const record = await readRecord(files, run);
      expect(await readdir(join(run, 'checkpoints'))).toContain(`step-${String(record.steps).padStart(6, '0')}.json`);
      expect(record.error).toBe(`stopped by ${signal} at step ${record.steps}`);
    },
  );

  it('leaves at once at a second signal, and can be gone on with', async () => {
    const run = newRun();
    const { child, ended } = start([...ENDLESS, '--out', run]);
    await untilStep(run, 50);
    child.kill('SIGINT');
    child.kill('SIGTERM');
    expect([130, 143]).toContain((await ended).code);
    expect(['crashed', 'interrupted']).toContain(await settledState(run));
    const again = start([run, '--checkpoint-every', '0']);
    const { steps } = await readRecord(files, run);
    await untilStep(run, steps + 1);
    again.child.kill('SIGINT');
    expect((await again.ended).stderr).toContain('goes on from step');
  });

  it('cannot take a run that another one writes', async () => {
    const run = newRun();
    const first = start([...ENDLESS, '--out', run]);
    await untilStep(run, 50);
    const { code, stderr } = await start([run]).ended;
    expect(code).toBe(2);
    expect(stderr).toMatch(/expected a run that nobody writes, got one that process \d+ on \S+ writes/);
    expect(await stateOf(run)).toBe('running');
    first.child.kill('SIGINT');
    expect((await first.ended).code).toBe(130);
  });

  it.skipIf(process.platform === 'win32')('fails where a file may not grow, with its last state intact', async () => {
    const run = newRun();
    // Files of at most 100 blocks of 1024 bytes: the first checkpoint is larger.
    const limited = await start([...SHORT, '--out', run], ['bash', '-c', 'ulimit -f 100; exec "$@"', 'bash']).ended;
    expect(limited.code).toBe(1);
    expect(limited.stderr).toMatch(/cannot write .*step-\d+\.safetensors: file too large \(EFBIG\)/);
    expect(await stateOf(run)).toBe('failed');
    expect((await start([run, '--checkpoint-every', '0']).ended).code).toBe(0);
    expect(await lasting(run)).toEqual(reference);
  });
});
