/** Holds the codes of a run, and answers what the page asks of them. */
import { keyedStream } from '../../../../../src/engine/random/index.js';
import type { Posteriors } from '../../../../../src/latent/audit/index.js';
import { drawsOf, sampleRows, selectRows } from '../../../../../src/latent/audit/split.js';
import { coordinates, fromCoordinates, summarizeCodes } from '../../../../../src/latent/codes/index.js';
import { samplerOnnx } from '../../../../../src/latent/samplers/draw.js';
import { familyNamed } from '../../../../../src/latent/samplers/index.js';
import { F, G } from '../../../../../src/latent/theory/index.js';
import { answer } from './asking.js';
import { type LogRatio, logRatioOf } from './density.js';
import { splitCodes } from './opened.js';
import {
  type Frame,
  type FrameName,
  frameOf,
  holesOn,
  nearestCode,
  nearestPlaced,
  type Placed,
  placedOn,
  reachOf,
} from './plane.js';
import { oneThread } from './runtime.js';
import { classShades, valueShades } from './shades.js';

export type Colouring = 'label' | 'rate' | 'ratio';
export type Points = 'means' | 'draws';

/** Codes that a sampler is fitted to. */
const FITTED = 20_000;

const runtime = oneThread();
let codes: Posteriors;
let labels: Uint8Array | undefined;
let seed = 1;
/** What is drawn of each code: its mean, or a draw. */
let z: Float32Array;
let frame: Frame;
let placed: Placed;
let order: Uint32Array;
let rates: Float64Array;
let ratio: Promise<LogRatio> | undefined;

const row = (values: Float32Array, i: number): Float32Array => values.slice(i * codes.latents, (i + 1) * codes.latents);

const ratesOf = ({ mu, sigma, n, latents }: Posteriors): Float64Array =>
  Float64Array.from({ length: n }, (_, i) => {
    let rate = 0;
    for (let at = i * latents; at < (i + 1) * latents; at++) rate += F.value(mu[at]!) + G.value(sigma[at]!);
    return rate;
  });

const aboutCode = (code: number) => ({ code, label: labels?.[code], rate: rates[code]!, mu: row(codes.mu, code) });

/** Where a code is drawn; undefined for one that an embedding leaves out. */
const placeOf = (code: number): readonly [number, number] | undefined => {
  const at = placed.index.indexOf(code);
  return at < 0 ? undefined : [placed.xy[2 * at]!, placed.xy[2 * at + 1]!];
};

const handlers = {
  open: (told: { bytes: Uint8Array; name: string; labels?: { bytes: Uint8Array; name: string }; seed: number }) => {
    ({ codes, labels } = splitCodes(told, told.labels));
    ({ seed } = told);
    const { n, latents } = codes;
    const { dimensionRate, activeUnits } = summarizeCodes(codes.mu, codes.sigma, latents, seed);
    rates = ratesOf(codes);
    order = keyedStream(seed, 'explorer/order', 0).permutation(n);
    ratio = undefined;
    const active = activeUnits.find(({ threshold }) => threshold === 0.01)!.count;
    return { n, latents, dimensionRate, active, classes: labels && [...new Set(labels)].sort((a, b) => a - b) };
  },

  /** Puts codes on the plane of two axes. */
  plane: (told: { frame: FrameName; axes: readonly [number, number]; points: Points; holes: boolean }) => {
    z = told.points === 'means' ? codes.mu : drawsOf(codes, seed, 'train').z;
    frame = frameOf(told.frame, codes, seed);
    placed = placedOn(z, order, frame, told.axes);
    const { variances } = frame;
    return {
      xy: placed.xy.slice(),
      reach: reachOf(placed),
      prior: coordinates(new Float32Array(codes.latents), frame, told.axes),
      explained: variances && Array.from(variances, (value) => value / variances.reduce((sum, each) => sum + each)),
      holes: told.holes ? holesOn(codes, frame, told.axes, seed) : undefined,
    };
  },

  /** Some codes for an embedding that is made elsewhere. */
  sample: ({ count, seed: by }: { count: number; seed: number }) => {
    const rows = sampleRows(codes.n, count, by);
    return { rows, mu: selectRows(codes, rows).mu };
  },

  /** Puts codes where an embedding has them. Shapes: rows [n], xy [n, 2] */
  embed: ({ rows, xy }: { rows: Uint32Array; xy: Float32Array }) => {
    z = codes.mu;
    frame = frameOf('dimensions', codes, seed);
    placed = { index: rows, xy };
  },

  /** Colours of the codes that are drawn, in their order. */
  shade: async ({ by }: { by: Colouring }, tell: (share: number) => void) => {
    const drawn = placed;
    const estimate = by === 'ratio' ? await logRatio(tell) : undefined;
    const { bytes, range } =
      by === 'label' && labels ? classShades(labels) : valueShades(estimate ? await estimate.at(z, tell) : rates);
    return { bytes: Uint8Array.from(drawn.index, (code) => bytes[code]!), range, by: estimate?.by };
  },

  /**
   * The z of a place on the plane: what it does not say comes from the nearest code, or is 0; what is fixed, by axis of
   * the frame, is as fixed.
   */
  place: (told: {
    u: number;
    v: number;
    axes: readonly [number, number] | undefined;
    rest: 'code' | 'zero';
    fixed: Readonly<Record<number, number>>;
  }) => {
    const near = nearestPlaced(placed, told.u, told.v);
    const base = told.rest === 'code' || !told.axes ? row(codes.mu, near) : undefined;
    const all = Array.from({ length: codes.latents }, (_, k) => k);
    const c = base ? coordinates(base, frame, all) : new Float32Array(codes.latents);
    for (const [axis, value] of Object.entries(told.fixed)) c[Number(axis)] = value;
    told.axes?.forEach((axis, k) => {
      if (axis < codes.latents) c[axis] = k === 0 ? told.u : told.v;
    });
    return { z: fromCoordinates(c, frame), coordinates: c, near: aboutCode(near) };
  },

  /** z with one coordinate of the frame at each of some values. Shapes: -> [values, D] */
  traverse: (told: { coordinates: Float32Array; axis: number; values: readonly number[] }) => {
    const out = new Float32Array(told.values.length * codes.latents);
    told.values.forEach((value, i) => {
      out.set(fromCoordinates(told.coordinates.with(told.axis, value), frame), i * codes.latents);
    });
    return out;
  },

  /** What lies around a z. */
  look: async ({ z: at }: { z: Float32Array }) => {
    const { code, distance } = nearestCode(codes, at);
    const estimate = ratio && (await ratio);
    const logRatio = estimate && (await estimate.at(at))[0]!;
    return { nearest: aboutCode(code), distance, logRatio, by: estimate?.by };
  },

  /** Makes r(z) known to `look`. */
  ratio: async (_: undefined, tell: (share: number) => void) => (await logRatio(tell)).by,

  /** The code that is drawn nearest to a place. */
  near: ({ u, v }: { u: number; v: number }) => nearestPlaced(placed, u, v),

  /** Codes by their numbers, for paths between them. */
  rows: ({ rows }: { rows: readonly number[] }) =>
    rows.map((i) => (i >= 0 && i < codes.n ? { ...aboutCode(i), place: placeOf(i) } : undefined)),

  /** Codes by chance, for draws. Shapes: mu, sigma [count, D] */
  some: ({ count, seed: by }: { count: number; seed: number }) => {
    const stream = keyedStream(by, 'explorer/codes', 0);
    const rows = Array.from({ length: count }, () => stream.below(codes.n));
    const { mu, sigma } = selectRows(codes, rows);
    return { rows, labels: labels && rows.map((i) => labels![i]!), mu, sigma };
  },

  /** Fits a sampler to the codes, as its ONNX model of noise. */
  fit: async ({ family, seed: by }: { family: string; seed: number }, tell: (share: number) => void) => {
    const part = selectRows(codes, sampleRows(codes.n, FITTED, by));
    const sampler = await familyNamed(family).fit(part, { seed: by, runtime, onProgress: tell });
    return { onnx: samplerOnnx(sampler), name: sampler.name, notes: sampler.notes, n: part.n };
  },
};
export type CodesAnswers = typeof handlers;

const logRatio = (tell: (share: number) => void): Promise<LogRatio> => {
  ratio ??= logRatioOf(codes, seed, runtime, tell);
  return ratio;
};

answer(handlers);
