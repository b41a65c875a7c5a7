import { evenEdges } from '../../codes/index.js';
import { quantileOf } from '../noiseFloor/index.js';

const BINS = 100;

/** Even edges from low to high however near they are to one another: in units of a power of ten. */
export const fineEdges = (low: number, high: number): number[] => {
  const [from, to] = low < high ? [low, high] : [low - 0.5, low + 0.5];
  // evenEdges has no width below 0.1.
  const unit = Math.min(1, 10 ** (Math.floor(Math.log10((to - from) / BINS)) + 1));
  return evenEdges(from / unit, to / unit, BINS).map((edge) => Number((edge * unit).toPrecision(12)));
};

/** Lowest and highest of values without the outermost share at either end. */
export const innerRange = (values: ArrayLike<number>, outside: number): [number, number] => {
  const sorted = Float64Array.from(values).sort();
  return [quantileOf(sorted, outside), quantileOf(sorted, 1 - outside)];
};
