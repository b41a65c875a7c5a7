import { useEffect, useRef } from 'preact/hooks';
import { CLASS_COLOURS, pageColour } from '../../figures/colours.js';
import type { Picture } from '../../training/messages.js';

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
export const Codes = ({ size, picture, latents, across, up }: CodesProps) => {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const element = canvas.current!;
    const scale = devicePixelRatio;
    element.width = size * scale;
    element.height = size * scale;
    const context = element.getContext('2d')!;
    context.scale(scale, scale);
    const reach = picture ? reachOf(picture, latents, [across, up]) : REACH;
    const unit = size / (2 * reach);
    const place = (value: number): number => (value + reach) * unit;
    context.strokeStyle = pageColour('muted');
    for (const radius of [1, 2, 3]) {
      context.globalAlpha = 0.9 - 0.2 * radius;
      context.beginPath();
      context.arc(size / 2, size / 2, radius * unit, 0, 2 * Math.PI);
      context.stroke();
    }
    if (!picture) return;
    const { mu, sigma, labels } = picture;
    const count = mu.length / latents;
    const grey = pageColour('muted');
    for (let i = 0; i < count; i++) {
      const at = i * latents;
      const [x, y] = [place(mu[at + across]!), size - place(mu[at + up]!)];
      context.fillStyle = labels ? CLASS_COLOURS[labels[i]! % CLASS_COLOURS.length]! : grey;
      // Every 25th code as wide as its posterior: one standard deviation.
      if (i % 25 === 0) {
        context.globalAlpha = 0.18;
        context.beginPath();
        context.ellipse(x, y, sigma[at + across]! * unit, sigma[at + up]! * unit, 0, 0, 2 * Math.PI);
        context.fill();
      }
      context.globalAlpha = 0.85;
      context.fillRect(x - 1.5, y - 1.5, 3, 3);
    }
  }, [size, picture, latents, across, up]);
  return (
    <canvas
      ref={canvas}
      style={{ width: `${size}px`, height: `${size}px` }}
      role="img"
      aria-label="Codes over the prior"
    />
  );
};
