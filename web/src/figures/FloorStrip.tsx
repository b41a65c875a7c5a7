import type { Measured, NoiseFloor } from '../../../src/latent/audit/index.js';
import { floorStrip, floorWords } from '../../../src/latent/audit/reading/index.js';

const WIDTH = 220;
const HEIGHT = 24;
const EDGE = 8;
const MIDDLE = HEIGHT / 2;

export interface FloorStripProps {
  readonly name: string;
  readonly measured: Measured;
  readonly floor: NoiseFloor;
}

/** Ours, as a diamond, among the values that sets of true N(0, I) draws have: 2.5% to 97.5% pale, 25% to 75% dark. */
export const FloorStrip = ({ name, measured: { value }, floor }: FloorStripProps) => {
  const { low, quarter, median, threeQuarters, high, mark, beyond } = floorStrip(value, floor);
  const x = (share: number): number => EDGE + share * (WIDTH - 2 * EDGE);
  const bar = (from: number, to: number, opacity: number) => (
    <rect
      x={x(from)}
      y={MIDDLE - 6}
      width={Math.max(1, x(to) - x(from))}
      height={12}
      fill="var(--normal)"
      fill-opacity={opacity}
    />
  );
  const gap = x(mark) - beyond * 16;
  const words = `${name}: ${floorWords(value, floor)}`;
  return (
    <svg class="strip" role="img" aria-label={words} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} width={WIDTH} height={HEIGHT}>
      <title>{words}</title>
      <line x1={EDGE} x2={WIDTH - EDGE} y1={MIDDLE} y2={MIDDLE} stroke="var(--line)" stroke-width="1.5" />
      {bar(low, high, 0.16)}
      {bar(quarter, threeQuarters, 0.26)}
      <line x1={x(median)} x2={x(median)} y1={MIDDLE - 6} y2={MIDDLE + 6} stroke="var(--normal)" stroke-width="1.6" />
      {beyond !== 0 && (
        <path
          d={`M${gap - 5},${MIDDLE + 6}l4,-12M${gap + 1},${MIDDLE + 6}l4,-12`}
          stroke="var(--muted)"
          stroke-width="1.4"
          fill="none"
        />
      )}
      <path d={`M${x(mark)},${MIDDLE - 8}l6,8l-6,8l-6,-8z`} fill="var(--accent)" stroke="var(--ground)" />
    </svg>
  );
};
