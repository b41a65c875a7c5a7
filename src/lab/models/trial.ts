/** A user's model runs in a process of its own before it runs here: what hangs or crashes there ends nothing but the trial. */
import { fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { HostTensor, Runtime } from '../../engine/runtime/index.js';

const PROCESS = fileURLToPath(new URL('./trialProcess.js', import.meta.url));
/** Loading a model, and its first run, may take so long each, in seconds. */
export const TRIAL_SECONDS = 120;

export type ToTrial =
  | { readonly type: 'load'; readonly model: Uint8Array }
  | { readonly type: 'run'; readonly feeds: Readonly<Record<string, HostTensor>> };
/** What was asked has ended, well or by an exception. */
export type FromTrial = 'ended';

interface Trial {
  /** Throws: where the process ends before it answers, or takes too long. */
  ask(message: ToTrial): Promise<void>;
  end(): void;
}

const startTrial = (process: string, seconds: number): Trial => {
  const child = fork(process, { serialization: 'advanced', stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
  // It holds nothing up: not the end of this process, which is the end of it.
  child.unref();
  return {
    ask: (message) =>
      new Promise((resolve, reject) => {
        const settle = (error?: Error): void => {
          clearTimeout(timer);
          child.removeAllListeners();
          if (error) reject(error);
          else resolve();
        };
        const timer = setTimeout(() => settle(new Error(`no end of it within ${seconds} s`)), 1000 * seconds);
        child.once('message', () => settle());
        child.once('error', settle);
        child.once('exit', (code, signal) => settle(new Error(`the end of its process (${signal ?? `exit ${code}`})`)));
        child.send(message, (error) => error && settle(error));
      }),
    end: () => void child.kill('SIGKILL'),
  };
};

/**
 * The same runtime, for models of unknown making. What a model throws is thrown by this process, as ever.
 *
 * Where this program runs from its source, there is no file to start a process from, and nothing is tried.
 */
export const triedFirst = (runtime: Runtime, seconds = TRIAL_SECONDS, process = PROCESS): Runtime => {
  if (!existsSync(process)) return runtime;
  return {
    ...runtime,
    load: async (model) => {
      const trial = startTrial(process, seconds);
      try {
        await trial.ask({ type: 'load', model });
        const session = await runtime.load(model);
        let tried: Promise<void> | undefined;
        return {
          ...session,
          run: async (feeds) => {
            tried ??= trial.ask({ type: 'run', feeds }).finally(trial.end);
            await tried;
            return session.run(feeds);
          },
          release: async () => {
            trial.end();
            await session.release();
          },
        };
      } catch (error) {
        trial.end();
        throw error;
      }
    },
  };
};
