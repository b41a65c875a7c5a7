import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';

export interface Line {
  readonly name: string;
  readonly values: readonly (number | null)[];
  /** A CSS colour, `var(--name)` too. */
  readonly colour: string;
  readonly dash?: readonly number[];
}

export interface TimeChartProps {
  readonly width: number;
  readonly height?: number;
  /** Name and unit of the horizontal axis. */
  readonly x: string;
  /** Name and unit of the vertical axis. */
  readonly y: string;
  readonly at: readonly number[];
  readonly lines: readonly Line[];
}

/** Canvases know no `var(--name)`: the colour as the page has it now. */
const resolved = (colour: string): string => {
  const name = /^var\((--[\w-]+)\)$/.exec(colour)?.[1];
  return name ? getComputedStyle(document.documentElement).getPropertyValue(name).trim() : colour;
};

const optionsOf = ({ width, height = 190, x, y, lines }: TimeChartProps): uPlot.Options => {
  const axis = {
    stroke: resolved('var(--muted)'),
    grid: { stroke: resolved('var(--line)'), width: 1 },
    ticks: { show: false },
    labelFont: '12px system-ui',
    font: '12px system-ui',
  };
  return {
    width,
    height,
    scales: { x: { time: false } },
    legend: { live: true },
    cursor: { drag: { x: false, y: false } },
    axes: [
      { ...axis, label: x, labelSize: 22 },
      { ...axis, label: y, labelSize: 22, size: 52 },
    ],
    series: [
      { label: x },
      ...lines.map(({ name, colour, dash }) => ({
        label: name,
        stroke: resolved(colour),
        width: 2,
        points: { show: false },
        value: (_: uPlot, value: number | null) => (value === null ? '' : value.toPrecision(3)),
        ...(dash && { dash: [...dash] }),
      })),
    ],
  };
};

/** Curves over time or steps; the values under the pointer stand below. */
export const TimeChart = (props: TimeChartProps) => {
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | undefined>(undefined);
  const { width, height, x, y, at, lines } = props;
  const data = [at, ...lines.map(({ values }) => values)] as unknown as uPlot.AlignedData;
  const look = lines.map(({ name, colour }) => `${name} ${colour}`).join();

  useEffect(() => {
    const make = (): void => {
      chart.current?.destroy();
      chart.current = new uPlot(optionsOf(props), data, box.current!);
    };
    make();
    const theme = matchMedia('(prefers-color-scheme: dark)');
    theme.addEventListener('change', make);
    return () => {
      theme.removeEventListener('change', make);
      chart.current?.destroy();
      chart.current = undefined;
    };
  }, [width, height, x, y, look]);
  useEffect(() => chart.current?.setData(data));
  return <div ref={box} role="img" aria-label={`${y} over ${x}: ${lines.map(({ name }) => name).join(', ')}`} />;
};
