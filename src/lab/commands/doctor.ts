import { readFileSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { freemem, totalmem } from 'node:os';
import { describeMachine, describeVersions } from '../studies/machine.js';
import type { Effects, Given } from './effects.js';
import { isSet } from './options.js';

const gib = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GiB`;

/** The kernel lists what the processor can do on Linux alone. */
const avx512 = (): string => {
  if (process.platform !== 'linux' || process.arch !== 'x64') return 'unknown on this platform';
  return /\bavx512f\b/.test(readFileSync('/proc/cpuinfo', 'utf8')) ? 'yes' : 'no';
};

export const run = async (given: Given, { cwd, cores, stdout }: Effects): Promise<number> => {
  const { cpu, platform } = describeMachine();
  const disk = await statfs(cwd);
  const findings: Record<string, string> = {
    cpu,
    platform,
    threads: String(cores),
    'AVX-512': avx512(),
    memory: `${gib(freemem())} free of ${gib(totalmem())}`,
    disk: `${gib(disk.bavail * disk.bsize)} free in ${cwd}`,
    ...describeVersions(),
  };
  const width = Math.max(...Object.keys(findings).map((key) => key.length));
  const lines = Object.entries(findings).map(([key, value]) => `${key.padEnd(width)}  ${value}\n`);
  stdout.write(isSet(given, 'json') ? `${JSON.stringify(findings, null, 2)}\n` : lines.join(''));
  return 0;
};
