import {
  add,
  constant,
  exp,
  matmul,
  mul,
  neg,
  relu,
  split,
  sub,
  sum,
  type Tensor,
} from '../../../engine/graph/index.js';
import { initialParameters } from '../../../vae/architectures/index.js';
import { bounded, startingAtZero } from '../training/parameters.js';
import { layerShapes, type Parameters, perceptron } from '../training/perceptron.js';
import type { Flow } from './flow.js';

export interface RealNvpConfig {
  /** At least 2. */
  readonly latents: number;
  readonly couplings: number;
  readonly hidden: number;
}

/**
 * RealNVP: affine couplings, each of which moves one part b of the dimensions by what it reads in the other part a.
 *
 *   u_a = x_a,  u_b = (x_b − t(x_a)) exp(−s(x_a));  then every dimension by an affine map of its own
 *   ln |det dx/du| = Σ_couplings (Σ_b s_b + Σ_d l_d),  l the log-scales of those maps
 *
 * The parts alternate between halves and every other dimension. The maps of single dimensions start as the identity,
 * which standardises what they read because the codes are white: activation normalisation with the data's moments.
 *
 * Source: Dinh et al. 2016, arXiv:1605.08803; Kingma & Dhariwal 2018, arXiv:1807.03039 (activation normalisation).
 */
export const realNvp = ({ latents, couplings, hidden }: RealNvpConfig): Flow => {
  const parts = Array.from({ length: couplings }, (_, c) => partOf(latents, c));
  const shapes = Object.assign(
    {},
    ...parts.map(({ read, moved }, c) => ({
      ...layerShapes(`coupling${c}`, [read.length, hidden, hidden, 2 * moved.length]),
      [`standard${c}.weight`]: [latents],
      [`standard${c}.bias`]: [latents],
    })),
  );
  const columns = parts.map(({ read, moved }) => ({
    read: selection(latents, read),
    moved: selection(latents, moved),
  }));
  const affine = (parameters: Parameters, c: number, a: Tensor): { shift: Tensor; logScale: Tensor } => {
    const head = perceptron(parameters, `coupling${c}`, 3, relu, a);
    const n = parts[c]!.moved.length;
    const [shift, raw] = split(head, 1, [n, n]) as [Tensor, Tensor];
    return { shift, logScale: bounded(raw) };
  };
  const placed = (c: number, a: Tensor, b: Tensor): Tensor =>
    add(matmul(a, columns[c]!.read, { transB: true }), matmul(b, columns[c]!.moved, { transB: true }));
  return {
    shapes,
    latents,
    initial: (seed) => startingAtZero(initialParameters(shapes, seed), shapes, '.2.', 'standard'),
    forward: (parameters, x) => {
      let u = x;
      const volumes: Tensor[] = [];
      for (let c = 0; c < couplings; c++) {
        const [a, b] = [matmul(u, columns[c]!.read), matmul(u, columns[c]!.moved)];
        const { shift, logScale } = affine(parameters, c, a);
        const own = bounded(parameters[`standard${c}.weight`]!);
        const coupled = placed(c, a, mul(sub(b, shift), exp(neg(logScale))));
        u = mul(sub(coupled, parameters[`standard${c}.bias`]!), exp(neg(own)));
        volumes.push(add(sum(logScale, 1), sum(own)));
      }
      return { u, logVolume: volumes.reduce((p, q) => add(p, q)) };
    },
    inverse: (parameters, u) => {
      let x = u;
      for (let c = couplings - 1; c >= 0; c--) {
        const own = bounded(parameters[`standard${c}.weight`]!);
        const coupled = add(mul(x, exp(own)), parameters[`standard${c}.bias`]!);
        const [a, b] = [matmul(coupled, columns[c]!.read), matmul(coupled, columns[c]!.moved)];
        const { shift, logScale } = affine(parameters, c, a);
        x = placed(c, a, add(mul(b, exp(logScale)), shift));
      }
      return x;
    },
  };
};

/** The dimensions that a coupling reads and those that it moves. */
const partOf = (latents: number, c: number): { readonly read: number[]; readonly moved: number[] } => {
  const half = Math.ceil(latents / 2);
  const first = (d: number): boolean => (Math.floor(c / 2) % 2 === 0 ? d < half : d % 2 === 0);
  const all = Array.from({ length: latents }, (_, d) => d);
  const [p, q] = [all.filter(first), all.filter((d) => !first(d))];
  return c % 2 === 0 ? { read: p, moved: q } : { read: q, moved: p };
};

/** The columns of a matrix as a product: [D, n] with one 1 in each column. */
const selection = (latents: number, columns: readonly number[]): Tensor =>
  constant(Array.from({ length: latents }, (_, d) => columns.map((column) => (column === d ? 1 : 0))).flat(), [
    latents,
    columns.length,
  ]);
