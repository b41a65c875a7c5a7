import files, { mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decode } from 'fast-png';
import { beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { clusters } from '../../../test/support/smallAudit.js';
import { effects, noSpace } from '../../../test/support/study.js';
import { keyedStream } from '../../engine/random/index.js';
import { nodeRuntime } from '../../engine/runtime/node.js';
import { type AuditResult, isMeasured } from '../../latent/audit/index.js';
import { writeNpy } from '../../vae/data/arrays/index.js';
import { presets } from '../../vae/presets/index.js';
import { train } from '../../vae/training/index.js';
import { auditSchema } from '../audit/index.js';
import type { RunConfig } from '../config/index.js';
import { openData } from '../runs/openData.js';
import type { Effects } from './effects.js';
import { main } from './program.js';

let cwd: string;
let outs = 0;
const newOut = (): string => `out-${outs++}`;

const zdist = async (line: string, changes: Partial<Effects> = {}) => {
  const given = effects(cwd, { env: { ZDIST_CACHE_DIR: join(cwd, 'cache'), ZDIST_THREADS: '1' }, ...changes });
  const code = await main(line.split(' '), '0.1.0', given);
  return { code, stdout: given.stdout.text, stderr: given.stderr.text };
};
const save = (name: string, values: Float32Array, latents: number): Promise<void> =>
  writeFile(join(cwd, name), writeNpy(values, [values.length / latents, latents]));
const auditIn = async (out: string): Promise<AuditResult> =>
  auditSchema.parse(JSON.parse(await readFile(join(cwd, out, 'audit.json'), 'utf8')));

const config: RunConfig = {
  ...presets.lyeoni!,
  preset: 'lyeoni',
  regime: 'joint',
  kl: 'analytic',
  seed: 1,
  epochs: 2,
  hidden: [32],
  data: 'glyphs',
  limit: 600,
  threads: 1,
  draws: 'fresh',
} as RunConfig;

/** A run folder with what an audit reads of it. */
const makeRun = async (name: string, changes: Partial<RunConfig> = {}): Promise<void> => {
  const own = { ...config, ...changes };
  const data = await openData({ data: 'glyphs', limit: 600, cacheDir: join(cwd, 'cache') });
  const model = await train(own, data, nodeRuntime({ threads: 1 }), {
    onProgress: () => undefined,
    onEvaluation: () => undefined,
    shouldStop: () => false,
  });
  await mkdir(join(cwd, name, 'models'), { recursive: true });
  await writeFile(join(cwd, name, 'config.yaml'), stringify(own));
  await writeFile(join(cwd, name, 'run.json'), JSON.stringify({ schema: 1, state: 'done' }));
  await writeFile(join(cwd, name, 'models/encoder.onnx'), model.encoderOnnx());
  await writeFile(join(cwd, name, 'models/decoder.onnx'), model.decoderOnnx());
};

beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'zdist-audit-'));
  const { mu } = clusters(300, 2, 4);
  await save('mu.npy', mu, 2);
  await save('sigma.npy', new Float32Array(600).fill(0.5), 2);
  await save('test.npy', clusters(200, 2, 4, 2).mu, 2);
  const z = new Float32Array(600);
  keyedStream(5, 'test', 0).fillNormal(z);
  await save('z.npy', z, 2);
  await save('zero.npy', new Float32Array(600), 2);
  await save('one.npy', new Float32Array(600).fill(1), 2);
});

describe('zdist audit of arrays', () => {
  it('prints the verdict first, and where things lie last', async () => {
    const out = newOut();
    const { code, stdout } = await zdist(`audit --mu mu.npy --sigma sigma.npy --out ${out}`);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^MISMATCHED {2}/);
    expect(stdout).toContain(`report  file://${join(cwd, out)}/audit.html\naudit   ${join(cwd, out)}/audit.json\n`);
    expect((await readdir(join(cwd, out))).sort()).toEqual(['audit.html', 'audit.json', 'figures']);
    expect((await readdir(join(cwd, out, 'figures'))).length).toBeGreaterThan(6);
    const { codes, statistics, versions } = await auditIn(out);
    expect(codes.train.source).toBe('150 rows of mu.npy, sigma.npy, by seed 1');
    expect(isMeasured(statistics.mutualInformation)).toBe(true);
    expect(versions).toHaveProperty('onnxruntime-node');
  });

  it('prints audit.json, the same for the same seed but for the time it took', async () => {
    const [first, second] = [newOut(), newOut()];
    const line = 'audit --z z.npy --json --quiet --seed 3 --out';
    const { stdout, stderr } = await zdist(`${line} ${first}`);
    expect(stderr).toBe('');
    expect(stdout).toBe(await readFile(join(cwd, first, 'audit.json'), 'utf8'));
    const timeless = (text: string): string => text.replace(/"seconds": .*/, '');
    expect(timeless((await zdist(`${line} ${second}`)).stdout)).toBe(timeless(stdout));
    expect(await auditIn(first)).toMatchObject({ seed: 3, verdict: 'matched' });
  });

  it.each([
    ['--z test.npy --fail-on mismatched', 3],
    ['--z test.npy --fail-on collapsed', 0],
    ['--mu zero.npy --sigma one.npy --fail-on collapsed', 3],
    ['--z z.npy --fail-on mismatched,collapsed', 0],
  ])('guards a pipeline: %s ends with %i', async (options, code) => {
    expect((await zdist(`audit ${options} --quiet --out ${newOut()}`)).code).toBe(code);
  });

  it('takes codes in a file of their own', async () => {
    const out = newOut();
    expect((await zdist(`audit z.npy --quiet --out ${out}`)).code).toBe(0);
    expect((await auditIn(out)).codes).toMatchObject({ latents: 2, train: { n: 150, posteriors: false } });
  });

  it('takes held-out codes', async () => {
    const out = newOut();
    await zdist(`audit --z mu.npy --test-z test.npy --alpha 0.05 --out ${out}`);
    expect(await auditIn(out)).toMatchObject({
      alpha: 0.05,
      notes: [],
      codes: { train: { n: 300, source: 'mu.npy' }, test: { n: 200, source: 'test.npy' } },
    });
  });

  it('tells its progress on stderr, in lines where there is no terminal', async () => {
    let time = 0;
    const { stderr } = await zdist(`audit --z z.npy --out ${newOut()}`, { now: () => (time += 3000) });
    expect(stderr).toMatch(/^\d+% {2}moments/m);
    expect(stderr).not.toContain('\u001b');
  });

  it('answers wrong input with every problem at once, and leaves no folder', async () => {
    const mu = clusters(300, 2, 4).mu.slice();
    mu[7] = Number.NaN;
    await save('nan.npy', mu, 2);
    const { code, stderr } = await zdist('audit --mu nan.npy --sigma zero.npy --out never');
    expect(code).toBe(2);
    expect(stderr).toBe(
      'zdist: nan.npy: expected finite numbers, got NaN at row 3, column 1 (counted from 0)\n' +
        'zdist: zero.npy: expected standard deviations above 0, got 0 at row 0, column 0 (counted from 0) and at 599 other places\n',
    );
    expect(await readdir(cwd)).not.toContain('never');
  });

  it.each([
    ['audit', 'zdist: audit: expected a run folder, or arrays by --mu with --sigma or --log-var, or by --z'],
    ['audit --z z.npy --fail-on all', 'zdist: --fail-on: expected mismatched or collapsed'],
    ['audit somewhere --z z.npy', 'zdist: audit: expected a run, models or arrays, got the run somewhere and --z'],
    ['audit z.npy y.npy', 'zdist: audit: expected one source, got z.npy and y.npy'],
    [
      'audit z.npy --encoder enc.onnx --data x.npy',
      'zdist: audit: expected models or arrays of codes, got --encoder and z.npy',
    ],
  ])('answers %s with exit code 2', async (line, text) => {
    const { code, stderr } = await zdist(`${line} --quiet --out ${newOut()}`);
    expect(code).toBe(2);
    expect(stderr).toContain(text);
  });

  it('writes into no folder that has something in it', async () => {
    await mkdir(join(cwd, 'taken'), { recursive: true });
    await writeFile(join(cwd, 'taken/file'), '');
    const { code, stderr } = await zdist('audit --z z.npy --out taken');
    expect(code).toBe(2);
    expect(stderr).toContain('--out: expected a new or empty folder');
  });

  it('prints its numbers even where the disk is full', async () => {
    const full = { ...files, writeFile: () => Promise.reject(noSpace()) };
    const { code, stdout, stderr } = await zdist(`audit --z z.npy --quiet --out ${newOut()}`, { files: full });
    expect(code).toBe(1);
    expect(stdout).toMatch(/^MATCHED/);
    expect(stderr).toContain('no space left on the disk');
  });
});

describe('zdist audit of a run', () => {
  beforeAll(async () => {
    await makeRun('runs/joint');
    await makeRun('runs/alone', { regime: 'encoder-only', kl: 'mc', epochs: 0.2 });
  });

  it('audits its training and test codes, with images of the deepest holes', async () => {
    const out = newOut();
    expect((await zdist(`audit runs/joint --quiet --out ${out}`)).code).toBe(0);
    const { codes, notes, panels } = await auditIn(out);
    expect(codes).toMatchObject({
      train: { n: 600, posteriors: true, source: 'run joint, training images of glyphs' },
      test: { n: 100, source: 'run joint, test images of glyphs' },
      latents: 2,
    });
    expect(notes.join(' ')).not.toContain('No held-out codes');
    expect(panels.classes!.length).toBe(10);
    for (const name of ['holes', 'codes']) {
      const { width, height } = decode(await readFile(join(cwd, out, 'images', `${name}.png`)));
      expect([width, height]).toEqual([2 * (8 * 30 + 2), 2 * (4 * 30 + 2)]);
    }
    expect(await readFile(join(cwd, out, 'audit.html'), 'utf8')).toContain('deepest holes');
  });

  it('has no images of a run without a decoder', async () => {
    const out = newOut();
    await zdist(`audit runs/alone --quiet --out ${out}`);
    expect(await readdir(join(cwd, out))).not.toContain('images');
  });

  it('refuses what is no finished run with an encoder', async () => {
    await mkdir(join(cwd, 'study/runs/a'), { recursive: true });
    await writeFile(join(cwd, 'study/study.json'), '{}');
    await mkdir(join(cwd, 'begun'), { recursive: true });
    await writeFile(join(cwd, 'begun/run.json'), '{}');
    await mkdir(join(cwd, 'random/models'), { recursive: true });
    await writeFile(join(cwd, 'random/run.json'), '{}');
    await writeFile(join(cwd, 'random/models/encoder.onnx'), '');
    await writeFile(join(cwd, 'random/config.yaml'), stringify({ ...config, regime: 'random-z' }));
    for (const [run, text] of [
      ['study', 'zdist: study: expected a run, got a study; audit one of its runs: study/runs/a\n'],
      ['nowhere', 'zdist: nowhere: expected a run folder, got one without run.json\n'],
      [
        'begun',
        'zdist: begun: expected config.yaml, got none\nzdist: begun: expected models/encoder.onnx, got none: the run has not finished\n',
      ],
      ['random', 'zdist: random: expected a run that trains an encoder, got regime random-z\n'],
    ]) {
      const { code, stderr } = await zdist(`audit ${run} --out ${newOut()}`);
      expect([code, stderr]).toEqual([2, text]);
    }
  });
});
