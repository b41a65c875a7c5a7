import {
  add,
  concat,
  constant,
  exp,
  matmul,
  mul,
  neg,
  relu,
  reshape,
  slice,
  split,
  sub,
  sum,
  type Tensor,
} from '../../../engine/graph/index.js';
import { initialParameters } from '../../../vae/architectures/index.js';
import { bounded, startingAtZero } from '../training/parameters.js';
import { layerShapes, type Parameters } from '../training/perceptron.js';
import type { Flow } from './flow.js';

export interface MaskedAutoregressiveConfig {
  readonly latents: number;
  readonly blocks: number;
  /** Units of each of the two hidden layers of a block. */
  readonly hidden: number;
}

/**
 * Masked autoregressive flow: blocks of u_d = (x_d − t_d(x_<d)) exp(−s_d(x_<d)), whose t and s come from one masked
 * network; every other block goes through the dimensions from the last to the first.
 *
 *   ln |det dx/du| = Σ_blocks Σ_d s_d
 *
 * Density in one pass; a draw takes D steps a block, of which each computes only the hidden units that the step makes
 * known, so that all of them together do the work of one pass.
 *
 * Source: Papamakarios et al. 2017, arXiv:1705.07057; masks: Germain et al. 2015, arXiv:1502.03509.
 */
export const maskedAutoregressive = (config: MaskedAutoregressiveConfig): Flow => {
  const { latents, blocks, hidden } = config;
  const shapes = Object.assign(
    {},
    ...Array.from({ length: blocks }, (_, b) => layerShapes(`block${b}`, [latents, hidden, hidden, 2 * latents])),
  );
  const masks = [false, true].map((reversed) => masksOf(config, reversed));
  return {
    shapes,
    latents,
    initial: (seed) => startingAtZero(initialParameters(shapes, seed), shapes, '.2.'),
    forward: (parameters, x) => {
      let u = x;
      const logScales: Tensor[] = [];
      for (let b = 0; b < blocks; b++) {
        const { shift, logScale } = masked(parameters, `block${b}`, masks[b % 2]!, u);
        u = mul(sub(u, shift), exp(neg(logScale)));
        logScales.push(logScale);
      }
      return {
        u,
        logVolume: sum(
          logScales.reduce((p, q) => add(p, q)),
          1,
        ),
      };
    },
    inverse: (parameters, u) => {
      let x = u;
      for (let b = blocks - 1; b >= 0; b--) x = undo(config, parameters, `block${b}`, b % 2 === 1, x);
      return x;
    },
  };
};

/** How many of the first dimensions, in the block's order, a hidden unit may know: 1 … D − 1, ascending over the units. */
const degrees = ({ latents, hidden }: MaskedAutoregressiveConfig): number[] =>
  Array.from({ length: hidden }, (_, i) => 1 + Math.floor((i * (latents - 1)) / hidden));

const masksOf = (config: MaskedAutoregressiveConfig, reversed: boolean): Tensor[] => {
  const { latents } = config;
  const ranks = Array.from({ length: latents }, (_, d) => (reversed ? latents - 1 - d : d));
  const units = degrees(config);
  const mask = (from: readonly number[], to: readonly number[], allowed: (p: number, q: number) => boolean): Tensor =>
    constant(
      from.flatMap((p) => to.map((q) => (allowed(p, q) ? 1 : 0))),
      [from.length, to.length],
    );
  return [
    mask(ranks, units, (rank, degree) => rank < degree),
    mask(units, units, (before, after) => before <= after),
    mask(units, [...ranks, ...ranks], (degree, rank) => degree <= rank),
  ];
};

const masked = (
  parameters: Parameters,
  name: string,
  masks: readonly Tensor[],
  x: Tensor,
): { readonly shift: Tensor; readonly logScale: Tensor } => {
  let h = x;
  masks.forEach((mask, i) => {
    const layer = add(matmul(h, mul(parameters[`${name}.${i}.weight`]!, mask)), parameters[`${name}.${i}.bias`]!);
    h = i < masks.length - 1 ? relu(layer) : layer;
  });
  const d = x.shape[1]!;
  const [shift, raw] = split(h, 1, [d, d]) as [Tensor, Tensor];
  return { shift, logScale: bounded(raw) };
};

/** x of u, dimension by dimension in the block's order. */
const undo = (
  config: MaskedAutoregressiveConfig,
  parameters: Parameters,
  name: string,
  reversed: boolean,
  u: Tensor,
): Tensor => {
  const { latents } = config;
  const units = degrees(config);
  const firstOf = (degree: number): number => units.findIndex((d) => d >= degree);
  const unitsFrom = (degree: number): Range => {
    const [start, end] = [firstOf(degree), firstOf(degree + 1)];
    return [start < 0 ? units.length : start, end < 0 ? units.length : end];
  };
  /** Columns of one layer, of inputs that are rows `first` and on of its weight. */
  const part = (i: number, x: Tensor, first: number, columns: readonly Range[]): Tensor => {
    const weight = block(parameters[`${name}.${i}.weight`]!, [first, first + x.shape[1]!], columns);
    return add(matmul(x, weight), bias(i, columns));
  };
  const bias = (i: number, columns: readonly Range[]): Tensor => {
    const all = parameters[`${name}.${i}.bias`]!;
    return concat(columns.map(([start, end]) => slice(all, 0, start, end)));
  };
  let known: readonly Tensor[] = [];
  let first: readonly Tensor[] = [];
  let second: readonly Tensor[] = [];
  for (let rank = 0; rank < latents; rank++) {
    const d = reversed ? latents - 1 - rank : rank;
    const range = unitsFrom(rank);
    if (rank > 0 && range[1] > range[0]) {
      first = [...first, relu(part(0, concat(known, 1), reversed ? d + 1 : 0, [range]))];
      second = [...second, relu(part(1, concat(first, 1), 0, [range]))];
    }
    const columns: Range[] = [
      [d, d + 1],
      [latents + d, latents + d + 1],
    ];
    const head = second.length === 0 ? reshape(bias(2, columns), [1, 2]) : part(2, concat(second, 1), 0, columns);
    const [shift, raw] = split(head, 1, [1, 1]) as [Tensor, Tensor];
    const x = add(mul(slice(u, 1, d, d + 1), exp(bounded(raw))), shift);
    known = reversed ? [x, ...known] : [...known, x];
  }
  return concat(known, 1);
};

type Range = readonly [start: number, end: number];

/** Rows and columns of a matrix. Of a constant they are taken here: a graph of slices of weights is slow to load. */
const block = (matrix: Tensor, [top, bottom]: Range, columns: readonly Range[]): Tensor => {
  if (matrix.op === 'constant') {
    const { values } = matrix.attrs;
    const width = matrix.shape[1]!;
    const taken = Array.from({ length: bottom - top }, (_, i) =>
      columns.flatMap(([start, end]) => values.slice((top + i) * width + start, (top + i) * width + end)),
    );
    return constant(taken.flat(), [taken.length, columns.reduce((n, [start, end]) => n + end - start, 0)]);
  }
  const rows = slice(matrix, 0, top, bottom);
  return concat(
    columns.map(([start, end]) => slice(rows, 1, start, end)),
    1,
  );
};
