/** Five significant digits: what a figure shows, in a fifth of the bytes. */
export const rounded = (value: number): number => Number(value.toPrecision(5));
