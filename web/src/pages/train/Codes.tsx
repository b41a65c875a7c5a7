import { useEffect, useRef } from 'preact/hooks';
import { CLASS_COLOURS, pageColour } from '../../figures/colours.js';
import type { Picture } from '../../training/messages.js';
import { canvasPen, type Pen, svgPen } from './pens.js';

/** Half the width of the picture at least, in standard deviations of the prior. */
const REACH = 4;
/** Share of the codes that must lie inside. */
const INSIDE = 0.995;

/** Half the width that holds nearly all codes, in whole standard deviations so that the picture does not tremble. */
const reachOf = ({ mu }: Picture, latents: number, dimensions: readonly number[]): number => {
  const distances = Array.from({ length: mu.length / latents }, (_, i) =>
    Math.max(...dimensions.map((d) => Math.abs(mu[i * latents + d]!))),
  ).sort((a, b) => a - b);
  return Math.max(REACH, Math.ceil(distances[Math.floor(INSIDE * (distances.length - 1))]!));
};

export interface CodesProps {
  readonly size: number;
  readonly picture: Picture | undefined;
  readonly latents: number;
  readonly across: number;
  readonly up: number;
}

/** Rings of N(0, I), which hold 39%, 86% and 99% of it in two dimensions, under the means of the codes with their σ. */
const drawCodes = (pen: Pen, { size, picture, latents, across, up }: CodesProps): void => {
  const reach = picture ? reachOf(picture, latents, [across, up]) : REACH;
  const unit = size / (2 * reach);
  const place = (value: number): number => (value + reach) * unit;
  const grey = pageColour('muted');
  for (const radius of [1, 2, 3]) pen.ring(size / 2, size / 2, radius * unit, grey, 0.9 - 0.2 * radius);
  if (!picture) return;
  const { mu, sigma, labels } = picture;
  for (let i = 0; i < mu.length / latents; i++) {
    const at = i * latents;
    const [x, y] = [place(mu[at + across]!), size - place(mu[at + up]!)];
    const colour = labels ? CLASS_COLOURS[labels[i]! % CLASS_COLOURS.length]! : grey;
    // Every 25th code as wide as its posterior: one standard deviation.
    if (i % 25 === 0) pen.oval(x, y, sigma[at + across]! * unit, sigma[at + up]! * unit, colour, 0.18);
    pen.dot(x, y, 3, colour, 0.85);
  }
};

/** The same as a drawing, for a file. */
export const codesSvg = (props: CodesProps): SVGSVGElement => {
  const { svg, pen } = svgPen(props.size);
  drawCodes(pen, props);
  return svg;
};

export const Codes = (props: CodesProps) => {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { size, picture, latents, across, up } = props;
  useEffect(() => drawCodes(canvasPen(canvas.current!, size), props), [size, picture, latents, across, up]);
  return (
    <canvas
      ref={canvas}
      style={{ width: `${size}px`, height: `${size}px` }}
      role="img"
      aria-label="Codes over the prior"
    />
  );
};
