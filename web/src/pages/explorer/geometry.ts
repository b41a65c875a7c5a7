import type { Window } from './points.js';

/** A place on the plane, in its coordinates. */
export interface Place {
  readonly u: number;
  readonly v: number;
}

/** The place under a pointer. */
export const placeOf = ({ clientX, clientY }: MouseEvent, svg: SVGSVGElement, seen: Window): Place => {
  const box = svg.getBoundingClientRect();
  const [x, y] = [clientX - box.left, clientY - box.top];
  return { u: seen.x + (x - seen.width / 2) / seen.unit, v: seen.y - (y - seen.height / 2) / seen.unit };
};

/** About so many multiples of 1, 2 or 5 times a power of ten between two values. */
export const ticksIn = (low: number, high: number, about: number): number[] => {
  const rough = (high - low) / Math.max(1, about);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10);
  const first = Math.ceil(low / step);
  return Array.from({ length: Math.max(0, Math.floor(high / step) - first + 1) }, (_, i) => (first + i) * step);
};
