import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { effects, fakeModel, finalValues, runConfig, runEffects } from '../../../test/support/study.js';
import type { Comparison } from '../compare/comparison.js';
import type { RunConfig } from '../config/index.js';
import { encodeCodes } from '../runs/codesFile.js';
import { runJob } from '../runs/runJob.js';
import type { Train } from '../runs/trainer.js';
import { main } from './program.js';

const FIXTURES = fileURLToPath(new URL('../../../test/fixtures/runs', import.meta.url));
const ignore = (): void => undefined;
const listener = { onProgress: ignore, onEvaluation: ignore, onNote: ignore, stopReason: () => undefined };

/** A training whose rate is `rate`, by codes that give it and by what it says of them. */
const trainTo =
  (rate: number): Train =>
  async (config, _data, hooks) => {
    const point = { step: 200, epoch: 2, ...finalValues, rate: { ...finalValues.rate, value: rate } };
    const weights = new Float32Array(1);
    await hooks.onEvaluation(point, { mu: weights, sigma: weights }, { encoder: weights, decoder: weights });
    const mu = (n: number) =>
      Float32Array.from({ length: n * config.latents }, (_, i) =>
        i % config.latents === 0 ? Math.sqrt(2 * rate) + 0.1 * Math.floor(i / config.latents) : 0,
      );
    return {
      ...fakeModel('done', 200, [point]),
      final: point,
      encode: (x) =>
        Promise.resolve({ mu: mu(x.length / 784), sigma: new Float32Array((x.length / 784) * config.latents).fill(1) }),
    };
  };

let cwd: string;
const made = async (name: string, rate: number, changes: Partial<RunConfig> = {}): Promise<void> => {
  const job = { name, folder: join(cwd, 'runs', name), config: { ...runConfig, ...changes } };
  const { result } = await runJob(job, runEffects({ train: trainTo(rate), encodeCodes }), listener);
  expect(result.error).toBeUndefined();
};
const zdist = async (...argv: string[]) => {
  const each = effects(cwd, { env: { ZDIST_CACHE_DIR: join(cwd, 'cache') } });
  const code = await main(['compare', ...argv], '0', each);
  return { code, stdout: each.stdout.text, stderr: each.stderr.text };
};
const compared = async (...argv: string[]): Promise<Comparison> =>
  JSON.parse((await zdist(...argv, '--json')).stdout) as Comparison;

beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'zdist-compare-'));
  for (const seed of [1, 2, 3]) await made(`joint-${seed}`, 10 + seed, { seed });
  for (const seed of [1, 2]) await made(`mc-${seed}`, 20 + seed, { seed, kl: 'mc', latents: 64 });
});

describe('zdist compare', () => {
  it('groups runs by seed, and tells only the settings that differ', async () => {
    const found = await compared('joint-1', 'joint-2', 'joint-3', 'runs/mc-1', 'runs/mc-2');
    expect(found.settings).toEqual([
      { key: 'kl', values: ['analytic', 'mc'] },
      {
        key: 'seed',
        values: [
          [1, 2, 3],
          [1, 2],
        ],
      },
      { key: 'latents', values: [128, 64] },
    ]);
    expect(found.groups.map(({ label, seeds }) => [label, seeds])).toEqual([
      ['analytic · latents 128', [1, 2, 3]],
      ['mc · latents 64', [1, 2]],
    ]);
    // 12 ± t(2) 1/√3 over seeds 11, 12, 13.
    expect(found.groups[0]!.values.rate).toEqual({
      ...{ value: 12, half: expect.closeTo(2.4841, 3), n: 3, of: 'seeds' },
      ...{ interval: [expect.closeTo(12 - 2.4841, 3), expect.closeTo(12 + 2.4841, 3)] },
      sampling: 'all test images; closed form',
    });
    const rate = found.differences.find(({ quantity }) => quantity === 'rate');
    expect(rate).toMatchObject({ value: 9.5, n: [2, 3], method: 'Welch over seeds', of: 'mc · latents 64' });
    expect(found).toMatchObject({ data: { name: 'glyphs', sha256: '00'.repeat(32) }, warnings: [] });
  });

  it('pairs the rates of two single runs image by image, from their codes', async () => {
    const found = await compared('joint-1', 'mc-1');
    const by = (name: string) => found.differences.find(({ quantity }) => quantity === name)!;
    expect(by('rate')).toMatchObject({ n: [20, 20], method: 'paired over test images' });
    // ½ ((√42 + t)² − (√22 + t)²) = 10 + (√42 − √22) t, where t is a tenth of the number of the image.
    const slope = Math.sqrt(42) - Math.sqrt(22);
    expect(by('rate').value).toBeCloseTo(10 + 0.95 * slope, 4);
    expect(by('rate').half).toBeCloseTo((1.96 * slope * 0.1 * Math.sqrt(35)) / Math.sqrt(20), 4);
    expect(by('elbo')).toMatchObject({ n: [10_000, 10_000], method: 'Welch over test images' });
    expect(by('elbo').half).toBeCloseTo(1.96 * Math.hypot(0.1, 0.1), 3);
    expect(found.groups[0]!.values.rate).toMatchObject({ n: 10_000, of: 'test images' });
  });

  it('falls back to Welch where codes are gone, and has no interval where one side has one seed', async () => {
    await cp(join(cwd, 'runs/mc-1'), join(cwd, 'runs/bare'), { recursive: true });
    await rm(join(cwd, 'runs/bare/codes'), { recursive: true });
    const bare = await compared('joint-1', 'bare');
    expect(bare.differences[0]).toMatchObject({ quantity: 'rate', method: 'Welch over test images', value: 10 });
    const uneven = await compared('joint-1', 'joint-2', 'mc-1');
    expect(uneven.differences[0]).toEqual({
      ...{ quantity: 'rate', of: 'mc · latents 64', from: 'analytic · latents 128' },
      ...{ value: 9.5, n: [1, 2], method: 'none: one side has one seed' },
      ...{ seeds: [1, 2], sampling: 'all test images; closed form' },
    });
  });

  it('tells it as tables', async () => {
    const { code, stdout, stderr } = await zdist('joint-1', 'joint-2', 'mc-1', 'mc-2');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^latents +128 +64$/m);
    expect(stdout).toMatch(/^a: analytic · latents 128 +1, 2 +12 ± 6 /m);
    expect(stdout).toMatch(/^b − a +rate +10 ± \d+ +Welch over seeds$/m);
  });

  it('writes a page with curves and images', async () => {
    const { code, stdout } = await zdist('joint-1', 'mc-1', '--out', 'compare.html');
    expect(code).toBe(0);
    expect(stdout).toContain('compare.html');
    const page = await readFile(join(cwd, 'compare.html'), 'utf8');
    for (const id of ['settings', 'values', 'curve-elbo', 'curve-rate', 'images']) expect(page).toContain(`id="${id}"`);
    expect(page).toContain('seeds or latents differ');
    expect(page).not.toMatch(/(src|href)="https?:/);
  });

  it.each([
    [['joint-1'], 'compare: expected 2 to 10 runs, got 1'],
    [['joint-1', 'runs/joint-1'], 'compare: expected different runs, got runs/joint-1 twice'],
    [['joint-1', 'jiont-2'], 'jiont-2: expected the folder or the name of a run, got none (did you mean "joint-2"?)'],
    [
      ['joint-1', 'runs/mc-11'],
      'runs/mc-11: expected the folder or the name of a run, got none (did you mean "runs/mc-1"?)',
    ],
    [['joint-1', 'runs'], 'expected a run folder, got one without run.json'],
    [Array.from({ length: 11 }, () => 'joint-1'), 'compare: expected 2 to 10 runs, got 11'],
  ])('refuses %j', async (argv, message) => {
    const { code, stderr } = await zdist(...argv);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });

  it('refuses runs on different data, by their hash or else by their name', async () => {
    await cp(join(cwd, 'runs/mc-1'), join(cwd, 'runs/other'), { recursive: true });
    const path = join(cwd, 'runs/other/run.json');
    await writeFile(path, (await readFile(path, 'utf8')).replace('00'.repeat(32), 'ff'.repeat(32)));
    const { code, stderr } = await zdist('joint-1', 'other');
    expect(code).toBe(2);
    expect(stderr).toContain(`other: expected the data of joint-1: glyphs, threshold (${'00'.repeat(32)}), got glyphs`);
    await cp(join(FIXTURES, 'schema1-done'), join(cwd, 'runs/old'), { recursive: true });
    expect((await zdist('joint-1', 'old')).stderr).toContain('got mnist, none');
  });

  it('takes older runs by the name of their data, says so, and says which run is not done', async () => {
    await cp(join(FIXTURES, 'schema1-done'), join(cwd, 'runs/old'), { recursive: true });
    await cp(join(FIXTURES, 'schema1-running'), join(cwd, 'runs/older'), { recursive: true });
    const { warnings, settings } = await compared('old', 'older');
    expect(warnings).toEqual([
      'old, older: an older run without a hash of its data; taken for the same by their name',
      'older: has no values yet',
    ]);
    expect(settings.map(({ key }) => key)).toEqual(['seed']);
  });
});
