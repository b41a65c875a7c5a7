import { tmpdir } from 'node:os';
import { afterEach, describe, expect, it } from 'vitest';
import { freePort, startRedis, type TestRedis, withoutRedis } from '../../../test/support/redis.js';
import { effects } from '../../../test/support/study.js';
import { main } from './program.js';

const doctor = async (url: string) => {
  const given = effects(tmpdir());
  const code = await main(['doctor', '--queue', url], '0.1.0', given);
  return { code, stdout: given.stdout.text, stderr: given.stderr.text };
};

describe('zdist doctor --queue', () => {
  it.each(['http://127.0.0.1', 'secret', 'redis://', 'redis://127.0.0.1?password=secret'])(
    'refuses %s',
    async (url) => {
      expect(await doctor(url)).toEqual({
        code: 2,
        stdout: '',
        stderr: 'zdist: --queue: expected redis://host:port or rediss://user:password@host:port, got another text\n',
      });
    },
  );

  it('says that nobody answers, without the password', async () => {
    const port = await freePort();
    const { code, stderr } = await doctor(`redis://me:secret@127.0.0.1:${port}`);
    expect([code, stderr]).toEqual([
      2,
      `zdist: --queue: expected Redis at redis://me:***@127.0.0.1:${port}, got connect ECONNREFUSED 127.0.0.1:${port}\n`,
    ]);
  });
});

describe.skipIf(withoutRedis)('zdist doctor with Redis', () => {
  let redis: TestRedis | undefined;
  afterEach(() => redis?.stop());

  it('refuses one that drops what it holds', async () => {
    redis = await startRedis({ policy: 'allkeys-lru' });
    const { code, stdout, stderr } = await doctor(redis.url);
    expect([code, stderr]).toEqual([
      1,
      'zdist: --queue: expected maxmemory-policy noeviction, got allkeys-lru: a full Redis would drop jobs\n',
    ]);
    expect(stdout).toMatch(/^maxmemory-policy +allkeys-lru$/m);
  });

  it('warns of one without an append-only file', async () => {
    redis = await startRedis();
    const { code, stdout } = await doctor(redis.url);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^fit for a queue +yes, but no append-only file: a restart forgets the queue/m);
  });

  it('is content with one that is set as it should be, behind a password', async () => {
    redis = await startRedis({ appendOnly: true, password: 'secret' });
    const { code, stdout } = await doctor(redis.url);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^fit for a queue +yes$/m);
    expect(stdout).not.toContain('secret');
    const refused = await doctor(redis.url.replace('secret', 'wrong'));
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(/expected Redis at redis:\/\/:\*\*\*@127\.0\.0\.1:\d+, got WRONGPASS/);
  });
});
