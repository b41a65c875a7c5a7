/**
 * The pen: a smooth curve through knots, and its ink on pixels. Only + - * / and the square root decide a pixel, which
 * IEEE arithmetic makes the same in every engine.
 */

/** A point of a stroke; `r` is the radius of the pen there. */
export interface Knot {
  readonly x: number;
  readonly y: number;
  readonly r: number;
  readonly corner: boolean;
}

/** Samples between two knots. */
const PER_SPAN = 6;

/**
 * Catmull–Rom spline through the knots, as a polyline of (x, y, r) triples. At a corner and at an end the neighbour
 * beyond is the mirror image of the one before, so that the curve may turn there.
 */
export const trace = (knots: readonly Knot[]): number[] => {
  const line: number[] = [];
  for (let i = 0; i + 1 < knots.length; i++) {
    const b = knots[i]!;
    const c = knots[i + 1]!;
    const a = i === 0 || b.corner ? mirror(c, b) : knots[i - 1]!;
    const d = i + 2 === knots.length || c.corner ? mirror(b, c) : knots[i + 2]!;
    for (let s = i === 0 ? 0 : 1; s <= PER_SPAN; s++) {
      const t = s / PER_SPAN;
      line.push(cubic(a.x, b.x, c.x, d.x, t), cubic(a.y, b.y, c.y, d.y, t), b.r + (c.r - b.r) * t);
    }
  }
  return line;
};

const mirror = (p: Knot, about: Knot): { x: number; y: number } => ({ x: 2 * about.x - p.x, y: 2 * about.y - p.y });

const cubic = (a: number, b: number, c: number, d: number, t: number): number =>
  b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)));

/**
 * Draws a polyline of (x, y, r) triples, in pixels, onto an image. A pixel at distance d from the nearest point of a
 * segment gets 255 clamp(½ + (r - d) / softness) or keeps what it has if that is more.
 */
export const ink = (line: readonly number[], softness: number, out: Uint8Array, side: number): void => {
  for (let i = 0; i + 5 < line.length; i += 3) {
    segment(line[i]!, line[i + 1]!, line[i + 2]!, line[i + 3]!, line[i + 4]!, line[i + 5]!, softness, out, side);
  }
};

const segment = (
  ax: number,
  ay: number,
  ar: number,
  bx: number,
  by: number,
  br: number,
  softness: number,
  out: Uint8Array,
  side: number,
): void => {
  const dx = bx - ax;
  const dy = by - ay;
  const lengthSquared = dx * dx + dy * dy;
  const reach = Math.max(ar, br) + 0.5 * softness;
  const left = Math.max(0, Math.ceil(Math.min(ax, bx) - reach));
  const right = Math.min(side - 1, Math.floor(Math.max(ax, bx) + reach));
  const top = Math.max(0, Math.ceil(Math.min(ay, by) - reach));
  const bottom = Math.min(side - 1, Math.floor(Math.max(ay, by) + reach));
  for (let y = top; y <= bottom; y++) {
    for (let x = left; x <= right; x++) {
      const along = lengthSquared > 0 ? ((x - ax) * dx + (y - ay) * dy) / lengthSquared : 0;
      const t = Math.max(0, Math.min(1, along));
      const ex = x - ax - t * dx;
      const ey = y - ay - t * dy;
      const cover = 0.5 + (ar + t * (br - ar) - Math.sqrt(ex * ex + ey * ey)) / softness;
      if (cover <= 0) continue;
      const value = cover >= 1 ? 255 : Math.floor(255 * cover + 0.5);
      if (value > out[y * side + x]!) out[y * side + x] = value;
    }
  }
};
