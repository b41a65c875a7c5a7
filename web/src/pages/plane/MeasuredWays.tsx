import { useMemo } from 'preact/hooks';
import { CLASS_COLOURS } from '../../figures/colours.js';
import type { Backdrop } from './backdrop.js';
import { type MeasuredPaths, upTo } from './measured.js';

export interface MeasuredWaysProps {
  readonly measured: MeasuredPaths;
  readonly shown: number;
  readonly backdrop: Backdrop;
}

/** Each probe image in a colour of its own; what leaves the picture is cut at its edge. */
export const MeasuredWays = ({ measured: { at, paths }, shown, backdrop: { x, y, area } }: MeasuredWaysProps) => {
  const ways = useMemo(
    () =>
      paths.map(({ image, dimension, mu, sigma }) => ({
        image,
        dimension,
        mu: upTo(at, mu, shown),
        sigma: upTo(at, sigma, shown),
      })),
    [at, paths, shown],
  );
  return (
    <g class="measured" clip-path="url(#plane-area)">
      <clipPath id="plane-area">
        <rect {...area} />
      </clipPath>
      {ways.map(({ image, dimension, mu, sigma }) => {
        const colour = CLASS_COLOURS[image % CLASS_COLOURS.length]!;
        return (
          <g key={`${image}-${dimension}`}>
            <title>{`image ${image}, z${dimension}: μ ${mu.at(-1)!.toFixed(2)}, σ ${sigma.at(-1)!.toFixed(2)}`}</title>
            <polyline points={mu.map((value, i) => `${x(value)},${y(sigma[i]!)}`).join(' ')} stroke={colour} />
            <circle cx={x(mu.at(-1)!)} cy={y(sigma.at(-1)!)} r={4} fill={colour} />
          </g>
        );
      })}
    </g>
  );
};
