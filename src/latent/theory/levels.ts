import { G } from './kl.js';

type Point = readonly [number, number];

/** ln σ where G(σ) = level, between a point below and a point above it. */
const crossing = (level: number, inside: number, outside: number): number => {
  for (let i = 0; i < 60; i++) {
    const middle = (inside + outside) / 2;
    if (G.value(Math.exp(middle)) < level) inside = middle;
    else outside = middle;
  }
  return inside;
};

/** Points on one half of a level line. */
const HALF = 48;

/**
 * The closed line on which the KL has a value.
 *
 *   μ = ±√(2 (level − G(σ))), σ from one root of G(σ) = level to the other, in even angles of ln σ
 *
 * Domain: level > 0, in nats.
 */
export const klLevel = (level: number): Point[] => {
  const [low, high] = [crossing(level, 0, -level - 1), crossing(level, 0, level + 1)];
  const right = Array.from({ length: HALF + 1 }, (_, i): Point => {
    const sigma = Math.exp((low + high) / 2 - ((high - low) / 2) * Math.cos((Math.PI * i) / HALF));
    return [Math.sqrt(2 * Math.max(0, level - G.value(sigma))), sigma];
  });
  return [...right, ...right.toReversed().map(([mu, sigma]): Point => [-mu, sigma])];
};
