import { useEffect, useRef } from 'preact/hooks';
import { type Place, placeOf, ticksIn } from './geometry.js';
import { holesImage } from './holesImage.js';
import { createPoints, type Points, type Window } from './points.js';
import type { Tool } from './state.js';
import type { Plane, Shaded } from './usePlane.js';

/** Radii that hold so much of N(0, I) in two dimensions: √(−2 ln(1 − mass)). */
export const CONTOURS = [0.5, 0.9, 0.99].map((mass) => ({ mass, radius: Math.sqrt(-2 * Math.log(1 - mass)) }));

const DIRECTIONS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};
/** Of the height of the picture: what an arrow key moves, and with Shift. */
const [STEP, FINE] = [0.02, 0.002];
const ZOOM = 1.25;

export interface PlaneViewProps {
  readonly window: Window;
  readonly plane: Plane;
  readonly shaded: Shaded | undefined;
  /** Colours of the shades, [256, 3]. */
  readonly palette: Uint8Array;
  readonly tool: Tool;
  readonly held: boolean;
  readonly point: Place;
  /** The code nearest to the point on the plane, and two codes of a path. */
  readonly marks: readonly { readonly name: string; readonly place: Place }[];
  readonly axes: readonly [string, string];
  readonly onPoint: (place: Place) => void;
  /** A click or tap, or the Enter key. */
  readonly onChoose: (place: Place) => void;
  readonly onWindow: (change: { readonly x: number; readonly y: number; readonly zoom: number }) => void;
  readonly onWithoutWebgl: () => void;
  readonly pointsCanvas: (canvas: HTMLCanvasElement | null) => void;
}

/** Codes over the prior, and a point to move. */
export const PlaneView = (props: PlaneViewProps) => {
  const { window: seen, plane, shaded, palette, tool, held, point, marks, axes } = props;
  const { width, height, unit } = seen;
  const canvas = useRef<HTMLCanvasElement>(null);
  const svg = useRef<SVGSVGElement>(null);
  const points = useRef<Points | undefined>(undefined);
  const dragged = useRef<{ x: number; y: number; far: boolean } | undefined>(undefined);

  useEffect(() => {
    points.current = createPoints(canvas.current!);
    if (!points.current) props.onWithoutWebgl();
    props.pointsCanvas(canvas.current);
    return () => points.current?.end();
  }, []);
  useEffect(() => points.current?.colour(palette), [palette]);
  useEffect(() => points.current?.place(plane.xy), [plane]);
  useEffect(() => {
    if (shaded) points.current?.shade(shaded.bytes);
  }, [plane, shaded]);
  useEffect(() => points.current?.show(seen), [plane, seen.x, seen.y, unit, width, height]);

  const left = (u: number): number => width / 2 + (u - seen.x) * unit;
  const top = (v: number): number => height / 2 - (v - seen.y) * unit;
  const placeAt = (event: MouseEvent): Place => placeOf(event, svg.current!, seen);
  const zoom = (by: number, around: Place): void =>
    props.onWindow({
      x: around.u + (seen.x - around.u) / by,
      y: around.v + (seen.y - around.v) / by,
      zoom: by,
    });

  useEffect(() => {
    const wheel = (event: WheelEvent): void => {
      // The page scrolls as ever unless the picture is what is being moved.
      if (tool !== 'pan' && !event.ctrlKey) return;
      event.preventDefault();
      zoom(Math.exp(-event.deltaY / 400), placeAt(event));
    };
    const element = svg.current!;
    element.addEventListener('wheel', wheel, { passive: false });
    return () => element.removeEventListener('wheel', wheel);
  });

  const onDown = (event: PointerEvent): void => {
    svg.current!.setPointerCapture(event.pointerId);
    dragged.current = { x: event.clientX, y: event.clientY, far: false };
    if (tool === 'look' && event.pointerType !== 'mouse') props.onPoint(placeAt(event));
  };
  const onMove = (event: PointerEvent): void => {
    const from = dragged.current;
    if (tool === 'pan') {
      if (!from || event.buttons === 0) return;
      const [dx, dy] = [event.clientX - from.x, event.clientY - from.y];
      dragged.current = { x: event.clientX, y: event.clientY, far: true };
      props.onWindow({ x: seen.x - dx / unit, y: seen.y + dy / unit, zoom: 1 });
      return;
    }
    if (tool === 'look' && (!held || event.buttons > 0)) {
      if (from) from.far ||= Math.hypot(event.clientX - from.x, event.clientY - from.y) > 4;
      props.onPoint(placeAt(event));
    }
  };
  const onUp = (event: PointerEvent): void => {
    const far = dragged.current?.far;
    dragged.current = undefined;
    if (!far && tool !== 'pan') props.onChoose(placeAt(event));
  };
  const onKey = (event: KeyboardEvent): void => {
    const direction = DIRECTIONS[event.key];
    if (direction) {
      const by = ((event.shiftKey ? FINE : STEP) * height) / unit;
      props.onPoint({ u: point.u + by * direction[0], v: point.v + by * direction[1] });
    } else if (event.key === '+' || event.key === '=') zoom(ZOOM, point);
    else if (event.key === '-') zoom(1 / ZOOM, point);
    else if (event.key === 'Enter' || event.key === ' ') props.onChoose(point);
    else return;
    event.preventDefault();
  };

  return (
    <>
      <canvas ref={canvas} class="points" style={{ width: `${width}px`, height: `${height}px` }} />
      <svg
        ref={svg}
        class={`codes ${tool}`}
        viewBox={`0 0 ${width} ${height}`}
        width={width}
        height={height}
        onPointerDown={onDown}
        onPointerMove={onMove}
        onPointerUp={onUp}
      >
        <title>Codes over the prior</title>
        <rect class="ground" width={width} height={height} />
        <Ticks seen={seen} names={axes} bare={!plane.axes} />
        {plane.holes && <HolesLayer plane={plane} left={left} top={top} unit={unit} />}
        {plane.prior &&
          CONTOURS.map(({ mass, radius }) => (
            <g key={mass} class="contour">
              <circle cx={left(plane.prior![0])} cy={top(plane.prior![1])} r={radius * unit} />
              <text x={left(plane.prior![0])} y={top(plane.prior![1]) - radius * unit - 4}>
                {Math.round(100 * mass)}%
              </text>
            </g>
          ))}
        {marks.map(({ name, place }) => (
          <g key={name} class="mark">
            <circle cx={left(place.u)} cy={top(place.v)} r={7} />
            <text x={left(place.u) + 11} y={top(place.v) + 4}>
              {name}
            </text>
          </g>
        ))}
        <g
          class="point"
          transform={`translate(${left(point.u)} ${top(point.v)})`}
          tabindex={0}
          role="slider"
          aria-label="Point of the plane: arrow keys move it, with Shift in small steps; plus and minus zoom; Enter holds it"
          aria-valuenow={Number(point.u.toFixed(3))}
          aria-valuetext={`${axes[0]} ${point.u.toFixed(2)}, ${axes[1]} ${point.v.toFixed(2)}`}
          onKeyDown={onKey}
        >
          <circle r={8} />
          <path d="M-14 0h9M5 0h9M0-14v9M0 5v9" />
        </g>
      </svg>
    </>
  );
};

interface HolesLayerProps {
  readonly plane: Plane;
  readonly left: (u: number) => number;
  readonly top: (v: number) => number;
  readonly unit: number;
}

const HolesLayer = ({ plane, left, top, unit }: HolesLayerProps) => {
  const image = useRef<SVGImageElement>(null);
  const holes = plane.holes!;
  const [low, high] = [holes.ticks[0]!, holes.ticks.at(-1)!];
  const half = (high - low) / (2 * (holes.ticks.length - 1));
  useEffect(() => image.current!.setAttribute('href', holesImage(holes)), [holes]);
  return (
    <image
      ref={image}
      class="holes"
      x={left(low - half)}
      y={top(high + half)}
      width={(high - low + 2 * half) * unit}
      height={(high - low + 2 * half) * unit}
      preserveAspectRatio="none"
    />
  );
};

const Ticks = ({ seen, names, bare }: { seen: Window; names: readonly [string, string]; bare: boolean }) => {
  const { width, height, unit, x, y } = seen;
  const across = bare ? [] : ticksIn(x - width / 2 / unit, x + width / 2 / unit, width / 90);
  const up = bare ? [] : ticksIn(y - height / 2 / unit, y + height / 2 / unit, height / 70);
  return (
    <g class="ticks">
      {across.map((value) => (
        <g key={value} transform={`translate(${width / 2 + (value - x) * unit} 0)`}>
          <line y2={height} />
          <text class="across" y={height - 6}>
            {Number(value.toPrecision(6))}
          </text>
        </g>
      ))}
      {up.map((value) => (
        <g key={value} transform={`translate(0 ${height / 2 - (value - y) * unit})`}>
          <line x2={width} />
          <text x={5} y={-3}>
            {Number(value.toPrecision(6))}
          </text>
        </g>
      ))}
      <text class="name across" x={width - 8} y={height - 22}>
        {names[0]}
      </text>
      <text class="name" x={5} y={16}>
        {names[1]}
      </text>
    </g>
  );
};
