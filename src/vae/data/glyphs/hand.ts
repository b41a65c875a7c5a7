/**
 * The hand: how one writing of a digit differs from its template. Rotations go by the rational parametrisation of the
 * circle and warps are polynomials, so that no engine's sine can change a pixel.
 */
import type { KeyedStream } from '../../../engine/random/index.js';
import type { Knot } from './pen.js';
import type { Template } from './templates.js';

/** Pen radius in pixels that leaves a line unbroken after a threshold at half ink: above ½√2. */
const THINNEST = 0.8;

/** A normal draw kept within ±2.5, so that no digit is torn apart. */
const mild = (stream: KeyedStream): number => Math.max(-2.5, Math.min(2.5, stream.normal()));

export const chooseTemplate = (ways: readonly Template[], stream: KeyedStream): Template => {
  let left = stream.uniform() * ways.reduce((sum, way) => sum + way.weight, 0);
  for (const way of ways) {
    left -= way.weight;
    if (left < 0) return way;
  }
  return ways[ways.length - 1]!;
};

type Bend = (x: number, y: number) => [number, number];

/** A smooth warp of [-1, 1]²: every polynomial term of degree two, and the cubic ones in y that make an S. */
const warp = (stream: KeyedStream): Bend => {
  const c = Array.from({ length: 8 }, () => 0.13 * mild(stream));
  return (x, y) => [
    x + c[0]! * x * y + c[1]! * y * y + c[2]! * x * x + c[3]! * y * (y * y - 1),
    y + c[4]! * x * y + c[5]! * y * y + c[6]! * x * x + c[7]! * x * (x * x - 1),
  ];
};

/** Width, slant, then rotation. */
const posture = (stream: KeyedStream): Bend => {
  const width = 1 + 0.24 * mild(stream);
  const slant = -0.16 + 0.32 * mild(stream);
  const half = 0.075 * mild(stream);
  const cos = (1 - half * half) / (1 + half * half);
  const sin = (2 * half) / (1 + half * half);
  return (x, y) => {
    const u = width * x + slant * y;
    return [cos * u - sin * y, sin * u + cos * y];
  };
};

/** Begins or ends a stroke later or sooner, along its own direction. */
const prolong = (placed: [number, number][], end: number, before: number, share: number): void => {
  const [x, y] = placed[end]!;
  const [fromX, fromY] = placed[before]!;
  placed[end] = [x + share * (x - fromX), y + share * (y - fromY)];
};

/**
 * The strokes of a template as one hand writes them once: positions about [-1, 1]², radii in pixels.
 *
 * Each point strays (strokes begin and end sooner or later), the whole is warped, widened, slanted and turned, and the pen
 * presses harder here than there, and in one direction more than across it.
 */
export const write = (template: Template, stream: KeyedStream): Knot[][] => {
  const stray = 0.068 + 0.024 * mild(stream);
  const warped = warp(stream);
  const posed = posture(stream);
  const radius = 1.34 + 0.28 * mild(stream);
  const pressure = 0.1 + 0.06 * mild(stream);
  const nib = 0.1 * mild(stream);
  return template.strokes.map((stroke) => {
    let [offX, offY] = [mild(stream), mild(stream)];
    const placed = stroke.map(({ x, y }): [number, number] => {
      // Each point strays from where the last one led (a correlation of 0.6), which keeps curves smooth.
      offX = 0.6 * offX + 0.8 * mild(stream);
      offY = 0.6 * offY + 0.8 * mild(stream);
      return posed(...warped((x - 42) / 50 + stray * offX, (y - 50) / 50 + stray * offY));
    });
    prolong(placed, 0, 1, 0.2 * mild(stream));
    prolong(placed, placed.length - 1, placed.length - 2, 0.25 * mild(stream));
    return placed.map(([x, y], i) => {
      const [beforeX, beforeY] = placed[Math.max(0, i - 1)]!;
      const [afterX, afterY] = placed[Math.min(placed.length - 1, i + 1)]!;
      const dx = afterX - beforeX;
      const dy = afterY - beforeY;
      const across = (dx * dx - dy * dy) / (dx * dx + dy * dy + 1e-9);
      const r = Math.max(THINNEST, radius * (1 + pressure * mild(stream) + nib * across));
      return { x, y, r, corner: stroke[i]!.corner };
    });
  });
};
