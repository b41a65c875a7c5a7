import { hostname } from 'node:os';
import { InputError } from '../../engine/errors/index.js';
import { auditShardKind } from '../sweep/jobs/auditShardKind.js';
import { trainKind } from '../sweep/jobs/trainKind.js';
import { requireSafeRedis } from '../sweep/queue/redis.js';
import { takeJobs } from '../sweep/queue/takeJobs.js';
import { openRoot } from '../sweep/store/openStore.js';
import type { Effects, Given } from './effects.js';
import { EXIT, exitOfSignal } from './exitCodes.js';
import { isSet, text } from './options.js';
import { auditShardEffects, countOf, queueAddress, trainEffects } from './sweepSetup.js';

const DEFAULT_LOCK = 30_000;
const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000 };

/** Milliseconds of `500ms`, `30s`, `2m`. Throws InputError below 100 ms and above an hour. */
const lockOf = (given: Given): number => {
  const asked = text(given, 'lock');
  if (asked === undefined) return DEFAULT_LOCK;
  const [, count, unit] = /^(\d+)(ms|s|m)$/.exec(asked) ?? [];
  const milliseconds = Number(count) * UNITS[unit!]!;
  if (milliseconds >= 100 && milliseconds <= 3_600_000) return milliseconds;
  throw new InputError(`--lock: expected a time in 100ms … 60m, as 30s, got ${JSON.stringify(asked)}`);
};

export const run = async (given: Given, effects: Effects): Promise<number> => {
  const { env, cwd, now, stderr } = effects;
  const address = await queueAddress(given, effects);
  if (!address) throw new InputError('worker: expected --queue or ZDIST_QUEUE, got neither');
  const lock = lockOf(given);
  const atOnce = countOf(given, 'workers', 1, 1024) ?? 1;
  const root = await openRoot(text(given, 'store') ?? 'sweeps', cwd, env);
  await requireSafeRedis(address);
  const laboratory = await effects.laboratory();
  const log = (line: string): void => void (isSet(given, 'quiet') || stderr.write(`${line}\n`));
  const interrupt = effects.interrupt();
  const worker = `${hostname()}:${process.pid}`;
  log(`${worker} takes jobs from ${address.shown} into ${root.name}`);
  await takeJobs({
    address,
    root,
    kinds: {
      train: trainKind(trainEffects(given, effects, laboratory, { confined: true, log })),
      'audit-shard': auditShardKind(auditShardEffects(effects)),
    },
    atOnce,
    lock,
    worker,
    now,
    interrupt,
    drain: isSet(given, 'drain'),
    log,
  });
  return interrupt.aborted ? exitOfSignal(interrupt.reason) : EXIT.done;
};
