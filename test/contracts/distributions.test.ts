import { describe, expect, it } from 'vitest';
import { grad } from '../../src/engine/autodiff/index.js';
import { input, slice, type Tensor } from '../../src/engine/graph/index.js';
import { evaluate } from '../../src/engine/interpreter/index.js';
import { bernoulli, normal } from '../../src/vae/distributions/index.js';
import { expectClose, magnitude } from '../support/close.js';
import { type Feed, feed, hostTensors, inputsOfFeeds, spread, valuesByName } from '../support/feeds.js';
import { gradcheck, weighted } from '../support/gradcheck.js';
import { onnxValues } from '../support/onnxValues.js';

/** A distribution over rows, as a log-density of an event under parameters of the same shape. */
interface Family {
  readonly name: string;
  readonly logProb: (event: Tensor, ...parameters: Tensor[]) => Tensor;
  /** Event first, then the parameters, all [4, 3]. */
  readonly feeds: readonly Feed[];
  /** Every event of one dimension with its weight in a sum or an integral, and parameters of one row. */
  readonly whole: { readonly events: readonly number[]; readonly weight: number; readonly parameters: number[] }[];
}

const SHAPE = [4, 3];
const grid = (from: number, to: number, n: number): number[] =>
  Array.from({ length: n }, (_, i) => from + ((i + 0.5) * (to - from)) / n);

const families: readonly Family[] = [
  {
    name: 'normal',
    logProb: (z, mu, sigma) => normal(mu!, sigma!).logProb(z),
    feeds: [spread(SHAPE, -3, 3), spread(SHAPE, -2, 2, 1), spread(SHAPE, 0.05, 2, 2)],
    whole: [
      { events: grid(-12, 12, 2000), weight: 24 / 2000, parameters: [0, 1] },
      { events: grid(2.9, 3.1, 2000), weight: 0.2 / 2000, parameters: [3, 0.01] },
    ],
  },
  {
    name: 'bernoulli',
    logProb: (x, logits) => bernoulli(logits!).logProb(x),
    feeds: [feed(SHAPE, [0, 1, 1, 0, 0, 1, 0, 1, 0, 1, 1, 1]), spread(SHAPE, -6, 6, 1)],
    whole: [
      { events: [0, 1], weight: 1, parameters: [0] },
      { events: [0, 1], weight: 1, parameters: [-3.7] },
      { events: [0, 1], weight: 1, parameters: [40] },
    ],
  },
];

describe.each(families)('$name', ({ logProb, feeds, whole }) => {
  const inputs = inputsOfFeeds(feeds) as [Tensor, ...Tensor[]];
  const density = logProb(...inputs);

  it('gives one number a row: the sum over its dimensions', () => {
    expect(density.shape).toEqual([4]);
    const columns = [0, 1, 2].map((d) => {
      const [event, ...parameters] = inputs.map((x) => slice(x, 1, d, d + 1)) as [Tensor, ...Tensor[]];
      return logProb(event, ...parameters);
    });
    const [value, ...parts] = evaluate([density, ...columns], valuesByName(feeds));
    expectClose(
      value!,
      value!.map((_, i) => parts.reduce((total, part) => total + part[i]!, 0)),
      { relative: 1e-14, absolute: 1e-14 },
    );
  });

  it('keeps rows apart', () => {
    const [alone] = evaluate(
      [logProb(...(inputs.map((x) => slice(x, 0, 2, 3)) as [Tensor, ...Tensor[]]))],
      valuesByName(feeds),
    );
    expect(alone![0]).toBe(evaluate([density], valuesByName(feeds))[0]![2]);
  });

  it('has the gradient of central differences in its event and every parameter', () => {
    gradcheck((...x) => logProb(...(x as [Tensor, ...Tensor[]])), feeds);
  });

  it.each(whole)('has a total probability of one at $parameters', ({ events, weight, parameters }) => {
    const n = events.length;
    const columns = [events, ...parameters.map((value) => new Array<number>(n).fill(value))];
    const names = columns.map((_, i) => input(`x${i}`, [n, 1])) as [Tensor, ...Tensor[]];
    const [values] = evaluate([logProb(...names)], Object.fromEntries(columns.map((values, i) => [`x${i}`, values])));
    const total = values!.reduce((sumSoFar, v) => sumSoFar + weight * Math.exp(v), 0);
    expect(total).toBeCloseTo(1, 10);
  });

  it('takes no other shape for an event or a parameter, not even one that would broadcast', () => {
    inputs.forEach((_, which) => {
      const wrong = inputs.map((x, i) => (i === which ? input('row', [1, 3]) : x)) as [Tensor, ...Tensor[]];
      expect(() => logProb(...wrong)).toThrow(/: expected \[\d, 3\], got \[\d, 3\]$/);
    });
  });

  it('is the same in ONNX Runtime, gradients included', async () => {
    const gradients = grad(weighted(density), inputs);
    const outputs = { y: density, ...Object.fromEntries(gradients.map((x, i) => [`d${i}`, x])) };
    const expected = evaluate([density, ...gradients], valuesByName(feeds));
    const actual = await onnxValues(outputs, hostTensors(feeds));
    Object.keys(outputs).forEach((name, i) => {
      const absolute = 3e-6 * magnitude(expected[i]!);
      expectClose(actual[name]!, expected[i]!, { relative: 3e-6, absolute }, name);
    });
  });
});
