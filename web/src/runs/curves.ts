/** Curves of runs as figures take them. */
import type { CurvePoint, Estimate } from '../../../src/vae/training/index.js';
import type { CurveAt } from '../figures/Curves.js';
import type { Table } from '../figures/save.js';
import { QUANTITIES, type Quantity } from './look.js';

const Z975 = 1.96;

/** With the 95% interval over test images. */
export const pointOf = (x: number, { value, se }: Estimate): CurveAt => ({
  x,
  value,
  low: value - Z975 * se,
  high: value + Z975 * se,
});

export const pointsOf = (curve: readonly CurvePoint[], quantity: Quantity): CurveAt[] =>
  curve.map((point) => pointOf(point.step, point[quantity]));

const NAMES = [...QUANTITIES.map(({ quantity }) => quantity), 'momentKlDraws'] as const;

/** All evaluations of some runs, a row each. */
export const curveTable = (
  runs: readonly { readonly name: string; readonly curve: readonly CurvePoint[] }[],
): Table => ({
  header: ['run', 'step', 'epoch', ...NAMES.flatMap((name) => [`${name}_nats`, `${name}_se`, `${name}_n`])],
  rows: runs.flatMap(({ name, curve }) =>
    curve.map((point) => [
      ...[name, point.step, point.epoch],
      ...NAMES.flatMap((quantity) => {
        const { value, se, n } = point[quantity];
        return [value, se, n];
      }),
    ]),
  ),
});
