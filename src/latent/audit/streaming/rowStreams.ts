/** Random numbers of a row: by the seed and its place among all rows, so that they do not depend on how rows are split. */
import { type KeyedStream, keyedStream } from '../../../engine/random/index.js';

/** Rows that share a stream. A range that begins elsewhere costs the part of a stream before it. */
export const ROWS_PER_STREAM = 256;

/** Numbers of rows `from` … `from + out.length / width − 1`, into `out`, row by row. */
export type FillRows<Values> = (out: Values, from: number) => void;

const byStreams =
  <Values extends Float32Array | Float64Array>(
    width: number,
    streamOf: (step: number) => KeyedStream,
    fill: (stream: KeyedStream, out: Values) => void,
    scratch: Values,
  ): FillRows<Values> =>
  (out, from) => {
    const to = from + out.length / width;
    for (let start = from - (from % ROWS_PER_STREAM); start < to; start += ROWS_PER_STREAM) {
      const [first, last] = [Math.max(from, start), Math.min(to, start + ROWS_PER_STREAM)];
      fill(streamOf(start / ROWS_PER_STREAM), scratch);
      out.set(scratch.subarray((first - start) * width, (last - start) * width), (first - from) * width);
    }
  };

/** Draws of N(0, 1): the noise of z = μ + σ ε of each row. Shapes: out [rows, latents]. */
export const rowNoise = (seed: number, latents: number): FillRows<Float32Array> =>
  byStreams<Float32Array>(
    latents,
    (step) => keyedStream(seed, 'audit/stream/noise', step),
    (stream, out) => stream.fillNormal(out),
    new Float32Array(ROWS_PER_STREAM * latents),
  );

/** Whole numbers in 0 … 2^53 − 1, uniform: the order in which a reservoir prefers rows. Shapes: out [rows]. */
export const rowKeys = (seed: number): FillRows<Float64Array> =>
  byStreams<Float64Array>(
    1,
    (step) => keyedStream(seed, 'audit/stream/keys', step),
    (stream, out) => {
      for (let i = 0; i < out.length; i++) out[i] = (stream.uint32() >>> 11) * 0x1_0000_0000 + stream.uint32();
    },
    new Float64Array(ROWS_PER_STREAM),
  );
