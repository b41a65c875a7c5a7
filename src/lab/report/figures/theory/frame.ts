import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { tick as writeTick } from '../../../../latent/numbers/index.js';
import { colour } from '../../palette.js';
import { logTicks, niceSteps } from '../ticks.js';

/** One axis of a panel: what it shows with its unit, and from where to where. */
export interface Axis {
  readonly label: string;
  readonly domain: readonly [number, number];
  readonly type?: 'linear' | 'log';
  /** Ticks; about five at even steps unless said. */
  readonly ticks?: readonly number[];
  /** How a tick is written. */
  readonly format?: (value: number) => string;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Frame extends Size {
  readonly x: Axis;
  readonly y: Axis;
  /** Room at the right for texts at the ends of lines. */
  readonly marginRight?: number;
  /** Lines across at the ticks of y; left out where contours are drawn. */
  readonly grid?: boolean;
  /** Colour of the label of y, where it names what the whole panel shows. */
  readonly labelColour?: string;
  /** Drawn in this order, over the grid and under the axes' texts. */
  readonly marks: readonly Plot.Markish[];
}

const { document } = parseHTML('<!doctype html><html><body></body></html>');
const margin = { top: 32, bottom: 42, left: 46, right: 10 };

/** The height at which a unit of y is as long as a unit of x. */
export const evenHeight = (width: number, x: readonly [number, number], y: readonly [number, number]): number =>
  Math.round(((width - margin.left - margin.right) * (y[1] - y[0])) / (x[1] - x[0])) + margin.top + margin.bottom;

const ticksOf = (axis: Axis): number[] => {
  if (axis.ticks) return [...axis.ticks];
  return axis.type === 'log' ? logTicks(axis.domain) : niceSteps(...axis.domain, 5);
};

/** Lengths to a hundredth of a pixel: finer ones make the page longer and change nothing to see. */
const inHundredths = (svg: string): string =>
  svg.replace(/ (?:d|transform|[xy][12]?|c[xy]|width|height)="[^"]*"/g, (attribute) =>
    attribute.replace(/\d+\.\d+(?:e-?\d+)?/g, (length) => String(Math.round(Number(length) * 100) / 100)),
  );

/** Draws a panel as the content of an `svg` element; its colours are CSS variables. */
export const drawFrame = ({ width, height, x, y, marginRight, grid = true, labelColour, marks }: Frame): string => {
  const across = ticksOf(y);
  const svg = Plot.plot({
    document,
    className: 'panel',
    width,
    height,
    marginTop: margin.top,
    marginBottom: margin.bottom,
    marginLeft: margin.left,
    marginRight: marginRight ?? margin.right,
    x: { type: x.type ?? 'linear', domain: [...x.domain], label: null },
    y: { type: y.type ?? 'linear', domain: [...y.domain], label: null },
    marks: [
      ...(grid ? [Plot.gridY(across, { stroke: colour('line'), strokeOpacity: 1 })] : []),
      ...marks,
      Plot.axisY(across, { text: y.format ?? writeTick, tickSize: 0, fill: colour('muted'), fontSize: 12 }),
      Plot.axisX(ticksOf(x), {
        text: x.format ?? writeTick,
        tickSize: 0,
        fill: colour('muted'),
        fontSize: 12,
      }),
      Plot.text([y.label], {
        frameAnchor: 'top-left',
        dx: -margin.left + 2,
        dy: -margin.top + 8,
        fontSize: 13,
        fill: labelColour ?? colour('ink'),
      }),
      Plot.text([x.label], { frameAnchor: 'bottom', dy: 36, fontSize: 12, fill: colour('muted') }),
    ],
  });
  for (const style of svg.querySelectorAll('style')) style.remove();
  return inHundredths(svg.outerHTML);
};

/** A number with at most three digits and no zeros at its end: `0.05`, `−2`. */
export const plain = (value: number): string => writeTick(Number(value.toPrecision(3)));

/** Where a text stands beside its point. */
export interface Placing {
  readonly anchor?: 'start' | 'middle' | 'end';
  readonly dx?: number;
  readonly dy?: number;
  readonly size?: number;
}

/** A text in a panel, kept apart from the lines under it by the ground. `id` is the layer it lights up with. */
export const note = (
  at: readonly [number, number],
  text: string,
  fill: string,
  { anchor = 'start', dx = 0, dy = 0, size = 12 }: Placing = {},
  id?: string,
): Plot.Markish =>
  Plot.text([at], {
    x: (point: readonly number[]) => point[0],
    y: (point: readonly number[]) => point[1],
    text: [text],
    textAnchor: anchor,
    dx,
    dy,
    fontSize: size,
    fill,
    stroke: colour('ground'),
    strokeWidth: 4,
    ...(id === undefined ? {} : { className: `s s-${id}` }),
  });
