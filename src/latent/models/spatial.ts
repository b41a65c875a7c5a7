/** Codes with places, as the autoencoders of latent diffusion have them. */
import type { Codes, Draws } from '../audit/codes.js';
import type { ChannelFindings, SpatialFindings } from '../audit/index.js';
import { gaussianKlOf } from '../audit/momentKl.js';
import { isSingular, momentsOf } from '../audit/moments.js';
import { drawsOf, sampleRows } from '../audit/split.js';
import { normalCdf } from '../audit/twoSample/index.js';
import { kolmogorovDistance } from '../audit/twoSample/kolmogorov.js';
import type { Layout } from './layout.js';

/** Values of a code above which its places are audited instead: costs grow with the square, and densities need codes. */
const MOST_JOINT = 256;
/** Codes for each of their values that an audit of them takes at least. */
const LEAST_CODES = 4;
/** Places of all codes that are audited. */
const MOST_PLACES = 50_000;
/** Values that a distance is computed from. */
const MOST_VALUES = 100_000;

/** Channels, height and width of codes [C, h, w], or [h, w, C] of layout nhwc; undefined for codes without places. */
export const placesOf = (shape: readonly number[], layout: Layout): readonly [number, number, number] | undefined => {
  const [a, b, c] = shape;
  if (shape.length !== 3) return undefined;
  const sides: readonly [number, number, number] = layout === 'nhwc' ? [c!, a!, b!] : [a!, b!, c!];
  return sides[1] * sides[2] > 1 ? sides : undefined;
};

/** Where the value of a channel at a place lies in a code. */
const indexOf =
  ([channels, height, width]: readonly [number, number, number], layout: Layout) =>
  (channel: number, place: number): number =>
    layout === 'nhwc' ? place * channels + channel : channel * height * width + place;

/** Every place of every code as a row of its own. Shapes: [N, C h w] -> [N h w, C], of at most 50,000 by the seed. */
export const rowsOfPlaces = (
  codes: Codes,
  sides: readonly [number, number, number],
  layout: Layout,
  seed: number,
): Codes => {
  const [channels, height, width] = sides;
  const places = height * width;
  const at = indexOf(sides, layout);
  const rows = sampleRows(codes.n * places, MOST_PLACES, seed);
  const taken = (values: Float32Array): Float32Array => {
    const out = new Float32Array(rows.length * channels);
    rows.forEach((row, i) => {
      const base = Math.floor(row / places) * codes.latents;
      for (let c = 0; c < channels; c++) out[i * channels + c] = values[base + at(c, row % places)]!;
    });
    return out;
  };
  const size = { n: rows.length, latents: channels };
  return 'mu' in codes ? { ...size, mu: taken(codes.mu), sigma: taken(codes.sigma) } : { ...size, z: taken(codes.z) };
};

interface Moments {
  readonly mean: number;
  readonly sd: number;
}

const momentsOfValues = (count: number, value: (i: number) => number): Moments => {
  let [mean, squares] = [0, 0];
  for (let i = 0; i < count; i++) mean += value(i) / count;
  for (let i = 0; i < count; i++) squares += (value(i) - mean) ** 2 / count;
  return { mean, sd: Math.sqrt(squares) };
};

const spread = (values: readonly number[]): [number, number, number] => {
  const sorted = values.toSorted((a, b) => a - b);
  return [sorted[0]!, sorted[Math.floor(sorted.length / 2)]!, sorted.at(-1)!];
};

/** Mean correlation of values with those one step right and one step below, over channels and places. */
const neighbourCorrelation = (
  { z, n, latents }: Draws,
  [channels, height, width]: readonly [number, number, number],
  at: (channel: number, place: number) => number,
  ofChannel: readonly Moments[],
): number => {
  let [sum, pairs] = [0, 0];
  for (let i = 0; i < n; i++) {
    for (let c = 0; c < channels; c++) {
      const { mean, sd } = ofChannel[c]!;
      const value = (y: number, x: number): number => (z[i * latents + at(c, y * width + x)]! - mean) / sd;
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          if (x + 1 < width) sum += value(y, x) * value(y, x + 1);
          if (y + 1 < height) sum += value(y, x) * value(y + 1, x);
          pairs += Number(x + 1 < width) + Number(y + 1 < height);
        }
      }
    }
  }
  return sum / pairs;
};

/**
 * Codes with places per channel, per place and as a whole, by one draw of each.
 *
 *   scaling factor = 1 / sd of all values, about their mean
 *
 * Source: Rombach et al. 2022, arXiv:2112.10752, section D.1 (their autoencoders' factor 0.18215).
 */
export const spatialFindings = (
  codes: Codes,
  sides: readonly [number, number, number],
  layout: Layout,
  seed: number,
): SpatialFindings => {
  const draws = drawsOf(codes, seed, 'train');
  const { z, n, latents } = draws;
  const [channels, height, width] = sides;
  const places = height * width;
  const at = indexOf(sides, layout);
  const all = momentsOfValues(z.length, (i) => z[i]!);
  const ofChannel = (c: number) => (i: number) => z[Math.floor(i / places) * latents + at(c, i % places)]!;
  const moments = Array.from({ length: channels }, (_, c) => momentsOfValues(n * places, ofChannel(c)));
  const step = Math.max(1, Math.floor((n * places) / MOST_VALUES));
  const found = moments.map(({ mean, sd }, channel): ChannelFindings => {
    const value = ofChannel(channel);
    const scaled = Float64Array.from({ length: Math.floor((n * places) / step) }, (_, i) => value(i * step) / all.sd);
    return { channel, mean, sd, scalingFactor: 1 / sd, distance: kolmogorovDistance(scaled.sort(), normalCdf).value };
  });
  const byPlace = Array.from({ length: places }, (_, place) => {
    const of = new Float32Array(n * channels);
    for (let i = 0; i < n; i++)
      for (let c = 0; c < channels; c++) of[i * channels + c] = z[i * latents + at(c, place)]!;
    const own = momentsOf({ z: of, n, latents: channels });
    const { sd } = momentsOfValues(of.length, (i) => of[i]!);
    return { sd, kl: isSingular(own) ? undefined : gaussianKlOf(own.mean, own.eigenvalues) };
  });
  const kls = byPlace.flatMap(({ kl }) => kl ?? []);
  return {
    shape: sides,
    ...all,
    scalingFactor: 1 / all.sd,
    channels: found,
    places: {
      sd: spread(byPlace.map(({ sd }) => sd)),
      ...(kls.length === places && { momentKl: spread(kls) }),
    },
    neighbours: neighbourCorrelation(draws, sides, at, moments),
    audited: latents > MOST_JOINT || n < LEAST_CODES * latents ? 'places' : 'codes',
  };
};
