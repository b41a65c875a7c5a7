/** Colours of points: classes apart from one another, values on a map that is even to the eye. */
import { CLASS_COLOURS } from '../../figures/colours.js';

/** Stops of viridis (van der Walt & Smith 2015), its darkest and lightest ends left out so that both grounds bear it. */
const VALUE_STOPS = ['#46327e', '#365c8d', '#277f8e', '#1fa187', '#4ac16d', '#a0da39', '#e8e419'];

const parts = (colour: string): number[] => [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));

/** Shapes: [256, 3] of 0 … 255. */
export const classPalette = (): Uint8Array =>
  Uint8Array.from(
    { length: 768 },
    (_, at) => parts(CLASS_COLOURS[Math.floor(at / 3) % CLASS_COLOURS.length]!)[at % 3]!,
  );

/** Shapes: [256, 3] of 0 … 255. */
export const valuePalette = (): Uint8Array =>
  Uint8Array.from({ length: 768 }, (_, at) => {
    const place = (Math.floor(at / 3) / 255) * (VALUE_STOPS.length - 1);
    const stop = Math.min(VALUE_STOPS.length - 2, Math.floor(place));
    const [from, to] = [parts(VALUE_STOPS[stop]!)[at % 3]!, parts(VALUE_STOPS[stop + 1]!)[at % 3]!];
    return Math.round(from + (place - stop) * (to - from));
  });

export const VALUE_GRADIENT = `linear-gradient(to right, ${VALUE_STOPS.join(', ')})`;
