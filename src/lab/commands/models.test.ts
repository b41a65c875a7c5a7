import { mkdir, mkdtemp, readFile, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { effects } from '../../../test/support/study.js';
import {
  anyBatch,
  barImages,
  decoderTrace,
  encoderTrace,
  externalWeights,
  fixedBatch,
  halfPrecision,
  mapEncoderTrace,
  ofOperator,
} from '../../../test/support/userModels.js';
import type { AuditResult } from '../../latent/audit/index.js';
import type { RepairResult } from '../../latent/repair/index.js';
import { readNpy, writeNpy } from '../../vae/data/arrays/index.js';
import { auditSchema } from '../audit/index.js';
import { main } from './program.js';

let cwd: string;
let outs = 0;
const zdist = async (line: string) => {
  const out = `out-${outs++}`;
  const given = effects(cwd, { env: { ZDIST_CACHE_DIR: join(cwd, 'cache'), ZDIST_THREADS: '1' } });
  const code = await main([...line.split(' '), '--out', out, '--quiet'], '0.1.0', given);
  return { code, out: join(cwd, out), stdout: given.stdout.text, stderr: given.stderr.text };
};
const audited = async (line: string): Promise<AuditResult> => {
  const { code, out, stderr } = await zdist(`audit ${line}`);
  expect([code, stderr]).toEqual([0, '']);
  return auditSchema.parse(JSON.parse(await readFile(join(out, 'audit.json'), 'utf8')));
};

const save = (name: string, bytes: Uint8Array): Promise<void> => writeFile(join(cwd, name), bytes);

beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'zdist-models-'));
  await save('x.npy', writeNpy(barImages(400), [400, 4, 4]));
  await save('t.npy', writeNpy(barImages(200, 2), [200, 4, 4]));
  await save(
    'flat.npy',
    writeNpy(
      Float32Array.from(barImages(400), (byte) => byte / 255),
      [400, 16],
    ),
  );
  await save('wide.npy', writeNpy(new Uint8Array(800), [32, 5, 5]));
  await save('enc.onnx', anyBatch(encoderTrace()));
  await save('anonymous.onnx', fixedBatch(encoderTrace(['7', '9'], 'sigma'), 7));
  await save('half.onnx', halfPrecision(anyBatch(encoderTrace())));
  await save('dec.onnx', anyBatch(decoderTrace('logits')));
  await save('mean.onnx', fixedBatch(decoderTrace('mean'), 3));
  await save('signed.onnx', anyBatch(decoderTrace('signed')));
  await save('wide.onnx', anyBatch(decoderTrace('logits', 3)));
  await save('maps.onnx', anyBatch(mapEncoderTrace));
  await save('custom.onnx', ofOperator(anyBatch(encoderTrace()), 'com.example', 'Own'));
  await save('text.onnx', new TextEncoder().encode('no model'));
  await save('cut.onnx', anyBatch(encoderTrace()).subarray(0, 300));
});

describe('zdist audit of models', () => {
  it('shows what is what, with score, ELBO and the reading of the scale', async () => {
    const { code, stdout, out } = await zdist('audit --encoder enc.onnx --decoder dec.onnx --data x.npy --test t.npy');
    expect(code).toBe(0);
    expect(stdout).toMatch(/encoder +enc\.onnx: x \[batch, 1, 4, 4\] → mu \[batch, 2\] = mu \(by its name\)/);
    const { model, codes, notes } = auditSchema.parse(JSON.parse(await readFile(join(out, 'audit.json'), 'utf8')));
    expect(codes).toMatchObject({ latents: 2, train: { n: 400, posteriors: true }, test: { n: 200 } });
    expect(model).toMatchObject({
      images: { layout: 'nchw [1, 4, 4]', own: '0 … 255 (0..255)', fed: '0..1' },
      likelihood: { text: 'Bernoulli pixels by log-odds', by: 'range' },
      reading: { used: 'log_var' },
    });
    expect(model!.elbo!.value).toBeLessThan(model!.score!.value);
    expect(notes.join(' ')).toContain('taken for Bernoulli pixels by log-odds; --likelihood says otherwise');
    expect(await readFile(join(out, 'audit.html'), 'utf8')).toContain('what was taken for what');
  });

  it('gives the same codes whatever the batch, the precision and the shape of the images', async () => {
    const plain = await audited('--encoder enc.onnx --data x.npy');
    const half = await audited('--encoder half.onnx --data flat.npy');
    const fixed = await audited('--encoder anonymous.onnx --data x.npy');
    const rate = ({ statistics }: AuditResult): number => (statistics.rate as { value: number }).value;
    expect(rate(half)).toBeCloseTo(rate(plain), 2);
    expect(rate(fixed)).toBeCloseTo(rate(plain), 4);
    expect(fixed.model!.encoder.outputs.map(({ role, by }) => [role, by])).toEqual([
      ['mu', 'values'],
      ['sigma', 'values'],
    ]);
    const told = await audited('--encoder anonymous.onnx --data x.npy --outputs mu=7,var=9');
    expect(rate(told)).not.toBeCloseTo(rate(plain), 2);
  });

  it('takes ranges, means and deviations as told', async () => {
    const signed = await audited(
      '--encoder enc.onnx --decoder signed.onnx --data x.npy --range -1..1 --likelihood gaussian:0.5',
    );
    expect(signed.model).toMatchObject({
      images: { fed: '-1..1' },
      likelihood: { text: 'Gaussian pixels of deviation 0.5', by: 'option' },
    });
    expect(signed.model!.elbo!.value).toBeLessThan(0);
    const open = await audited('--encoder enc.onnx --decoder signed.onnx --data x.npy --range -1..1');
    expect(open.model).not.toHaveProperty('elbo');
    expect(open.notes.join(' ')).toContain('--likelihood gaussian:SIGMA gives it');
  });

  it('looks at maps as a whole, by channel and by place', async () => {
    const { model, notes, codes } = await audited('--encoder maps.onnx --data x.npy');
    expect(model).toMatchObject({ shape: [2, 2, 2], spatial: { shape: [2, 2, 2], audited: 'codes' } });
    expect(model!.spatial!.scalingFactor * model!.spatial!.sd).toBeCloseTo(1, 10);
    expect(codes.latents).toBe(8);
    expect(notes.join(' ')).toMatch(/maps of 2 × 2 × 2: scaling factor 0\.\d+ makes their standard deviation 1/);
  });

  it.each([
    ['--encoder text.onnx --data x.npy', 'text.onnx: expected an ONNX model, got none'],
    ['--encoder cut.onnx --data x.npy', 'cut.onnx: expected an ONNX model, got none'],
    [
      '--encoder custom.onnx --data x.npy',
      'custom.onnx: expected operators of ONNX alone, got custom ones that cannot be run: com.example.Own',
    ],
    [
      '--encoder encc.onnx --data x.npy',
      '--encoder: expected a file that can be read, got encc.onnx (ENOENT) (did you mean "enc.onnx"?)',
    ],
    [
      '--encoder enc.onnx --data wide.npy',
      'wide.npy: expected images that fit enc.onnx, which takes x [batch, 1, 4, 4], got [N, 5, 5], 25 values each',
    ],
    [
      '--encoder enc.onnx --data x.npy --test wide.npy',
      'wide.npy: expected images [N, 4, 4] as x.npy has, got [N, 5, 5]',
    ],
    [
      '--encoder enc.onnx --decoder wide.onnx --data x.npy',
      'wide.onnx: expected a decoder of 2 latents as enc.onnx gives ([n, 2]), got input z [batch, 3]',
    ],
    [
      '--encoder enc.onnx --data x.npy --outputs mu=mi,log_var=log_var',
      '--outputs mu=mi: expected an output of enc.onnx, which gives mu [n, 2], log_var [n, 2] (did you mean "mu"?)',
    ],
    [
      '--encoder enc.onnx --data x.npy --layout nchv',
      '--layout: expected nchw, nhwc, flat, got "nchv" (did you mean "nchw"?)',
    ],
    ['--encoder enc.onnx --data x.npy --likelihood bernoulli', '--likelihood: expected --decoder beside it, got none'],
    ['--encoder enc.onnx', '--data: expected images x.npy beside --encoder, got none'],
    ['--data x.npy', '--encoder: expected an encoder.onnx beside --data, got none'],
    ['--decoder dec.onnx', '--decoder: expected --encoder and --data beside it'],
    [
      '--encoder enc.onnx --data x.npy --mu mu.npy',
      'audit: expected models or arrays of codes, got --encoder and --mu',
    ],
    [
      'run --encoder enc.onnx --data x.npy',
      'audit: expected a run, models or arrays, got the run run and --encoder, --data',
    ],
  ])('audit %s ends with what is wrong', async (line, message) => {
    const { code, stderr } = await zdist(`audit ${line}`);
    expect(stderr).toContain(message);
    expect(code).toBe(2);
  });
});

describe('weights beside a model', () => {
  it('are read from its own folder alone', async () => {
    await mkdir(join(cwd, 'inside/deep'), { recursive: true });
    const saved = async (location: string) => {
      const { model, weights } = externalWeights(anyBatch(encoderTrace()), { location });
      await save('inside/enc.onnx', model);
      await save('inside/deep/w.bin', weights);
      await save('outside.bin', weights);
    };
    await saved('deep/w.bin');
    await audited('--encoder inside/enc.onnx --data x.npy');
    await symlink(join(cwd, 'outside.bin'), join(cwd, 'inside/link.bin'));
    for (const location of [
      '../outside.bin',
      join(cwd, 'outside.bin'),
      'deep/../../outside.bin',
      'link.bin',
      '..\\outside.bin',
    ]) {
      await saved(location);
      const { code, stderr } = await zdist('audit --encoder inside/enc.onnx --data x.npy');
      expect(stderr).toContain(`inside/enc.onnx: weights in ${location}: expected a file in the model's own folder`);
      expect(code).toBe(2);
    }
    await saved('deep/none.bin');
    expect((await zdist('audit --encoder inside/enc.onnx --data x.npy')).stderr).toContain(
      'expected a file that can be read, got ENOENT',
    );
  });
});

describe('zdist repair of models', () => {
  it.each(['dec.onnx', 'mean.onnx', 'signed.onnx'])('joins %s with the sampler', async (decoder) => {
    const { code, out, stderr } = await zdist(
      `repair --encoder enc.onnx --decoder ${decoder} --data x.npy --test t.npy --samplers full-gaussian`,
    );
    expect([code, stderr]).toEqual([0, '']);
    const result = JSON.parse(await readFile(join(out, 'repair.json'), 'utf8')) as RepairResult;
    expect(result.samplers[0]!.frechet!.value).toBeTypeOf('number');
    const given = effects(cwd, {});
    await main(['sample', join(out, 'generator.onnx'), '--n', '5', '--out', 'five.npy'], '0.1.0', given);
    const { shape, data } = readNpy(await readFile(join(cwd, 'five.npy')), 'five.npy');
    expect(shape).toEqual([5, 16]);
    expect(Math.min(...(data as Float32Array))).toBeGreaterThanOrEqual(0);
    expect(Math.max(...(data as Float32Array))).toBeLessThanOrEqual(1);
  });

  it('holds half of the images out where none are given', async () => {
    const { code, out } = await zdist(
      'repair --encoder enc.onnx --decoder dec.onnx --data x.npy --samplers full-gaussian',
    );
    expect(code).toBe(0);
    const { codes } = JSON.parse(await readFile(join(out, 'repair.json'), 'utf8')) as RepairResult;
    expect([codes.train.n, codes.test.n]).toEqual([200, 200]);
  });
});
