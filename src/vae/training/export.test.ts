import { beforeAll, describe, expect, it } from 'vitest';
import { expectClose } from '../../../test/support/close.js';
import { runModel } from '../../../test/support/onnxValues.js';
import { tinyConfig, tinyData } from '../../../test/support/tinyModel.js';
import { input } from '../../engine/graph/index.js';
import { evaluate } from '../../engine/interpreter/index.js';
import { decodeModel, OPSET } from '../../engine/onnx/index.js';
import { keyedStream } from '../../engine/random/index.js';
import { float32 } from '../../engine/runtime/index.js';
import { nodeRuntime } from '../../engine/runtime/node.js';
import { decode, encode } from '../architectures/index.js';
import { shapesOf, type TrainedModel, train, VERSION } from './index.js';

const config = tinyConfig({ kl: 'mc', seed: 5 });
let trained: TrainedModel;
beforeAll(async () => {
  trained = await train(config, tinyData(), nodeRuntime());
});

const drawn = (n: number, width: number, kind: 'uniform' | 'normal'): Float32Array => {
  const out = new Float32Array(n * width);
  const stream = keyedStream(1, 'test', n);
  if (kind === 'uniform') stream.fillUniform(out);
  else stream.fillNormal(out);
  return out;
};
const parametersOf = (part: 'encoder' | 'decoder') =>
  Object.fromEntries(Object.entries(shapesOf(trained.model)[part]).map(([name, shape]) => [name, input(name, shape)]));
const posterior = (x: Float32Array): { mu: Float64Array; sigma: Float64Array } => {
  const { mu, sigma } = encode(trained.model, parametersOf('encoder'), input('x', [x.length / 20, 20]));
  const [m, s] = evaluate([mu, sigma], { ...trained.parameters, x });
  return { mu: m!, sigma: s! };
};
const likelihood = (z: Float32Array): { logits: Float64Array; mean: Float64Array } => {
  const p = decode(trained.model, parametersOf('decoder'), input('z', [z.length / 3, 3]));
  const [logits, mean] = evaluate([p.logits, p.mean()], { ...trained.parameters, z });
  return { logits: logits!, mean: mean! };
};
type Value = NonNullable<ReturnType<typeof decodeModel>['graph']>['input'][number];
/** `name [dimensions]` of a declared input or output. */
const declared = ({ name, type }: Value): string => {
  if (type?.value.case !== 'tensorType') return name;
  return `${name} [${type.value.value.shape!.dim.map((d) => String(d.value.value)).join(', ')}]`;
};
const close = { relative: 1e-5, absolute: 1e-5 };

describe('the exported files', () => {
  it.each([1, 5, 300])('run with a batch of %i and agree with the interpreter', async (n) => {
    const x = drawn(n, 20, 'uniform');
    const codes = await runModel(trained.encoderOnnx(), { x: float32(x, [n, 20]) });
    expect(Object.keys(codes)).toEqual(['mu', 'sigma']);
    const q = posterior(x);
    expectClose(codes.mu!, q.mu, close);
    expectClose(codes.sigma!, q.sigma, close);

    const z = drawn(n, 3, 'normal');
    const images = await runModel(trained.decoderOnnx(), { z: float32(z, [n, 3]) });
    expect(Object.keys(images)).toEqual(['logits', 'mean']);
    const p = likelihood(z);
    expectClose(images.logits!, p.logits, close);
    expectClose(images.mean!, p.mean, close);
  });

  it.each(['encoder', 'decoder'] as const)('say what they are: %s', (part) => {
    const model = decodeModel(part === 'encoder' ? trained.encoderOnnx() : trained.decoderOnnx());
    expect(model.opsetImport.map(({ domain, version }) => [domain, Number(version)])).toEqual([['', OPSET]]);
    expect([model.producerName, model.producerVersion]).toEqual(['zdist', VERSION]);
    expect(Object.fromEntries(model.metadataProps.map(({ key, value }) => [key, value]))).toEqual({
      'zdist.part': part,
      'zdist.preset': 'tiny',
      'zdist.regime': 'joint',
      'zdist.kl': 'mc',
      'zdist.seed': '5',
      'zdist.latents': '3',
      'zdist.scale': 'softplus',
      'zdist.binarisation': 'threshold',
    });
    expect(model.docString).not.toBe('');
    const { input: inputs, output: outputs } = model.graph!;
    expect([...inputs, ...outputs].map(declared)).toEqual(
      part === 'encoder'
        ? ['x [batch, 20]', 'mu [batch, 3]', 'sigma [batch, 3]']
        : ['z [batch, 3]', 'logits [batch, 20]', 'mean [batch, 20]'],
    );
  });
});

describe('a trained model', () => {
  it('encodes and decodes as its files do', async () => {
    const x = drawn(4, 20, 'uniform');
    const { mu, sigma } = await trained.encode(x);
    const q = posterior(x);
    expectClose(mu, q.mu, close);
    expectClose(sigma, q.sigma, close);
    const z = drawn(4, 3, 'normal');
    expectClose(await trained.decode(z), likelihood(z).mean, close);
    expectClose(await trained.decodeLogits(z), likelihood(z).logits, close);
  });

  it('takes whole rows only', async () => {
    await expect(trained.encode(new Float32Array(21))).rejects.toThrow(
      'encode: x: expected rows of 20 values, got 21 values',
    );
    await expect(trained.decode(new Float32Array(0))).rejects.toThrow(
      'decode: z: expected rows of 3 values, got 0 values',
    );
  });

  it('has the values of every parameter by name', () => {
    const { encoder, decoder } = shapesOf(trained.model);
    expect(Object.keys(trained.parameters)).toEqual([...Object.keys(encoder), ...Object.keys(decoder)]);
  });
});
