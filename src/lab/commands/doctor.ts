import { readFileSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { freemem, totalmem } from 'node:os';
import { describeMachine, describeVersions } from '../studies/machine.js';
import type { QueueAddress } from '../sweep/queue/address.js';
import type { Effects, Given } from './effects.js';
import { EXIT } from './exitCodes.js';
import { isSet } from './options.js';
import { queueAddress } from './sweepSetup.js';

const gib = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GiB`;

/** The kernel lists what the processor can do on Linux alone. */
const avx512 = (): string => {
  if (process.platform !== 'linux' || process.arch !== 'x64') return 'unknown on this platform';
  return /\bavx512f\b/.test(readFileSync('/proc/cpuinfo', 'utf8')) ? 'yes' : 'no';
};

interface QueueFindings {
  readonly findings: Readonly<Record<string, string>>;
  /** Why the queue must not be used; absent where it may. */
  readonly refused?: string | undefined;
}

const examineQueue = async (address: QueueAddress): Promise<QueueFindings> => {
  const { inspectRedis, refusal, warning } = await import('../sweep/queue/redis.js');
  const redis = await inspectRedis(address);
  const refused = refusal(redis);
  const lacking = warning(redis);
  return {
    findings: {
      queue: address.shown,
      Redis: redis.version,
      'maxmemory-policy': redis.evictionPolicy,
      'append-only file': redis.appendOnly ? 'yes' : 'no',
      'fit for a queue': refused ? `no: ${refused}` : lacking ? `yes, but ${lacking}` : 'yes',
    },
    refused,
  };
};

export const run = async (given: Given, effects: Effects): Promise<number> => {
  const { cwd, cores, stdout, stderr } = effects;
  const address = await queueAddress(given, effects);
  const queue = address && (await examineQueue(address));
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
    ...queue?.findings,
  };
  const width = Math.max(...Object.keys(findings).map((key) => key.length));
  const lines = Object.entries(findings).map(([key, value]) => `${key.padEnd(width)}  ${value}\n`);
  stdout.write(isSet(given, 'json') ? `${JSON.stringify(findings, null, 2)}\n` : lines.join(''));
  if (queue?.refused) stderr.write(`zdist: --queue: ${queue.refused}\n`);
  return queue?.refused ? EXIT.failure : EXIT.done;
};
