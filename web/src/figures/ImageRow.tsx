import { useEffect, useRef } from 'preact/hooks';

export interface ImageRowProps {
  readonly label: string;
  /** Shapes: [count, width · height · channels] in 0 … 1. */
  readonly images: Float32Array | undefined;
  readonly width: number;
  readonly height: number;
  /** 1 unless told, or 3: red, green, blue. */
  readonly channels?: number;
  /** What is said of an image under the pointer. */
  readonly describe?: (image: number) => string;
  readonly count: number;
  readonly columns: number;
}

/** Images side by side, every pixel of them a square of whole pixels. */
export const ImageRow = ({ label, images, width, height, channels = 1, describe, count, columns }: ImageRowProps) => {
  const canvas = useRef<HTMLCanvasElement>(null);
  const rows = Math.ceil(count / columns);
  useEffect(() => {
    const context = canvas.current!.getContext('2d')!;
    context.clearRect(0, 0, columns * width, rows * height);
    if (!images) return;
    for (let i = 0; i < count; i++) {
      const tile = context.createImageData(width, height);
      for (let p = 0; p < width * height; p++) {
        const at = (i * width * height + p) * channels;
        for (let c = 0; c < 3; c++) tile.data[4 * p + c] = 255 * images[at + (c % channels)]!;
        tile.data[4 * p + 3] = 255;
      }
      context.putImageData(tile, (i % columns) * width, Math.floor(i / columns) * height);
    }
  }, [images, width, height, channels, count, columns, rows]);
  const tell = (event: PointerEvent): void => {
    const box = canvas.current!.getBoundingClientRect();
    const [column, row] = [event.offsetX / (box.width / columns), event.offsetY / (box.height / rows)];
    const image = Math.floor(row) * columns + Math.floor(column);
    canvas.current!.title = image >= 0 && image < count ? describe!(image) : '';
  };
  return (
    <div class="images">
      <h3>{label}</h3>
      <canvas
        ref={canvas}
        width={columns * width}
        height={rows * height}
        role="img"
        aria-label={label}
        onPointerMove={describe && tell}
      />
    </div>
  );
};
