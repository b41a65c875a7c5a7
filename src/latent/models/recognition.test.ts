import { describe, expect, it } from 'vitest';
import { InputError } from '../../engine/errors/index.js';
import { keyedStream } from '../../engine/random/index.js';
import { fedRows, imageArray } from './images.js';
import { fitLayout, type Layout } from './layout.js';
import { likelihoodName, logLikelihood, parseLikelihood } from './likelihood.js';
import { parseOutputs, recogniseOutputs, type TrialOutput } from './outputs.js';
import { ownRange, rangeNamed, scalingOf } from './range.js';

const noise = (n: number, scale = 1, offset = 0): Float32Array => {
  const out = new Float32Array(n);
  keyedStream(1, `test/${offset}`, 0).fillNormal(out);
  return out.map((value) => value * scale + offset);
};
const output = (name: string, values: Float32Array, row = [2], varies = false): TrialOutput => ({
  name,
  row,
  values,
  varies,
});
const signed = (name: string) => output(name, noise(40));
const below = (name: string) => output(name, noise(40, 1, -3));
const positive = (name: string) => output(name, noise(40).map(Math.exp));
const draw = (name: string) => output(name, noise(40), [2], true);
const recognised = (outputs: TrialOutput[], told = {}, latents?: number) =>
  recogniseOutputs(outputs, { told, latents, encoder: 'enc.onnx' }).map(
    ({ role, name, by }) => `${role}=${name} ${by}`,
  );

describe('outputs of an encoder', () => {
  it.each([
    ['mu', 'logvar', 'log_var'],
    ['z_mean', 'z_log_var', 'log_var'],
    ['encoder/zMean/BiasAdd:0', 'encoder/zLogVar/BiasAdd:0', 'log_var'],
    ['loc', 'scale', 'sigma'],
    ['mean', 'std', 'sigma'],
    ['qz_mu', 'qz_variance', 'var'],
    ['mu', 'sigma_sq', 'var'],
    ['mu', 'log_sigma', 'log_sigma'],
    ['mean', 'log_sigma2', 'log_var'],
  ])('are told by their names: %s, %s', (mu, scale, role) => {
    expect(recognised([signed(scale), signed(mu)])).toEqual([`${role}=${scale} name`, `mu=${mu} name`]);
  });

  it('are told by sign, mean and what varies where names say nothing', () => {
    expect(recognised([positive('12'), signed('15')])).toEqual(['mu=15 values', 'sigma=12 values']);
    expect(recognised([below('12'), signed('15')])).toEqual(['mu=15 values', 'log_var=12 values']);
    expect(recognised([signed('a'), signed('b')])).toEqual(['mu=a values', 'log_var=b values']);
    expect(recognised([draw('1'), signed('2'), below('3')])).toEqual(['mu=2 values', 'log_var=3 values', 'z=1 values']);
    expect(recognised([output('h', noise(90), [9]), signed('2'), below('3')], {}, 2)).toEqual([
      'mu=2 values',
      'log_var=3 values',
    ]);
  });

  it('may be one alone: draws, or both halves of a posterior', () => {
    expect(recognised([signed('codes')])).toEqual(['z=codes name']);
    expect(recognised([signed('17')])).toEqual(['z=17 values']);
    expect(recognised([output('17', noise(80), [4])], {}, 2)).toEqual(['moments=17 values']);
    expect(recognised([output('moments', noise(80), [4])])).toEqual(['moments=moments name']);
  });

  it('are what the user says, with a draw by its name beside them', () => {
    const told = parseOutputs('mu=a, var=b');
    expect(recognised([signed('a'), positive('b'), draw('z')], told)).toEqual([
      'mu=a option',
      'var=b option',
      'z=z name',
    ]);
  });

  it.each<[string, TrialOutput[], string, string]>([
    [
      'no such name',
      [signed('mu'), signed('log_var')],
      'mu=nu,log_var=log_var',
      '--outputs mu=nu: expected an output of enc.onnx, which gives mu [n, 2], log_var [n, 2] (did you mean "mu"?)',
    ],
    [
      'two of a name',
      [signed('mu_1'), signed('mu_2'), signed('log_var')],
      '',
      'expected one output for mu, got mu_1, mu_2',
    ],
    [
      'two scales',
      [signed('mu'), positive('sigma'), positive('var')],
      '',
      'expected one output for the scale, got sigma (sigma), var (var)',
    ],
    [
      'other sizes',
      [signed('mu'), output('log_var', noise(60), [3])],
      '',
      'expected log_var of [n, 2] as mu has, got log_var [n, 3]',
    ],
    [
      'nothing to tell by',
      [output('a', noise(40), [2]), output('b', noise(60), [3])],
      '',
      'expected outputs that can be told for mu and a scale, or for z, got a [n, 2], b [n, 3]',
    ],
  ])('are refused: %s', (_, outputs, text, message) => {
    const run = () => recognised(outputs, text === '' ? {} : parseOutputs(text));
    expect(run).toThrow(InputError);
    expect(run).toThrow(message);
  });

  it.each([
    ['mu', '--outputs: expected mu=NAME, got "mu"'],
    ['mean=a', '--outputs: expected mu, sigma, var, log_var, log_sigma, z, moments, image, got "mean"'],
    ['log_vr=a', '(did you mean "log_var"?)'],
    ['mu=a,mu=b', 'expected mu once, got it twice'],
    ['mu=a,sigma=b,var=c', 'expected one of sigma, var, log_var, log_sigma, got sigma and var'],
    ['sigma=b', 'expected mu beside sigma, got none'],
    ['moments=a,mu=b', 'expected moments alone'],
  ])('%s is no such list', (text, message) => {
    expect(() => parseOutputs(text)).toThrow(message);
  });
});

describe('axes of images', () => {
  const fitOf = (image: number[], dims: (number | string)[] | undefined, asked?: Layout) =>
    fitLayout(
      image,
      { name: 'x', dtype: 'float32', dims: dims && ['n', ...dims] },
      { asked, images: 'x.npy', encoder: 'enc.onnx' },
    );

  it.each<[number[], (number | string)[] | undefined, Layout, number[], number[] | undefined]>([
    [[28, 28], [1, 28, 28], 'nchw', [1, 28, 28], undefined],
    [[28, 28], [28, 28, 1], 'nhwc', [28, 28, 1], undefined],
    [[28, 28], [784], 'flat', [784], undefined],
    [[28, 28], [28, 28], 'flat', [28, 28], undefined],
    [[28, 28], ['c', 'h', 'w'], 'nchw', [1, 28, 28], undefined],
    [[28, 28], undefined, 'nchw', [1, 28, 28], undefined],
    [[784], [784], 'flat', [784], undefined],
    [[784], [1, 28, 28], 'nchw', [1, 28, 28], undefined],
    [[784], [28, 28, 1], 'nhwc', [28, 28, 1], undefined],
    [[32, 32, 3], [3, 32, 32], 'nchw', [3, 32, 32], [2, 0, 1]],
    [[3, 32, 32], [32, 32, 3], 'nhwc', [32, 32, 3], [1, 2, 0]],
    [[32, 32, 3], [3, 'h', 'w'], 'nchw', [3, 32, 32], [2, 0, 1]],
    [[3, 32, 32], ['c', 'h', 'w'], 'nchw', [3, 32, 32], undefined],
    [[32, 32, 3], [3072], 'flat', [3072], undefined],
  ])('%j to an encoder of %j', (image, dims, layout, row, order) => {
    expect(fitOf(image, dims)).toMatchObject({ layout, row, ...(order && { order }) });
  });

  it('follow the layout that is asked for', () => {
    expect(fitOf([28, 28], ['a', 'b', 'c'], 'nhwc')).toMatchObject({ layout: 'nhwc', row: [28, 28, 1] });
  });

  it('that do not fit are refused, with what the encoder takes', () => {
    expect(() => fitOf([32, 32], [1, 28, 28])).toThrow(
      new InputError(
        'x.npy: expected images that fit enc.onnx, which takes x [n, 1, 28, 28], got [N, 32, 32], 1024 values each',
      ),
    );
    expect(() => fitOf([28, 28], [784], 'nhwc')).toThrow('expected images in layout nhwc that fit');
  });

  it('are turned', () => {
    const images = imageArray('x', Uint8Array.of(1, 2, 3, 4, 5, 6), [1, 1, 2, 3], true);
    const turned = fedRows(images, { order: [2, 0, 1] }, { scale: 1, offset: 0 }, 0, 1);
    expect([...turned]).toEqual([1, 4, 2, 5, 3, 6]);
  });

  it.each([
    [[2], 'expected images [N, P], [N, H, W], [N, C, H, W] or [N, H, W, C], got [2]'],
    [[0, 2], 'got [0, 2]'],
  ])('of %j are no images', (shape, message) => {
    expect(() => imageArray('x.npy', new Float32Array(2), shape, false)).toThrow(message);
  });

  it('of a value that is not finite are refused with its place', () => {
    expect(() => imageArray('x.npy', Float32Array.of(0, 1, 0, Number.NaN), [2, 2], false)).toThrow(
      'x.npy: expected finite numbers, got NaN in image 1, value 1 (counted from 0)',
    );
  });
});

describe('ranges of pixels', () => {
  const statistics = (min: number, max: number) => ({ min, max, mean: 0, sd: 1, binary: false });
  it.each<[number, number, boolean, string]>([
    [0, 255, true, '0..255'],
    [0, 1, true, '0..1'],
    [0, 1, false, '0..1'],
    [-1, 1, false, '-1..1'],
    [0, 200, false, '0..255'],
    [-2.1, 2.6, false, 'standardised'],
  ])('%d … %d are told', (min, max, bytes, range) => {
    expect(ownRange(statistics(min, max), bytes)).toBe(range);
  });

  it('are mapped to what the encoder takes, and to 0 … 1', () => {
    const { fed, toFed, toUnit } = scalingOf(statistics(0, 255), '0..255', '-1..1');
    expect(fed).toBe('-1..1');
    expect([0, 255].map((value) => toFed.scale * value + toFed.offset)).toEqual([-1, 1]);
    expect([-1, 1].map((value) => toUnit.scale * value + toUnit.offset)).toEqual([0, 1]);
    expect(scalingOf(statistics(0, 255), '0..255', undefined).fed).toBe('0..1');
    expect(scalingOf(statistics(-2, 2), 'standardised', undefined)).toMatchObject({
      fed: 'as-is',
      toFed: { scale: 1, offset: 0 },
    });
  });

  it('have names', () => {
    expect(rangeNamed('-1..1')).toBe('-1..1');
    expect(() => rangeNamed('0-255')).toThrow('--range: expected 0..1, 0..255, -1..1, as-is, got "0-255"');
  });
});

describe('likelihoods', () => {
  const x = Float32Array.of(1, 0, 1, 1);
  it('by log-odds and by probability agree', () => {
    const logits = Float32Array.of(2, -1, 0.5, -3);
    const probabilities = logits.map((l) => 1 / (1 + Math.exp(-l)));
    const [a, b] = [
      logLikelihood({ kind: 'bernoulli-logits' }, x, logits, 2),
      logLikelihood({ kind: 'bernoulli' }, x, probabilities, 2),
    ];
    expect(a[0]).toBeCloseTo(-Math.log1p(Math.exp(-2)) - Math.log1p(Math.exp(-1)), 6);
    b.forEach((value, i) => {
      expect(value).toBeCloseTo(a[i]!, 6);
    });
    expect(logLikelihood({ kind: 'bernoulli' }, x, Float32Array.of(0, 1, 1, 1), 2)[0]).toBeCloseTo(
      2 * Math.log(2 ** -24),
      1,
    );
  });

  it('of Gaussian pixels are normalised', () => {
    const [value] = logLikelihood({ kind: 'gaussian', sigma: 0.5 }, Float32Array.of(0.25), Float32Array.of(0.75), 1);
    expect(value).toBeCloseTo(-0.5 - Math.log(0.5) - 0.5 * Math.log(2 * Math.PI), 12);
    expect(() => logLikelihood({ kind: 'gaussian' }, x, x, 2)).toThrow('expected a deviation');
  });

  it('have names', () => {
    expect(parseLikelihood('gaussian:0.1')).toEqual({ kind: 'gaussian', sigma: 0.1 });
    expect(
      ['bernoulli-logits', 'bernoulli', 'gaussian', 'gaussian:2'].map((text) => likelihoodName(parseLikelihood(text))),
    ).toEqual([
      'Bernoulli pixels by log-odds',
      'Bernoulli pixels by probability',
      'means of pixels, of unknown deviation',
      'Gaussian pixels of deviation 2',
    ]);
    for (const text of ['gauss', 'gaussian:', 'gaussian:-1', 'bernoulli:1']) {
      expect(() => parseLikelihood(text)).toThrow('--likelihood: expected');
    }
  });
});
