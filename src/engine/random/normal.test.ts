import { describe, expect, it } from 'vitest';
import { keyedStream } from './index.js';
import { portableExp, portableLog } from './portable.js';
import { HEIGHT, INSIDE, TAIL_START, WIDTH } from './ziggurat.js';

const N = 1_000_000;

/** Φ(x) by Marsaglia's series Φ = ½ + φ(x) (x + x³/3 + x⁵/15 + …). */
const cdf = (x: number): number => {
  let sum = x;
  let term = x;
  for (let k = 3; Math.abs(term) > 1e-17; k += 2) {
    term *= (x * x) / k;
    sum += term;
  }
  return 0.5 + (sum * Math.exp(-0.5 * x * x)) / Math.sqrt(2 * Math.PI);
};

/** √n times the Kolmogorov–Smirnov distance; passes 1.95 once in a thousand samples. */
const kolmogorov = (draws: Float64Array, distribution: (x: number) => number): number => {
  const sorted = Float64Array.from(draws).sort();
  let distance = 0;
  sorted.forEach((x, i) => {
    const f = distribution(x);
    distance = Math.max(distance, f - i / sorted.length, (i + 1) / sorted.length - f);
  });
  return distance * Math.sqrt(sorted.length);
};

const drawn = (name: string, n: number, draw: 'uniform' | 'normal'): Float64Array => {
  const stream = keyedStream(11, name, 0);
  return Float64Array.from({ length: n }, () => stream[draw]());
};

const power = (draws: Float64Array, k: number): number => draws.reduce((sum, x) => sum + x ** k, 0) / draws.length;

describe('uniform draws', () => {
  const draws = drawn('uniform', N, 'uniform');

  it('lie in [0, 1) and are exact in float32', () => {
    for (const u of draws) if (!(u >= 0 && u < 1 && Math.fround(u) === u)) expect.fail(`got ${u}`);
  });

  it.each([1, 2, 3, 4])('have moment %i of U(0, 1) within 4 standard errors', (k) => {
    const se = Math.sqrt((1 / (2 * k + 1) - 1 / (k + 1) ** 2) / N);
    expect(Math.abs(power(draws, k) - 1 / (k + 1))).toBeLessThan(4 * se);
  });

  it('pass Kolmogorov–Smirnov', () => {
    expect(kolmogorov(draws, (u) => u)).toBeLessThan(1.95);
  });
});

describe('normal draws', () => {
  const draws = drawn('normal', N, 'normal');

  // Variance of x^k is E x^2k - (E x^k)².
  it.each([
    [1, 0, 1],
    [2, 1, 2],
    [3, 0, 15],
    [4, 3, 96],
  ])('have moment %i of N(0, 1) within 4 standard errors', (k, moment, variance) => {
    expect(Math.abs(power(draws, k) - moment)).toBeLessThan(4 * Math.sqrt(variance / N));
  });

  it('pass Kolmogorov–Smirnov', () => {
    expect(kolmogorov(draws, cdf)).toBeLessThan(1.95);
  });

  it('are independent of the draw before', () => {
    let sum = 0;
    let squares = 0;
    for (let i = 1; i < N; i++) {
      sum += draws[i]! * draws[i - 1]!;
      squares += (draws[i]! ** 2 - 1) * (draws[i - 1]! ** 2 - 1);
    }
    expect(Math.abs(sum) / Math.sqrt(N)).toBeLessThan(4);
    expect(Math.abs(squares) / Math.sqrt(4 * N)).toBeLessThan(4);
  });

  it('fall beyond 3, 3.6, the start of the tail, and 4.5 as often as they should, on both sides', () => {
    const n = 4_000_000;
    const stream = keyedStream(12, 'tail', 0);
    const edges = [3, 3.6, TAIL_START, 4.5];
    const above = edges.map(() => 0);
    const below = edges.map(() => 0);
    for (let i = 0; i < n; i++) {
      const x = stream.normal();
      if (x > 3 || x < -3) {
        edges.forEach((edge, e) => {
          if (x > edge) above[e]! += 1;
          else if (x < -edge) below[e]! += 1;
        });
      }
    }
    edges.forEach((edge, e) => {
      const expected = n * (1 - cdf(edge));
      for (const count of [above[e]!, below[e]!]) {
        expect(Math.abs(count - expected), `beyond ${edge}`).toBeLessThan(4 * Math.sqrt(expected));
      }
    });
  });

  it('have the right shape within the tail', () => {
    const stream = keyedStream(13, 'tail', 0);
    const tail: number[] = [];
    for (let i = 0; i < 6_000_000; i++) {
      const x = Math.abs(stream.normal());
      if (x > TAIL_START) tail.push(x);
    }
    const mass = 1 - cdf(TAIL_START);
    expect(tail.length).toBeGreaterThan(1000);
    expect(kolmogorov(Float64Array.from(tail), (x) => 1 - (1 - cdf(x)) / mass)).toBeLessThan(1.95);
  });
});

describe('the ziggurat', () => {
  it('has layers of equal area that close at the top', () => {
    const x = WIDTH.map((w) => w * 2 ** 23);
    const area = x[0]! * HEIGHT[1]!;
    for (let i = 1; i < 256; i++) expect(x[i]! * (HEIGHT[i + 1]! - HEIGHT[i]!)).toBeCloseTo(area, 13);
    expect(INSIDE[255]).toBe(0);
    expect(x[1]).toBe(TAIL_START);
  });
});

describe('portable arithmetic', () => {
  it('agrees with Math.exp on [-20, 0] and Math.log on (0, 1]', () => {
    const stream = keyedStream(14, 'portable', 0);
    for (let i = 0; i < 20_000; i++) {
      const x = -20 * stream.uniform();
      expect(Math.abs(portableExp(x) / Math.exp(x) - 1)).toBeLessThan(1e-14);
      const u = (stream.uint32() + 0.5) * 2 ** -32;
      expect(Math.abs(portableLog(u) - Math.log(u))).toBeLessThan(1e-14);
    }
    expect(portableExp(0)).toBe(1);
    expect(portableLog(1)).toBe(0);
  });
});
