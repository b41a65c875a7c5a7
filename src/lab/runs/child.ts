import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { FromChild, ToChild } from './job.js';

/** A child process that runs one job, as the parent sees it. */
export interface RunChild {
  readonly pid: number | undefined;
  send(message: ToChild): void;
  onMessage(listener: (message: FromChild) => void): void;
  /** Called once; `reason` says how the process ended. */
  onEnd(listener: (reason: string) => void): void;
}

export type SpawnRun = () => RunChild;

const WORKER = fileURLToPath(new URL('./worker.js', import.meta.url));
const TAIL = 2000;

const endReason = (code: number | null, signal: NodeJS.Signals | null, stderr: string): string => {
  if (signal === 'SIGKILL') return 'its process was killed by SIGKILL (by hand, or for want of memory)';
  const last = stderr.trim().split('\n').at(-1);
  return `its process ended early with ${signal ?? `exit code ${code}`}${last ? `: ${last}` : ''}`;
};

const living = new Set<ReturnType<typeof fork>>();
process.once('exit', () => {
  for (const child of living) child.kill('SIGKILL');
});

/** Starts `worker` as a process of its own, with messages by structured clone. It does not outlive this process. */
export const forkRun = (worker: string = WORKER): RunChild => {
  // Where the queue is, and its password, are no business of a run.
  const { ZDIST_QUEUE: _queue, ...env } = process.env;
  const child = fork(worker, { serialization: 'advanced', stdio: ['ignore', 'ignore', 'pipe', 'ipc'], env });
  living.add(child);
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-TAIL);
  });
  return {
    pid: child.pid,
    // A child that is gone answers by its end, not here.
    send: (message) => void child.send(message, () => undefined),
    onMessage: (listener) => void child.on('message', (message) => listener(message as FromChild)),
    onEnd: (listener) => {
      const end = (reason: string): void => {
        if (living.delete(child)) listener(reason);
      };
      child.on('error', (error) => end(`its process could not be started: ${error.message}`));
      // `close` comes after the last message and the last byte of stderr; `exit` does not.
      child.on('close', (code, signal) => end(endReason(code, signal, stderr)));
    },
  };
};
