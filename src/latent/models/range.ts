/** Between which values pixels lie, in the array, before the encoder, and in 0 … 1. */
import { didYouMean, InputError } from '../../engine/errors/index.js';

export interface PixelStatistics {
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  readonly sd: number;
  /** Every value is the least or the largest one. */
  readonly binary: boolean;
}

/** `standardised`: about mean 0 and deviation 1, or any other values that are no range of pixels. */
export type OwnRange = '0..1' | '0..255' | '-1..1' | 'standardised';

export const RANGES = ['0..1', '0..255', '-1..1', 'as-is'] as const;
/** What an encoder is fed. */
export type FedRange = (typeof RANGES)[number];

export interface Affine {
  readonly scale: number;
  readonly offset: number;
}

export interface Scaling {
  /** Of the values in the array. */
  readonly own: OwnRange;
  readonly fed: FedRange;
  /** Array to encoder, and encoder to 0 … 1. */
  readonly toFed: Affine;
  readonly toUnit: Affine;
}

const LIMITS: Readonly<Record<Exclude<OwnRange, 'standardised'>, readonly [number, number]>> = {
  '0..1': [0, 1],
  '0..255': [0, 255],
  '-1..1': [-1, 1],
};

/** The range that values lie in: bytes reach beyond 1. */
export const ownRange = ({ min, max }: PixelStatistics, bytes: boolean): OwnRange => {
  if (bytes && max > 1) return '0..255';
  if (min >= 0 && max <= 1) return '0..1';
  if (min >= -1 && max <= 1) return '-1..1';
  return min >= 0 && max > 1.5 && max <= 255 ? '0..255' : 'standardised';
};

export const rangeNamed = (text: string): FedRange => {
  const found = RANGES.find((range) => range === text);
  if (found) return found;
  throw new InputError(`--range: expected ${RANGES.join(', ')}, got "${text}"${didYouMean(text, RANGES)}`);
};

/** The map that takes one interval to another. */
const between = ([a, b]: readonly [number, number], [c, d]: readonly [number, number]): Affine => {
  const scale = (d - c) / (b - a);
  return { scale, offset: c - a * scale };
};

/**
 * How values are scaled. `asked` is what the encoder takes; unless told, bytes come as 0 … 1 and anything else as it is.
 */
export const scalingOf = (statistics: PixelStatistics, own: OwnRange, asked: FedRange | undefined): Scaling => {
  const limits =
    own === 'standardised' ? ([statistics.min, Math.max(statistics.max, statistics.min + 1e-6)] as const) : LIMITS[own];
  const fed = asked ?? (own === '0..255' ? '0..1' : own === 'standardised' ? 'as-is' : own);
  const target = fed === 'as-is' ? limits : LIMITS[fed];
  return { own, fed, toFed: between(limits, target), toUnit: between(target, [0, 1]) };
};
