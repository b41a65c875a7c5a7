import { useEffect, useRef } from 'preact/hooks';

export interface ImageRowProps {
  readonly label: string;
  /** Shapes: [count, width · height · channels] in 0 … 1. */
  readonly images: Float32Array | undefined;
  readonly width: number;
  readonly height: number;
  /** What is said of an image under the pointer. */
  readonly describe?: (image: number) => string;
  readonly count: number;
  readonly columns: number;
  /** 1 unless told, or 3: one pixel after the other, or one plane after the other. */
  readonly channels?: number;
  readonly planar?: boolean;
}

/** Images side by side, every pixel of them a square of whole pixels. */
export const ImageRow = (props: ImageRowProps) => {
  const { label, images, width, height, count, columns, channels = 1, planar = false, describe } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const rows = Math.ceil(count / columns);
  useEffect(() => {
    const context = canvas.current!.getContext('2d')!;
    context.clearRect(0, 0, columns * width, rows * height);
    if (!images) return;
    const pixels = width * height;
    const at = (i: number, p: number, channel: number): number =>
      i * pixels * channels + (planar ? channel * pixels + p : p * channels + channel);
    for (let i = 0; i < count; i++) {
      const tile = context.createImageData(width, height);
      for (let p = 0; p < width * height; p++) {
        for (let c = 0; c < 3; c++) tile.data[4 * p + c] = 255 * images[at(i, p, Math.min(c, channels - 1))]!;
        tile.data[4 * p + 3] = 255;
      }
      context.putImageData(tile, (i % columns) * width, Math.floor(i / columns) * height);
    }
  }, [images, width, height, count, columns, rows, channels, planar]);
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
