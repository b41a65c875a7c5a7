import type { View } from './state.js';
import type { Plane } from './usePlane.js';

/** An axis of the frame, as it is offered. */
export interface Axis {
  readonly axis: number;
  /** In a list. */
  readonly name: string;
  /** At the edge of a picture. */
  readonly short: string;
}

/** Dimensions of z, those that say most about their images first. */
export const byRate = (dimensionRate: readonly number[]): number[] =>
  Array.from(dimensionRate.keys()).sort((a, b) => dimensionRate[b]! - dimensionRate[a]! || a - b);

/** The axes of a view in the order in which they are offered. */
export const axesOffered = (
  view: View,
  dimensionRate: readonly number[],
  explained: Plane['explained'],
): readonly Axis[] => {
  if (view !== 'components') {
    return byRate(dimensionRate).map((axis) => ({
      axis,
      name: `z ${axis}, ${dimensionRate[axis]!.toFixed(2)} nats`,
      short: `z ${axis}`,
    }));
  }
  return Array.from(dimensionRate.keys(), (axis) => {
    const share = explained && `, ${(100 * explained[axis]!).toFixed(0)}% of the variance`;
    return { axis, name: `component ${axis + 1}${share ?? ''}`, short: `component ${axis + 1}` };
  });
};
