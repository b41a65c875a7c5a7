import type { Table } from '../../figures/save.js';
import type { Plane, Shaded } from './usePlane.js';

/** Rows of z as a table, each under a number of its own. */
export const zTable = (
  z: Float32Array | undefined,
  latents: number,
  key: { readonly name: string; readonly of: (row: number) => number | string },
): Table => ({
  header: [key.name, ...Array.from({ length: latents }, (_, d) => `z_${d}`)],
  rows: Array.from({ length: (z?.length ?? 0) / latents }, (_, i) => [
    key.of(i),
    ...z!.subarray(i * latents, (i + 1) * latents),
  ]),
});

/** The points that are drawn, in their order, with what colours them: a class, or 0 … 255 of the range of the legend. */
export const pointsTable = ({ xy }: Plane, shaded: Shaded | undefined, axes: readonly [string, string]): Table => ({
  header: [...axes, 'colour'],
  rows: Array.from({ length: xy.length / 2 }, (_, i) => [xy[2 * i]!, xy[2 * i + 1]!, colourOf(shaded, i)]),
});

const colourOf = (shaded: Shaded | undefined, i: number): number | null => {
  const byte = shaded?.bytes[i];
  if (byte === undefined) return null;
  const { range } = shaded!;
  return range ? Number((range[0] + (byte / 255) * (range[1] - range[0])).toPrecision(4)) : byte;
};
