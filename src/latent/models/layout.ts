/** How the axes of an array of images become the axes that an encoder takes. */
import { InputError } from '../../engine/errors/index.js';
import { type Port, shownPort } from '../../engine/onnx/index.js';

/** Channels before the rows of pixels, after them, or no axes at all. */
export const LAYOUTS = ['nchw', 'nhwc', 'flat'] as const;
export type Layout = (typeof LAYOUTS)[number];

export interface Fit {
  readonly layout: Layout;
  /** Axes of one image as the encoder takes it. */
  readonly row: readonly number[];
  /** Which axis of an image of the array comes at each place; absent where they stay. */
  readonly order?: readonly number[];
  readonly channels?: number;
  readonly height?: number;
  readonly width?: number;
}

/** More channels than this are taken for a side of an image. */
const MOST_CHANNELS = 4;

const sizeOf = (axes: readonly number[]): number => axes.reduce((product, size) => product * size, 1);

const shaped = (layout: Layout, [c, h, w]: readonly [number, number, number]): Omit<Fit, 'order'> => ({
  layout,
  row: layout === 'nchw' ? [c, h, w] : [h, w, c],
  channels: c,
  height: h,
  width: w,
});

/** Every reading of an array's axes as images, the likeliest first. */
const readings = (image: readonly number[], asked: Layout | undefined): Fit[] => {
  const [a, b, c] = image;
  const flat: Fit = { layout: 'flat', row: [sizeOf(image)] };
  if (a === undefined || b === undefined) return [flat];
  if (c === undefined) {
    const sides = { height: a, width: b, channels: 1 };
    const plain: Fit = { layout: 'flat', row: [a, b], ...sides };
    return [{ ...flat, ...sides }, plain, shaped('nchw', [1, a, b]), shaped('nhwc', [1, a, b])];
  }
  const first = shaped('nchw', [a, b, c]);
  const last = shaped('nhwc', [c, a, b]);
  const turned = [
    { ...shaped('nhwc', [a, b, c]), order: [1, 2, 0] },
    { ...shaped('nchw', [c, a, b]), order: [2, 0, 1] },
  ];
  const channelsLast = c <= MOST_CHANNELS && !(a <= MOST_CHANNELS && asked !== 'nhwc');
  const [channels, height, width] = channelsLast ? [c, a, b] : [a, b, c];
  const kept = channelsLast ? [last, first] : [first, last];
  return [...kept, ...(channelsLast ? turned.toReversed() : turned), { ...flat, channels, height, width }];
};

type Sizes = readonly (number | string | undefined)[];

const fits = (row: readonly number[], sizes: Sizes | undefined): boolean =>
  sizes === undefined ||
  (row.length === sizes.length && row.every((size, i) => typeof sizes[i] !== 'number' || sizes[i] === size));

/** Rows of values without axes, as an encoder of fixed sizes takes them. */
const reshaped = (image: readonly number[], sizes: Sizes | undefined, asked: Layout | undefined): Fit[] => {
  const fixed = sizes?.filter((size) => typeof size === 'number') ?? [];
  if (image.length !== 1 || fixed.length !== sizes?.length || sizeOf(fixed) !== image[0]) return [];
  const [a, b, c] = fixed;
  if (fixed.length === 2) return [{ layout: 'flat', row: fixed, channels: 1, height: a!, width: b! }];
  if (fixed.length !== 3) return [{ layout: 'flat', row: fixed }];
  const last = asked === 'nhwc' || (asked === undefined && c! <= MOST_CHANNELS && a! > MOST_CHANNELS);
  return [last ? shaped('nhwc', [c!, a!, b!]) : shaped('nchw', [a!, b!, c!])];
};

/**
 * How images [N, …image] are given to an encoder, from the axes that it declares; `asked` is what the user says of its
 * layout.
 *
 * Throws: InputError where the sizes do not go together.
 */
export const fitLayout = (
  image: readonly number[],
  input: Port,
  {
    asked,
    images,
    encoder,
  }: { readonly asked?: Layout | undefined; readonly images: string; readonly encoder: string },
): Fit => {
  const sizes = input.dims?.slice(1);
  const found = [...readings(image, asked), ...reshaped(image, sizes, asked)].filter(
    ({ layout, row }) => fits(row, sizes) && (asked === undefined || asked === layout),
  );
  // Where the encoder says nothing of its axes, those of the array stay; one channel is put before rows of pixels.
  const open = sizes === undefined || sizes.every((size) => typeof size !== 'number');
  const best = open && image.length > 1 ? (found.find(({ layout }) => layout !== 'flat') ?? found[0]) : found[0];
  if (best) return best;
  const got = `[N, ${image.join(', ')}], ${sizeOf(image)} values each`;
  const told = asked === undefined ? '' : ` in layout ${asked}`;
  throw new InputError(
    `${images}: expected images${told} that fit ${encoder}, which takes ${shownPort(input)}, got ${got}`,
  );
};

/** The order that undoes another: where each axis went. */
export const inverse = (order: readonly number[]): number[] => order.map((_, axis) => order.indexOf(axis));
