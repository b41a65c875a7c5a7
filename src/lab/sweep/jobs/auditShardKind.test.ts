import files, { mkdir, mkdtemp, readFile, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { normals } from '../../../../test/support/latentCodes.js';
import { memoryStore } from '../../../../test/support/sweep.js';
import { writeNpy } from '../../../vae/data/arrays/index.js';
import { decodeSummary, identifyCodes } from '../../audit/index.js';
import { mergedShards, shardedAudit } from '../auditShards.js';
import type { Outcome } from '../outcome.js';
import { attemptJob } from './attemptJob.js';
import { type AuditShardSpec, auditShardKind } from './auditShardKind.js';
import { confinedCodes } from './dataPlace.js';
import type { JobContext, JobSpec } from './job.js';

const ROWS = 1500;
const code = { zdist: '1' };
const given = { options: { z: 'codes/z_*.npy' } };
const about = { of: 3, seed: 1, code };

let home: string;

const work = async (spec: JobSpec, context: Partial<JobContext> = {}) => {
  const folder = await mkdtemp(join(tmpdir(), 'zdist-shard-'));
  const kind = auditShardKind({ files, code, folderOf: confinedCodes(home) });
  const signal = new AbortController().signal;
  const checkpoint = { read: () => Promise.resolve(undefined), write: () => Promise.resolve() };
  const told = {
    id: 'a',
    name: 'shard',
    folder,
    signal,
    checkpoint,
    onProgress: () => undefined,
    onNote: () => undefined,
  };
  const end = await kind.work(spec, { ...told, ...context });
  return { end, folder };
};
const specs = async (): Promise<AuditShardSpec[]> =>
  (await shardedAudit(home, given, about)).jobs.map(({ spec }) => spec as AuditShardSpec);

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'zdist-data-'));
  await mkdir(join(home, 'codes'));
  for (const part of [1, 2]) {
    const z = normals((ROWS / 2) * 2, `z${part}`);
    await writeFile(join(home, 'codes', `z_${part}.npy`), writeNpy(z, [ROWS / 2, 2]));
  }
  await symlink('/etc', join(home, 'away'));
});

describe('auditShardKind', () => {
  it('summarises its part of the rows, and nothing else is an artefact', async () => {
    const [, second] = await specs();
    const { end, folder } = await work(second!);
    expect(end).toEqual({ state: 'done', files: ['shard-2-of-3.summary'], tells: [] });
    const { shard, train } = decodeSummary(await readFile(join(folder, 'shard-2-of-3.summary')), 'a');
    expect([shard, train.n, train.summary.rows]).toEqual([{ index: 2, of: 3 }, ROWS, [[512, 1024]]]);
  });

  it('ends when it is told to', async () => {
    const [first] = await specs();
    const { end } = await work(first!, { signal: AbortSignal.abort('SIGTERM') });
    expect(end).toEqual({ state: 'interrupted', reason: 'stopped by SIGTERM' });
  });

  it('refuses what is no shard of codes in its data folder', async () => {
    const [spec] = await specs();
    const refused = (changes: object, message: string | RegExp) =>
      expect(work({ ...spec!, ...changes }), JSON.stringify(changes)).rejects.toThrow(message);
    const asking = (request: object, message: string | RegExp) => refused({ request }, message);
    for (const z of ['/etc/passwd.npy', '../z.npy', 'codes/../../z.npy', 'codes\\..\\..\\z.npy']) {
      await asking({ options: { z } }, `codes: expected files within ZDIST_DATA_DIR, got ${JSON.stringify(z)}`);
    }
    await asking(
      { options: { z: 'away/host*' } },
      /expected files within ZDIST_DATA_DIR, got .*, which leads out of it/,
    );
    await asking({ options: {}, codes: 'away/passwd' }, 'which leads out of it');
    await asking({ options: { z: 'gone.npy' } }, 'which is not there');
    await asking({ options: {} }, 'codes: expected files within ZDIST_DATA_DIR, got none');
    await asking({ options: {}, sql: 'select 1' }, /job: request: .*sql/);
    await asking({ options: { labels: 'l.npy' } }, /job: request.options: /);
    await refused({ shard: { index: 4, of: 3 } }, 'job: shard: expected index <= of');
    await refused({ seed: -1 }, 'job: seed: ');
    await refused({ code: { zdist: '2' } }, 'job: expected zdist 2, got a worker with zdist 1');
    await refused(
      { data: { train: '0'.repeat(64) } },
      /^codes: expected the fingerprint 0{16} and none held out, got /,
    );
    const unset = auditShardKind({ files, code, folderOf: confinedCodes(undefined) });
    await expect(unset.work(spec!, {} as JobContext)).rejects.toThrow('and ZDIST_DATA_DIR is not set');
  });
});

describe('shardedAudit', () => {
  it('is the same for the same codes, and another for a file that was changed or another seed', async () => {
    const [a, b] = [await shardedAudit(home, given, about), await shardedAudit(home, given, about)];
    expect(a).toEqual(b);
    expect(a.name).toMatch(/^audit-[0-9a-f]{16}$/);
    expect((await shardedAudit(home, given, { ...about, seed: 2 })).name).not.toBe(a.name);
    const path = join(home, 'codes/z_2.npy');
    await files.utimes(path, 1, 1);
    const touched = await shardedAudit(home, given, about);
    expect([touched.name === a.name, touched.jobs]).toEqual([false, a.jobs]);
  });

  it('leaves queries and labels to a single machine', async () => {
    await expect(shardedAudit(home, { options: {}, sql: 'select 1' }, about)).rejects.toThrow('--sql: expected files');
    const labels = { options: { ...given.options, labels: 'l.npy' } };
    await expect(shardedAudit(home, labels, about)).rejects.toThrow('--labels: expected none beside --shards');
  });

  it('is joined from what was committed, and says what was not', async () => {
    // The memory store keeps no files: they are put where it would have published them.
    const store = memoryStore();
    const { jobs } = await shardedAudit(home, given, about);
    const kinds = { 'audit-shard': auditShardKind({ files, code, folderOf: confinedCodes(home) }) };
    const publish: typeof store.publish = async (key, folder, names) => {
      for (const name of names) published.set(`${key}/${name}`, await readFile(join(folder, name)));
    };
    const published = new Map<string, Uint8Array>();
    const kept = { ...store, publish, read: async (key: string) => published.get(key) ?? store.read(key) };
    const outcomes = new Map<string, Outcome>();
    const effects = { store: kept, kinds, worker: 'w', now: Date.now, signal: new AbortController().signal };
    for (const job of jobs) outcomes.set(job.id, (await attemptJob(job, effects)) as Outcome);
    const { train } = await mergedShards(kept, jobs, outcomes);
    expect([train.rows, train.sums!.coMoments.n]).toEqual([[[0, ROWS]], ROWS]);

    outcomes.set(jobs[0]!.id, { state: 'failed', reason: 'a bad day' });
    outcomes.delete(jobs[1]!.id);
    published.clear();
    await expect(mergedShards(kept, jobs, outcomes)).rejects.toThrow(
      /^shard 1 of 3: a bad day\nshard 2 of 3: expected a summary, got none\nshard 3 of 3: expected a summary, got no memory/,
    );
  });

  it('takes held-out codes along', async () => {
    const held = { options: { z: 'codes/z_1.npy', 'test-z': 'codes/z_2.npy' } };
    const { jobs } = await shardedAudit(home, held, about);
    expect((jobs[0]!.spec as AuditShardSpec).data).toEqual(await identifyCodes(home, held));
    expect(await work(jobs[0]!.spec)).toMatchObject({ end: { state: 'done' } });
  });
});
