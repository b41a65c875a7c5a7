/** The built command line: an audit of arrays from files, and of a run that was trained just before. */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { auditSchema } from '../../src/lab/audit/index.js';
import { decodeSummary } from '../../src/lab/audit/streaming/summaryFile.js';
import type { SavedSummary } from '../../src/lab/audit/streaming/summarySchema.js';
import { writeNpy } from '../../src/vae/data/arrays/index.js';
import { clusters } from '../support/smallAudit.js';

const ZDIST = fileURLToPath(new URL('../../dist/lab/commands/zdist.js', import.meta.url));
let home: string;

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const zdist = (line: string): Promise<Ended> => {
  const env = { ...process.env, ZDIST_CACHE_DIR: join(home, 'cache') };
  const child = spawn(process.execPath, [ZDIST, ...line.split(' ')], { cwd: home, env });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr })));
};

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'zdist-e2e-audit-'));
});

describe('zdist audit', () => {
  it('guards a pipeline with arrays from files', async () => {
    const n = 400;
    await writeFile(join(home, 'mu.npy'), writeNpy(clusters(n, 3, 5).mu, [n, 3]));
    await writeFile(join(home, 'log_var.npy'), writeNpy(new Float64Array(3 * n).fill(Math.log(0.25)), [n, 3]));
    const line = 'audit --mu mu.npy --log-var log_var.npy --fail-on mismatched --threads 1';
    const { code, stdout, stderr } = await zdist(`${line} --json --quiet --out codes`);
    expect([code, stderr]).toEqual([3, '']);
    const result = auditSchema.parse(JSON.parse(stdout));
    expect(result).toMatchObject({ verdict: 'mismatched', codes: { latents: 3 } });
    expect(result.sampleFrom).not.toBe('N(0, I)');
    expect(await readFile(join(home, 'codes/audit.json'), 'utf8')).toBe(stdout);
    const page = await readFile(join(home, 'codes/audit.html'), 'utf8');
    expect(page).toContain('Mismatched');
    expect(page.length).toBeLessThan(5e6);

    const again = await zdist(`${line} --out codes`);
    expect(again.code).toBe(2);
    expect(again.stderr).toBe(
      `zdist: --out: expected a new or empty folder, got ${join(home, 'codes')}, which is not empty\n`,
    );
  });

  it('audits a run, and shows what its decoder draws from the deepest holes', async () => {
    const trained = await zdist('train --preset lyeoni --limit 600 --epochs 1 --threads 1 --quiet --out run');
    expect(trained.code).toBe(0);
    const { code, stdout } = await zdist('audit run --threads 1 --out found');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^(COLLAPSED|MATCHED|MISMATCHED) {2}\S/);
    expect(stdout).toContain(`report  file://${join(home, 'found')}/audit.html`);
    expect(await readFile(join(home, 'found/audit.html'), 'utf8')).toContain('data:image/png;base64,');
  });

  it('refuses pickled objects with one line and exit code 2', async () => {
    const { refused } = JSON.parse(await readFile(new URL('../reference/npy_read.json', import.meta.url), 'utf8')) as {
      refused: { objects: string };
    };
    await writeFile(join(home, 'objects.npy'), Buffer.from(refused.objects, 'hex'));
    const { code, stderr } = await zdist('audit --z objects.npy --out none');
    expect(code).toBe(2);
    expect(stderr).toMatch(/^zdist: objects\.npy: expected an array of numbers, got pickled Python objects.*\n$/);
  });
});

it('reads codes by threads of their own: the same sample and counts as one thread, and moments to rounding', async () => {
  const z = Float32Array.from({ length: 3 * 2000 }, (_, i) => Math.sin(i * i));
  await writeFile(join(home, 'stream.npy'), writeNpy(z, [2000, 3]));
  const summaries: SavedSummary[] = [];
  for (const threads of [1, 3]) {
    const { code, stderr } = await zdist(
      `audit --z stream.npy --shard 1/1 --quiet --threads ${threads} --out threads${threads}`,
    );
    expect([code, stderr]).toEqual([0, '']);
    const file = await readFile(join(home, `threads${threads}`, 'shard-1-of-1.summary'));
    summaries.push(decodeSummary(file, 'shard').train.summary);
  }
  const [one, three] = summaries;
  expect(three!.sample).toEqual(one!.sample);
  expect(three!.rows).toEqual([[0, 2000]]);
  const [a, b] = [three!.sums!.draws, one!.sums!.draws];
  a.second.forEach((value, d) => {
    expect(value / b.second[d]!).toBeCloseTo(1, 10);
  });
});
