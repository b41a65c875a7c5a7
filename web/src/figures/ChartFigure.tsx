import { drawCurves } from './Curves.js';
import { Figure, type FigureProps } from './Figure.js';
import { TimeChart, type TimeChartProps } from './TimeChart.js';

const NAMESPACE = 'http://www.w3.org/2000/svg';

/** A chart over time as a drawing, for a file. */
const chartSvg = ({ width, height = 250, x, y, at, lines }: TimeChartProps): SVGSVGElement => {
  const curves = lines.map(({ name, values, colour, dash }) => ({
    ...{ name, colour, dashed: dash !== undefined },
    ...(lines.length > 1 && { label: name }),
    points: values.flatMap((value, i) => (value === null ? [] : [{ x: at[i]!, value }])),
  }));
  const svg = document.createElementNS(NAMESPACE, 'svg');
  svg.setAttribute('width', String(width));
  svg.setAttribute('height', String(height));
  svg.append(drawCurves({ width, height, x, y, curves }));
  return svg;
};

export interface ChartFigureProps extends Omit<FigureProps, 'children' | 'vector' | 'complete'> {
  readonly chart: TimeChartProps;
}

/** A figure of curves over time or steps. */
export const ChartFigure = ({ chart, ...figure }: ChartFigureProps) => (
  <Figure {...figure} vector={() => chartSvg(chart)}>
    <TimeChart {...chart} />
  </Figure>
);
