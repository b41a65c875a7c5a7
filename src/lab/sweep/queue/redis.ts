import { Redis } from 'ioredis';
import { InputError } from '../../../engine/errors/index.js';
import type { QueueAddress } from './address.js';

const LONGEST_PAUSE = 1000;
const CONNECT_TIMEOUT = 5000;

const tlsOf = ({ authorities }: QueueAddress) => (authorities === undefined ? {} : { tls: { ca: authorities } });

/** Connections that come back by themselves. `retries` bounds the tries of one command; null waits for as long as it takes. */
export const connectionTo = (address: QueueAddress, retries: number | null) => ({
  url: address.url,
  ...tlsOf(address),
  maxRetriesPerRequest: retries,
  connectTimeout: CONNECT_TIMEOUT,
  retryStrategy: (times: number) => Math.min(100 * times, LONGEST_PAUSE),
});

/** Codes of TLS for a certificate of an authority that is not known. */
const UNKNOWN_AUTHORITY: ReadonlySet<string | undefined> = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'CERT_SIGNATURE_FAILURE',
]);

const adviceFor = (error: Error): string =>
  UNKNOWN_AUTHORITY.has((error as NodeJS.ErrnoException).code)
    ? '; name the file of its authority by --queue-ca or ZDIST_QUEUE_CA'
    : '';

export interface RedisFindings {
  readonly version: string;
  /** What Redis does when its memory is full. */
  readonly evictionPolicy: string;
  readonly appendOnly: boolean;
}

/** Asks Redis what it is set to. Throws: InputError when it does not answer within 5 s, or refuses us. */
export const inspectRedis = async (address: QueueAddress): Promise<RedisFindings> => {
  const redis = new Redis(address.url, {
    ...tlsOf(address),
    lazyConnect: true,
    connectTimeout: CONNECT_TIMEOUT,
    commandTimeout: CONNECT_TIMEOUT,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  let cause: Error | undefined;
  redis.on('error', (error) => {
    cause ??= error;
  });
  try {
    await redis.connect();
    const info = await redis.info();
    const value = (name: string): string => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1] ?? 'unknown';
    return {
      version: value('redis_version'),
      evictionPolicy: value('maxmemory_policy'),
      appendOnly: value('aof_enabled') === '1',
    };
  } catch (error) {
    const reason = cause ?? (error instanceof Error ? error : new Error(String(error)));
    const got = `${address.redact(reason.message)}${adviceFor(reason)}`;
    throw new InputError(`--queue: expected Redis at ${address.shown}, got ${got}`);
  } finally {
    redis.disconnect();
  }
};

/** Why a queue must not run on this Redis; undefined where it may. */
export const refusal = ({ evictionPolicy }: RedisFindings): string | undefined =>
  evictionPolicy === 'noeviction'
    ? undefined
    : `expected maxmemory-policy noeviction, got ${evictionPolicy}: a full Redis would drop jobs`;

/** What may be lost without harm to results; undefined where nothing is. */
export const warning = ({ appendOnly }: RedisFindings): string | undefined =>
  appendOnly ? undefined : 'no append-only file: a restart forgets the queue, and reconcile has to fill it again';

/** Throws: InputError where a queue must not run. */
export const requireSafeRedis = async (address: QueueAddress): Promise<void> => {
  const problem = refusal(await inspectRedis(address));
  if (problem) throw new InputError(`--queue: ${address.shown}: ${problem}`);
};
