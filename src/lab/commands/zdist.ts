#!/usr/bin/env node
import { readFileSync } from 'node:fs';

import { availableParallelism, freemem } from 'node:os';
import { disk } from '../runs/disk.js';

import type { Effects } from './effects.js';
import { exitOfSignal } from './exitCodes.js';
import { main } from './program.js';

const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

const interruption = new AbortController();
const listenForSignals = (): AbortSignal => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    if (process.listenerCount(signal) > 0) continue;
    process.on(signal, () => {
      if (interruption.signal.aborted) process.exit(exitOfSignal(signal));
      interruption.abort(signal);
    });
  }
  return interruption.signal;
};

const effects: Effects = {
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  cwd: process.cwd(),
  cores: availableParallelism(),
  availableMemory: () => process.availableMemory?.() ?? freemem(),
  files: disk,
  now: () => Date.now(),
  interrupt: listenForSignals,
  laboratory: async () => (await import('../laboratory.js')).laboratory,
};

// Whoever may list processes sees their arguments, and the title takes their place.
if (process.argv.some((argument) => /rediss?:\/\/[^@\s]*@/.test(argument))) process.title = 'zdist';

// A reader that has seen enough (`zdist ... | head`) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

process.exitCode = await main(process.argv.slice(2), version, effects);
