/** The few shapes of a scatter, on a canvas for each picture of a training, or as SVG for a file. Units: pixels. */
export interface Pen {
  ring(x: number, y: number, radius: number, colour: string, opacity: number): void;
  oval(x: number, y: number, halfWidth: number, halfHeight: number, colour: string, opacity: number): void;
  /** A square of this side. */
  dot(x: number, y: number, side: number, colour: string, opacity: number): void;
}

/** Empties the canvas, and draws on it as sharp as the screen is. */
export const canvasPen = (canvas: HTMLCanvasElement, size: number): Pen => {
  const scale = devicePixelRatio;
  canvas.width = size * scale;
  canvas.height = size * scale;
  const context = canvas.getContext('2d')!;
  context.scale(scale, scale);
  return {
    ring: (x, y, radius, colour, opacity) => {
      context.strokeStyle = colour;
      context.globalAlpha = opacity;
      context.beginPath();
      context.arc(x, y, radius, 0, 2 * Math.PI);
      context.stroke();
    },
    oval: (x, y, halfWidth, halfHeight, colour, opacity) => {
      context.fillStyle = colour;
      context.globalAlpha = opacity;
      context.beginPath();
      context.ellipse(x, y, halfWidth, halfHeight, 0, 0, 2 * Math.PI);
      context.fill();
    },
    dot: (x, y, side, colour, opacity) => {
      context.fillStyle = colour;
      context.globalAlpha = opacity;
      context.fillRect(x - side / 2, y - side / 2, side, side);
    },
  };
};

const NAMESPACE = 'http://www.w3.org/2000/svg';

export const svgPen = (size: number): { readonly svg: SVGSVGElement; readonly pen: Pen } => {
  const svg = document.createElementNS(NAMESPACE, 'svg');
  const add = (to: SVGElement, name: string, values: Readonly<Record<string, string | number>>): void => {
    const element = document.createElementNS(NAMESPACE, name);
    for (const [key, value] of Object.entries(values)) element.setAttribute(key, String(value));
    to.append(element);
  };
  for (const side of ['width', 'height']) svg.setAttribute(side, String(size));
  const pen: Pen = {
    ring: (cx, cy, r, stroke, opacity) => add(svg, 'circle', { cx, cy, r, fill: 'none', stroke, opacity }),
    oval: (cx, cy, rx, ry, fill, opacity) => add(svg, 'ellipse', { cx, cy, rx, ry, fill, opacity }),
    dot: (x, y, side, fill, opacity) =>
      add(svg, 'rect', { x: x - side / 2, y: y - side / 2, width: side, height: side, fill, opacity }),
  };
  return { svg, pen };
};
