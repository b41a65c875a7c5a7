/** The built command line as a process of its own. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const ZDIST = fileURLToPath(new URL('../../dist/lab/commands/zdist.js', import.meta.url));

export interface ZdistProcess {
  readonly pid: number;
  /** stdout and stderr so far. */
  readonly output: () => string;
  readonly ended: Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }>;
  kill(signal: NodeJS.Signals): void;
  /** Waits until the output matches. Throws after `seconds`, with the output. */
  until(pattern: RegExp, seconds?: number): Promise<RegExpExecArray>;
}

const running = new Set<ZdistProcess>();

/** Ends what a test left running. */
export const endProcesses = async (): Promise<void> => {
  const left = [...running];
  for (const each of left) {
    each.kill('SIGCONT');
    each.kill('SIGKILL');
  }
  await Promise.all(left.map(({ ended }) => ended));
};

export const startZdist = (
  args: readonly string[],
  options: { cwd: string; env?: NodeJS.ProcessEnv },
): ZdistProcess => {
  const env = { ...process.env, ...options.env };
  const child = spawn(process.execPath, [ZDIST, ...args], { cwd: options.cwd, env });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const output = (): string => stdout + stderr;
  const started: ZdistProcess = {
    pid: child.pid!,
    output,
    ended: new Promise((resolve) =>
      child.on('close', (code) => {
        running.delete(started);
        resolve({ code, stdout, stderr });
      }),
    ),
    kill: (signal) => void child.kill(signal),
    until: async (pattern, seconds = 60) => {
      for (const end = Date.now() + 1000 * seconds; Date.now() < end; ) {
        const match = pattern.exec(output());
        if (match) return match;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      throw new Error(`expected output that matches ${pattern} within ${seconds} s, got:\n${output()}`);
    },
  };
  running.add(started);
  return started;
};
