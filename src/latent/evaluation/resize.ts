export interface ImageSize {
  readonly width: number;
  readonly height: number;
}

/** Between which two pixels of a side a pixel of the new side lies, and how far from the first. */
interface Place {
  readonly low: number;
  readonly high: number;
  readonly share: number;
}

const placesOf = (from: number, to: number): Place[] =>
  Array.from({ length: to }, (_, i) => {
    const at = Math.min(from - 1, Math.max(0, ((i + 0.5) * from) / to - 0.5));
    const low = Math.floor(at);
    return { low, high: Math.min(from - 1, low + 1), share: at - low };
  });

/**
 * Images of another size, by bilinear interpolation between the centres of pixels; beyond the outermost centres the
 * edge goes on.
 *
 *   source = (i + ½) from / to − ½
 *
 * Nothing is averaged: images that are made smaller lose what lies between. Shapes: [n, h w] -> [n, h' w'].
 */
export const resized = (images: Float32Array, from: ImageSize, to: ImageSize): Float32Array => {
  const [columns, rows] = [placesOf(from.width, to.width), placesOf(from.height, to.height)];
  const size = from.width * from.height;
  const n = images.length / size;
  const out = new Float32Array(n * to.width * to.height);
  let at = 0;
  for (let i = 0; i < n; i++) {
    for (const row of rows) {
      const [upper, lower] = [i * size + row.low * from.width, i * size + row.high * from.width];
      for (const { low, high, share } of columns) {
        const above = images[upper + low]! + share * (images[upper + high]! - images[upper + low]!);
        const below = images[lower + low]! + share * (images[lower + high]! - images[lower + low]!);
        out[at++] = above + row.share * (below - above);
      }
    }
  }
  return out;
};
