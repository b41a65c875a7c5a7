import { useMemo } from 'preact/hooks';
import type { AuditResult, HoleMap } from '../../../../src/latent/audit/index.js';
import { Figure } from '../../figures/Figure.js';
import { measuredOf, shown } from './numbers.js';

const EDGE = 34;
/** Colours end here, nats. */
const LIMIT = 4;
/** Radius that holds 90% of N(0, I) in the plane: √(−2 ln 0.1). */
const CIRCLE = Math.sqrt(-2 * Math.log(0.1));

/** Orange where the prior draws and codes are not, blue where codes crowd. */
const colourOf = (logRatio: number): string => {
  const share = Math.round(100 * Math.min(1, Math.abs(logRatio) / LIMIT));
  return `color-mix(in oklab, var(--${logRatio < 0 ? 'hole' : 'crowd'}) ${share}%, var(--ground))`;
};

/** Where z = 0 lies on the plane. */
const originOf = ({ axes, centre }: HoleMap): readonly number[] =>
  axes.map((axis) => -axis.reduce((sum, value, d) => sum + value * centre[d]!, 0));

const Cells = ({ map, scale }: { readonly map: HoleMap; readonly scale: (value: number) => number }) => {
  const { ticks, logRatio } = map;
  const step = scale(ticks[1]!) - scale(ticks[0]!);
  return (
    <g class="cells" shape-rendering="crispEdges">
      {logRatio.map((value, k) => {
        const [u, v] = [ticks[k % ticks.length]!, ticks[Math.floor(k / ticks.length)]!];
        return (
          <rect
            key={k}
            x={scale(u) - step / 2}
            y={-scale(v) - step / 2}
            width={step + 0.5}
            height={step + 0.5}
            fill={colourOf(value)}
          />
        );
      })}
    </g>
  );
};

/** ln q − ln p over the two leading axes of the codes, with codes, and prior draws that fall into holes. */
export const HoleMapFigure = ({ result, width }: { readonly result: AuditResult; readonly width: number }) => {
  const { holeMap: map } = result.panels;
  const size = Math.min(width, 520);
  const { ticks } = map;
  const [low, high] = [ticks[0]!, ticks.at(-1)!];
  const scale = (value: number): number => ((value - (low + high) / 2) / (high - low)) * (size - 2 * EDGE);
  const [u, v] = originOf(map);
  const cells = useMemo(() => <Cells map={map} scale={scale} />, [map, size]);
  const mass = measuredOf(result.statistics.holeMass);
  const holes = map.prior.filter(([, , isHole]) => isHole === 1);
  const inside = ([a, b]: readonly number[]): boolean => Math.min(a!, b!) >= low && Math.max(a!, b!) <= high;
  const half = size / 2;
  const marks = [Math.ceil(low), 0, Math.floor(high)];
  return (
    <Figure
      title="Where does N(0, I) draw and no code lie?"
      name="hole-map"
      caption={`${mass ? `${shown(mass.value, 'percent')} of prior draws fall into holes; here ` : 'Here '}${holes.length} of ${map.prior.length} (orange crosses). Orange: the prior is denser; blue: codes are, up to e⁴ times. Dots: ${map.codes.length} codes. Circle: 90% of N(0, I).`}
      table={() => ({
        header: ['kind', 'u', 'v'],
        rows: [
          ...map.codes.map(([a, b]) => ['code', a, b]),
          ...map.prior.map(([a, b, isHole]) => [isHole ? 'prior in a hole' : 'prior', a, b]),
        ],
      })}
    >
      <svg
        class="holemap"
        width={size}
        height={size}
        viewBox={`${-half} ${-half} ${size} ${size}`}
        role="img"
        aria-label={`Plane of the two leading axes: ${holes.length} of ${map.prior.length} prior draws lie in holes`}
      >
        {cells}
        <circle cx={scale(u!)} cy={-scale(v!)} r={(CIRCLE / (high - low)) * (size - 2 * EDGE)} class="prior" />
        {map.codes.filter(inside).map(([a, b]) => (
          <circle key={`${a},${b}`} cx={scale(a)} cy={-scale(b)} r={1.6} class="code">
            <title>{`code at ${a.toFixed(2)}, ${b.toFixed(2)}`}</title>
          </circle>
        ))}
        {holes.filter(inside).map(([a, b]) => (
          <path key={`${a},${b}`} d={`M${scale(a) - 3.5},${-scale(b) - 3.5}l7,7m0,-7l-7,7`} class="hole">
            <title>{`prior draw in a hole at ${a.toFixed(2)}, ${b.toFixed(2)}`}</title>
          </path>
        ))}
        {marks.map((mark) => (
          <g key={mark} class="axis">
            <text x={scale(mark)} y={half - EDGE + 16}>
              {mark}
            </text>
            <text x={-half + EDGE - 8} y={-scale(mark) + 4} class="side">
              {mark}
            </text>
          </g>
        ))}
        <text x={0} y={half - 2} class="axis-name">
          first principal axis of the codes
        </text>
        <text transform={`translate(${-half + 10}, 0) rotate(-90)`} class="axis-name">
          second axis
        </text>
      </svg>
    </Figure>
  );
};
