import { beforeAll, describe, expect, it } from 'vitest';
import { clusters } from '../../../test/support/smallAudit.js';
import { InputError } from '../../engine/errors/index.js';
import { add, constant, input, matmul, neg, sigmoid } from '../../engine/graph/index.js';
import { portsOf, toBatchModel, toModel } from '../../engine/onnx/index.js';
import { float32 } from '../../engine/runtime/index.js';
import { nodeRuntime } from '../../engine/runtime/node.js';
import { familyNamed } from '../samplers/families.js';
import { drawSamples, noiseOf, type Sampler } from '../samplers/index.js';
import { generatorOnnx } from './generator.js';

const runtime = nodeRuntime();
const N = 20;
const info = { version: '0', metadata: { made: 'elsewhere' } };
const options = { name: 'decoder.onnx', seed: 3 };
const weights = constant([1, -1, 2, 0.5, 0, 3], [2, 3]);

const decoderOf = (latents: number, outputs = ['mean', 'logits']): Uint8Array =>
  toBatchModel((n) => {
    const z = input('z', [n, latents]);
    const logits = latents === 2 ? matmul(z, weights) : add(z, 1);
    const of = { mean: sigmoid(logits), logits, other: neg(logits) };
    return Object.fromEntries(outputs.map((name) => [name, of[name as keyof typeof of]]));
  }, info);

let samplers: readonly Sampler[];
beforeAll(async () => {
  const codes = { ...clusters(200, 2, 6), labels: Array.from({ length: 200 }, (_, i) => i % 2) } as never;
  const names = ['prior', 'full-gaussian', 'mixture-3', 'per-class-full-gaussian', 'aggregate-posterior'];
  samplers = await Promise.all(names.map((name) => familyNamed(name).fit(codes, { seed: 1, runtime })));
});

describe('a generator', () => {
  it('gives what the decoder makes of what the sampler draws, of every sampler', async () => {
    const decoder = await runtime.load(decoderOf(2));
    for (const sampler of samplers) {
      const generator = await runtime.load(generatorOnnx(sampler, decoderOf(2), options));
      expect([generator.inputs, generator.outputs]).toEqual([['noise'], ['image']]);
      const noise = float32(noiseOf(N, sampler.noise, 1), [N, sampler.noise]);
      const { image } = await generator.run({ noise });
      const z = await drawSamples(sampler, N, 1, runtime);
      const { mean } = await decoder.run({ z: float32(z, [N, 2]) });
      expect(image!.shape).toEqual([N, 3]);
      const largest = Math.max(
        ...Array.from(image!.data as Float32Array, (v, i) => Math.abs(v - (mean!.data as Float32Array)[i]!)),
      );
      expect(largest).toBeLessThan(1e-6);
      await generator.release();
    }
    await decoder.release();
  });

  it('says in its metadata where it comes from', () => {
    const bytes = generatorOnnx(samplers[1]!, decoderOf(2), { ...options, width: 3, height: 1 });
    expect(portsOf(bytes, '').metadata).toMatchObject({
      'zdist.part': 'generator',
      'zdist.sampler': 'full-gaussian',
      'zdist.seed': '3',
      'zdist.noise': '2',
      'zdist.width': '3',
      'decoder.made': 'elsewhere',
    });
  });

  it('takes the only output of a decoder, whatever its name', () => {
    expect(() => generatorOnnx(samplers[0]!, decoderOf(2, ['other']), options)).not.toThrow();
  });

  const fixed = toModel({ mean: sigmoid(input('z', [1, 2])) }, info);
  const two = toBatchModel((n) => ({ mean: add(input('z', [n, 2]), input('y', [n, 2])) }), info);
  it.each<[string, Uint8Array, string]>([
    ['other latents', decoderOf(3), 'expected a decoder of 2 latents as the codes have, got input z [batch, 3]'],
    ['one row alone', fixed, 'expected a decoder of any number of rows, got input z [1, 2]'],
    ['two inputs', two, 'expected a decoder with one input z, got z [batch, 2], y [batch, 2]'],
    ['no mean among outputs', decoderOf(2, ['logits', 'other']), 'expected one output, or one named mean, got logits'],
    ['another file', Uint8Array.of(80, 75, 3, 4), 'expected an ONNX model, got none'],
  ])('refuses a decoder: %s', (_, decoder, message) => {
    const join = () => generatorOnnx(samplers[0]!, decoder, options);
    expect(join).toThrow(InputError);
    expect(join).toThrow(`decoder.onnx: ${message}`);
  });
});
