import { describe, expect, it } from 'vitest';
import { expectClose } from '../../../../test/support/close.js';
import { drawnParameters, normals } from '../../../../test/support/latentCodes.js';
import { grad } from '../../../engine/autodiff/index.js';
import { input, sum, type Tensor } from '../../../engine/graph/index.js';
import { evaluate } from '../../../engine/interpreter/index.js';
import { views } from '../../../engine/program/index.js';
import { type Flow, flowModel, maskedAutoregressive, realNvp } from './index.js';

const flows: readonly (readonly [name: string, flow: Flow])[] = [
  ['masked autoregressive, 1 latent', maskedAutoregressive({ latents: 1, blocks: 2, hidden: 6 })],
  ['masked autoregressive, 2 latents', maskedAutoregressive({ latents: 2, blocks: 3, hidden: 8 })],
  ['masked autoregressive, 5 latents', maskedAutoregressive({ latents: 5, blocks: 2, hidden: 11 })],
  ['masked autoregressive, more latents than units', maskedAutoregressive({ latents: 9, blocks: 3, hidden: 4 })],
  ['RealNVP, 2 latents', realNvp({ latents: 2, couplings: 4, hidden: 8 })],
  ['RealNVP, 5 latents', realNvp({ latents: 5, couplings: 5, hidden: 9 })],
];
const parametersOf = (flow: Flow): Record<string, Tensor> =>
  Object.fromEntries(Object.entries(flow.shapes).map(([name, shape]) => [name, input(name, shape)]));
const forward = (flow: Flow, x: ArrayLike<number>, values: Record<string, Float32Array>) => {
  const n = x.length / flow.latents;
  const { u, logVolume } = flow.forward(parametersOf(flow), input('x', [n, flow.latents]));
  const [codes, volumes] = evaluate([u, logVolume], { ...values, x });
  return { u: codes!, logVolume: volumes! };
};
const inverse = (flow: Flow, u: ArrayLike<number>, values: Record<string, Float32Array>): Float64Array =>
  evaluate([flow.inverse(parametersOf(flow), input('u', [u.length / flow.latents, flow.latents]))], {
    ...values,
    u,
  })[0]!;

describe.each(flows)('%s', (_, flow) => {
  const { latents } = flow;
  const values = drawnParameters(flow.shapes, 0.6);
  /** Of maps that are smooth enough for differences and grids. */
  const gentle = drawnParameters(flow.shapes, 0.3);
  const x = normals(7 * latents, 'x');

  it('starts as the identity', () => {
    const first = views(flow.initial(1), flow.shapes);
    const { u, logVolume } = forward(flow, x, first);
    expectClose(u, x, {});
    expectClose(logVolume, new Float64Array(7), {});
    expectClose(inverse(flow, x, first), x, {});
  });

  it('is undone by its inverse', () => {
    const { u } = forward(flow, x, values);
    expect(Math.max(...u.map((v, i) => Math.abs(v - x[i]!)))).toBeGreaterThan(0.1);
    expectClose(inverse(flow, u, values), x, { relative: 1e-8, absolute: 1e-8 });
    expectClose(forward(flow, inverse(flow, x, values), values).u, x, { relative: 1e-8, absolute: 1e-8 });
  });

  it('has the log-determinant of its Jacobian', () => {
    const point = [...x.subarray(0, latents)];
    const h = 1e-6;
    const jacobian = point.map((v, d) => {
      const [above, below] = [forward(flow, point.with(d, v + h), gentle), forward(flow, point.with(d, v - h), gentle)];
      return Array.from(above.u, (p, i) => (p - below.u[i]!) / (2 * h));
    });
    expect(-forward(flow, point, gentle).logVolume[0]!).toBeCloseTo(Math.log(Math.abs(determinant(jacobian))), 6);
  });

  it('learns in every parameter', () => {
    const model = flowModel(flow);
    const parameters = parametersOf(flow);
    const loss = sum(model.loss(parameters, input('x', [7, latents]), {}));
    const names = Object.keys(flow.shapes);
    const gradients = evaluate(
      grad(
        loss,
        names.map((name) => parameters[name]!),
      ),
      { ...values, x },
    );
    names.forEach((name, i) => {
      // With one latent, or as the first in order, there is nothing for a network to read.
      if (latents > 1)
        expect(
          gradients[i]!.some((g) => g !== 0),
          name,
        ).toBe(true);
      expect(gradients[i]!.every(Number.isFinite), name).toBe(true);
    });
  });
});

describe.each(flows.filter(([, { latents }]) => latents <= 2))('%s', (_, flow) => {
  it('is a density: integrates to one', () => {
    const { latents } = flow;
    const gentle = drawnParameters(flow.shapes, 0.3);
    const step = latents === 1 ? 0.02 : 0.15;
    const ticks = Array.from({ length: 18 / step }, (_, i) => -9 + (i + 0.5) * step);
    const grid = latents === 1 ? ticks : ticks.flatMap((a) => ticks.flatMap((b) => [a, b]));
    const model = flowModel(flow);
    const logProb = model.logProb!(parametersOf(flow), input('x', [grid.length / latents, latents]));
    const total = evaluate([logProb], { ...gentle, x: grid })[0]!.reduce((p, v) => p + Math.exp(v), 0);
    expect(total * step ** latents).toBeCloseTo(1, 3);
  });
});

describe('masked autoregressive blocks', () => {
  it('read in a dimension only those before it', () => {
    const flow = maskedAutoregressive({ latents: 4, blocks: 1, hidden: 12 });
    const values = drawnParameters(flow.shapes, 0.6);
    const x = [0.1, -0.4, 0.8, 1.2];
    const { u } = forward(flow, x, values);
    x.forEach((v, d) => {
      const moved = forward(flow, x.with(d, v + 0.5), values).u;
      u.forEach((before, i) => {
        if (i < d) expect(moved[i]).toBe(before);
        else expect(moved[i]).not.toBe(before);
      });
    });
  });
});

/** By elimination with the largest pivot. */
const determinant = (matrix: readonly (readonly number[])[]): number => {
  const rows = matrix.map((row) => [...row]);
  let product = 1;
  for (let k = 0; k < rows.length; k++) {
    const pivot = rows
      .slice(k)
      .reduce((best, row, i) => (Math.abs(row[k]!) > Math.abs(rows[best]![k]!) ? i + k : best), k);
    if (pivot !== k) {
      [rows[k], rows[pivot]] = [rows[pivot]!, rows[k]!];
      product = -product;
    }
    product *= rows[k]![k]!;
    for (let i = k + 1; i < rows.length; i++) {
      const share = rows[i]![k]! / rows[k]![k]!;
      for (let j = k; j < rows.length; j++) rows[i]![j]! -= share * rows[k]![j]!;
    }
  }
  return product;
};
