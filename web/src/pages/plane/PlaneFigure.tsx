import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { PlanePoint, Trajectory } from '../../../../src/latent/theory/index.js';
import { type Backdrop, drawBackdrop } from './backdrop.js';
import { MeasuredWays } from './MeasuredWays.js';
import type { MeasuredPaths } from './measured.js';
import { pointsUpTo } from './paths.js';
import { AREA, LAWS, type Law } from './state.js';

export const LAW_COLOURS: Readonly<Record<Law, string>> = {
  'gradient flow': 'var(--joint)',
  'heavy ball': 'var(--separate)',
  Adam: 'var(--tandem)',
};
const DASHES: Readonly<Record<Law, string | undefined>> = {
  'gradient flow': undefined,
  'heavy ball': '7 3',
  Adam: '2 3',
};

/** What a key changes: arrows by a tenth, with Shift by a hundredth. */
const KEYS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};

const clamp = (value: number, [low, high]: readonly [number, number]): number => Math.min(high, Math.max(low, value));

export interface PlaneFigureProps {
  readonly width: number;
  readonly start: PlanePoint;
  readonly paths: Readonly<Record<Law, Trajectory>>;
  /** Share of the time that is shown. */
  readonly shown: number;
  readonly measured: MeasuredPaths | undefined;
  readonly onStart: (start: PlanePoint) => void;
}

/** The plane with its flow, three paths, and a start to drag. */
export const PlaneFigure = ({ width, start, paths, shown, measured, onStart }: PlaneFigureProps) => {
  const height = Math.round(Math.min(560, Math.max(320, width * 0.62)));
  const backdrop = useMemo(() => drawBackdrop(width, height), [width, height]);
  const below = useRef<SVGGElement>(null);
  useEffect(() => below.current?.replaceChildren(backdrop.svg), [backdrop]);

  const move = (mu: number, sigma: number): void =>
    onStart({ mu: clamp(mu, AREA.mu), sigma: clamp(sigma, AREA.sigma) });
  const drag = (event: PointerEvent): void => {
    const svg = (event.currentTarget as SVGElement).closest('svg.plane') as SVGSVGElement;
    const box = svg.getBoundingClientRect();
    const scale = width / box.width;
    move(backdrop.muAt((event.clientX - box.left) * scale), backdrop.sigmaAt((event.clientY - box.top) * scale));
  };
  const onKey = (event: KeyboardEvent): void => {
    const direction = KEYS[event.key];
    if (!direction) return;
    event.preventDefault();
    const by = event.shiftKey ? 0.01 : 0.1;
    move(start.mu + by * direction[0], start.sigma + by * direction[1]);
  };

  return (
    <svg class="plane" viewBox={`0 0 ${width} ${height}`} width={width} height={height}>
      <title>The plane of μ and σ</title>
      <g ref={below} />
      <rect
        class="ground"
        width={width}
        height={height}
        onPointerDown={(event) => {
          (event.currentTarget as Element).setPointerCapture(event.pointerId);
          drag(event);
        }}
        onPointerMove={(event) => event.buttons > 0 && drag(event)}
      />
      {measured && <MeasuredWays measured={measured} shown={shown} backdrop={backdrop} />}
      {LAWS.map((law) => (
        <Path key={law} law={law} path={paths[law]} shown={shown} backdrop={backdrop} />
      ))}
      <circle class="fixed-point" cx={backdrop.x(0)} cy={backdrop.y(1)} r={4} />
      <text class="fixed-point-name" x={backdrop.x(0)} y={backdrop.y(1) - 10}>
        N(0, 1)
      </text>
      <circle
        class="start"
        cx={backdrop.x(start.mu)}
        cy={backdrop.y(start.sigma)}
        r={9}
        tabindex={0}
        role="slider"
        aria-label="Start: arrow keys move it, with Shift in small steps"
        aria-valuenow={start.mu}
        aria-valuetext={`μ ${start.mu.toFixed(2)}, σ ${start.sigma.toFixed(2)}`}
        onKeyDown={onKey}
        onPointerDown={(event) => (event.currentTarget as Element).setPointerCapture(event.pointerId)}
        onPointerMove={(event) => event.buttons > 0 && drag(event)}
      />
    </svg>
  );
};

interface PathProps {
  readonly law: Law;
  readonly path: Trajectory;
  readonly shown: number;
  readonly backdrop: Backdrop;
}

const Path = ({ law, path, shown, backdrop: { x, y } }: PathProps) => {
  const points = pointsUpTo(path, shown);
  const [mu, sigma] = points.at(-1)!;
  const stroke = LAW_COLOURS[law];
  return (
    <g class="path">
      <polyline
        points={points.map(([a, b]) => `${x(a)},${y(b)}`).join(' ')}
        stroke={stroke}
        stroke-dasharray={DASHES[law]}
      />
      <circle cx={x(mu)} cy={y(sigma)} r={5} fill={stroke} />
    </g>
  );
};
