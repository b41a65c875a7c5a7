/** A queue behind TLS and a password, and all that sweeps on it leave behind. */
import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { committedContent } from '../support/committed.js';
import { startRedis, type TestRedis, withoutRedis } from '../support/redis.js';
import { endProcesses, startZdist, type ZdistProcess } from '../support/zdistProcess.js';

const TLS = fileURLToPath(new URL('../fixtures/tls', import.meta.url));
const SWEEP =
  'base: { preset: lyeoni, limit: 120, epochs: 1, hidden: [8], batch: 20 }\ngrid: { regime: [joint, tandem] }\n';
const PASSWORD = 'open-sesame';

let home: string;
let redis: TestRedis;

const zdist = (line: string, env: NodeJS.ProcessEnv = {}): ZdistProcess =>
  startZdist(line.split(' '), { cwd: home, env: { ZDIST_CACHE_DIR: join(home, 'cache'), ...env } });
const authority = (name = 'authority'): NodeJS.ProcessEnv => ({ ZDIST_QUEUE_CA: join(TLS, `${name}.pem`) });
/** All that lies below the folder of the test, names included. */
const allWritten = async (): Promise<string> => {
  const entries = await readdir(home, { recursive: true, withFileTypes: true });
  const texts = entries.map(async (entry) =>
    entry.isFile() ? `${entry.name}\n${await readFile(join(entry.parentPath, entry.name), 'latin1')}` : entry.name,
  );
  return (await Promise.all(texts)).join('\n');
};

describe.skipIf(withoutRedis)('a queue behind TLS and a password', { timeout: 240_000 }, () => {
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'zdist-tls-'));
    await writeFile(join(home, 'sweep.yaml'), SWEEP);
    redis = await startRedis({ tls: TLS, user: 'alice', password: PASSWORD });
  });
  afterEach(endProcesses);
  afterAll(() => redis?.stop());

  it('carries a sweep, whose password is in nothing that was written, printed or listed', async () => {
    const env = { ZDIST_QUEUE: redis.url, ...authority() };
    // On the command line, for once, and as an option: what hides it there is tested as well.
    const worker = zdist(`worker --store sweeps --queue ${redis.url} --queue-ca ${join(TLS, 'authority.pem')}`);
    const sweep = zdist('sweep sweep.yaml --out sweeps/s --json', env);
    await worker.until(/started/);
    if (process.platform === 'linux') {
      const listed = await readFile(`/proc/${worker.pid}/cmdline`, 'latin1');
      expect(listed.replaceAll('\0', '')).toBe('zdist');
    }
    const { code, stdout, stderr } = await sweep.ended;
    expect(stderr).not.toContain('zdist:');
    expect(code).toBe(0);
    expect((await committedContent(join(home, 'sweeps/s'))).size).toBe(2);
    const doctor = await zdist('doctor', env).ended;
    expect(doctor.stdout).toContain(`rediss://alice:***@127.0.0.1:${redis.port}`);
    const said = [worker.output(), stdout, stderr, doctor.stdout, doctor.stderr, await allWritten()].join('\n');
    expect(said).not.toContain('sesame');
    expect(worker.output()).toContain('alice:***@');
  });

  it('is refused where nobody that is known vouches for it, before anything is written', async () => {
    const given = { ZDIST_QUEUE: redis.url };
    const commands: [string, NodeJS.ProcessEnv][] = [
      ['doctor', {}],
      ['worker --store other', authority('other')],
      ['sweep sweep.yaml --out other/s', authority('other')],
    ];
    for (const [line, env] of commands) {
      const { code, stdout, stderr } = await zdist(line, { ...given, ...env }).ended;
      expect(stderr, line).toContain(
        `zdist: --queue: expected Redis at rediss://alice:***@127.0.0.1:${redis.port}, got `,
      );
      expect(stderr).toContain('; name the file of its authority by --queue-ca or ZDIST_QUEUE_CA');
      expect([code, `${stdout}${stderr}`.includes('sesame')]).toEqual([2, false]);
    }
    expect(await readdir(home)).not.toContain('other');
  });

  it.each<[string, (url: string) => string, NodeJS.ProcessEnv, string]>([
    ['a wrong password', (url) => url.replace('sesame', 'barley'), authority(), 'WRONGPASS'],
    ['no TLS', (url) => url.replace('rediss', 'redis'), {}, 'zdist: --queue: expected Redis at redis://alice:***@'],
    ['an authority without TLS', (url) => url.replace('rediss', 'redis'), authority(), 'zdist: --queue-ca: expected'],
    ['another name of the server', (url) => url.replace('127.0.0.1', 'localhost'), authority(), 'Hostname/IP does not'],
    ['no file of authorities', (url) => url, { ZDIST_QUEUE_CA: 'none.pem' }, 'got none.pem (ENOENT)'],
    ['another file', (url) => url, { ZDIST_QUEUE_CA: 'sweep.yaml' }, 'got sweep.yaml (another content)'],
  ])('says what is wrong with %s', async (_, change, env, message) => {
    const { code, stdout, stderr } = await zdist('doctor', { ...env, ZDIST_QUEUE: change(redis.url) }).ended;
    expect(stderr).toContain(message);
    expect([code, /sesame|barley/.test(`${stdout}${stderr}`)]).toEqual([2, false]);
  });
});
