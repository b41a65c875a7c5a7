import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { normals } from '../../../test/support/latentCodes.js';
import { effects } from '../../../test/support/study.js';
import type { AuditResult } from '../../latent/audit/index.js';
import { writeNpy } from '../../vae/data/arrays/index.js';
import { auditSchema } from '../audit/index.js';
import { main } from './program.js';

const latents = 2;
let cwd: string;

const zdist = async (line: string) => {
  const given = effects(cwd, { env: { ZDIST_CACHE_DIR: join(cwd, 'cache'), ZDIST_THREADS: '1' } });
  const code = await main(line.split(' '), '0.1.0', given);
  return { code, stdout: given.stdout.text, stderr: given.stderr.text };
};
const save = (name: string, values: Float32Array): Promise<void> =>
  writeFile(join(cwd, name), writeNpy(values, [values.length / latents, latents]));
/** What two audits of the same codes agree on. */
const auditIn = async (out: string): Promise<Omit<AuditResult, 'seconds'>> => {
  const { seconds, ...rest } = auditSchema.parse(JSON.parse(await readFile(join(cwd, out, 'audit.json'), 'utf8')));
  expect(seconds).toBeGreaterThanOrEqual(0);
  return rest;
};

beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'zdist-streamed-'));
  const mu = normals(1000 * latents, 'mu').map((v, i) => (i % latents === 0 ? 0.9 * v + 0.5 : 0.8 * v));
  await save('mu.npy', mu);
  await save(
    'log_var.npy',
    normals(1000 * latents, 'sigma').map((v) => 0.1 * v - 1.5),
  );
  mu[601] = Number.NaN;
  await save('wrong.npy', mu);
  await save('ones.npy', new Float32Array(1000 * latents).fill(1));
});

describe('zdist audit --shard and audit merge', () => {
  it('give the audit of one pass, which can be made to fail on its verdict', async () => {
    const arrays = '--mu mu.npy --log-var log_var.npy --quiet';
    const once = await zdist(`audit ${arrays} --stream --out once --fail-on mismatched`);
    expect([once.code, once.stderr]).toEqual([3, '']);
    expect(once.stdout).toContain('MISMATCHED');
    expect(once.stdout).toContain('Streamed: moments, rate,');

    for (const shard of ['2/3', '1/3', '3/3']) {
      const { code, stdout } = await zdist(`audit ${arrays} --shard ${shard}`);
      expect([code, stdout]).toEqual([
        0,
        `summary  ${join(cwd, 'shards', `shard-${shard.replace('/', '-of-')}.summary`)}\n`,
      ]);
    }
    expect((await readdir(join(cwd, 'shards'))).sort()).toEqual([1, 2, 3].map((i) => `shard-${i}-of-3.summary`));
    const files = [3, 1, 2].map((i) => `shards/shard-${i}-of-3.summary`).join(' ');
    expect((await zdist(`audit merge ${files} --quiet --out merged`)).code).toBe(0);
    const [a, b] = [await auditIn('merged'), await auditIn('once')];
    expect(a.statistics.holeMass).toEqual(b.statistics.holeMass);
    expect(a.statistics.c2st).toEqual(b.statistics.c2st);
    expect(a.statistics.kolmogorovSmirnov).toEqual(b.statistics.kolmogorovSmirnov);
    expect(a.codes).toEqual(b.codes);
    expect(a.reasons.map(({ statistic }) => statistic)).toEqual(b.reasons.map(({ statistic }) => statistic));
    expect(a.panels.dimensions.map(({ qq }) => qq)).toEqual(b.panels.dimensions.map(({ qq }) => qq));
  });

  it.each([
    [
      'audit --z wrong.npy --shard 2/4 --quiet',
      'wrong.npy: expected finite numbers, got NaN at row 300, column 1 (counted from 0)',
    ],
    [
      'audit --mu mu.npy --log-var log_var.npy --shard 1/3',
      `--out: expected a folder without shard-1-of-3.summary, got`,
    ],
    ['audit --z ones.npy --stream --labels mu.npy', '--labels: expected codes that are read into memory'],
    ['audit --z ones.npy --shard 0/2', '--shard: expected i/n with 1 <= i <= n <= 100000, as 3/100, got "0/2"'],
    ['audit runs/joint --shard 1/2', '--shard: expected arrays, got runs/joint'],
    ['audit runs/joint --stream', 'audit: expected a run, models or arrays, got the run runs/joint and --stream'],
    ['audit merge', 'audit merge: expected files of shards, got none'],
    ['audit merge nowhere.summary', 'nowhere.summary: expected a file that can be read (ENOENT)'],
    ['audit merge a.summary --z ones.npy --seed 2', 'audit merge: expected files of shards alone, got --z, --seed'],
    ['audit merge mu.npy', 'mu.npy: expected a summary, as zdist audit --shard writes it, got another beginning'],
  ])('%s is refused', async (line, message) => {
    const { code, stderr } = await zdist(line);
    expect(code).toBe(2);
    expect(stderr).toContain(`zdist: ${message}`);
  });
});
