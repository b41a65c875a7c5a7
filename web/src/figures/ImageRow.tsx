import { useEffect, useRef } from 'preact/hooks';

export interface ImageRowProps {
  readonly label: string;
  /** Shapes: [count, width · height] in 0 … 1. */
  readonly images: Float32Array | undefined;
  readonly width: number;
  readonly height: number;
  readonly count: number;
  readonly columns: number;
}

/** Images side by side, every pixel of them a square of whole pixels. */
export const ImageRow = ({ label, images, width, height, count, columns }: ImageRowProps) => {
  const canvas = useRef<HTMLCanvasElement>(null);
  const rows = Math.ceil(count / columns);
  useEffect(() => {
    const context = canvas.current!.getContext('2d')!;
    context.clearRect(0, 0, columns * width, rows * height);
    if (!images) return;
    for (let i = 0; i < count; i++) {
      const tile = context.createImageData(width, height);
      for (let p = 0; p < width * height; p++) {
        const value = 255 * images[i * width * height + p]!;
        tile.data.set([value, value, value, 255], 4 * p);
      }
      context.putImageData(tile, (i % columns) * width, Math.floor(i / columns) * height);
    }
  }, [images, width, height, count, columns, rows]);
  return (
    <div class="images">
      <h3>{label}</h3>
      <canvas ref={canvas} width={columns * width} height={rows * height} role="img" aria-label={label} />
    </div>
  );
};
