/**
 * Ticks of a logarithmic axis: powers of ten over three decades and more, 1-2-5 over one to three, else about eight a decade.
 * Domain: 0 < low < high.
 */
export const logTicks = ([low, high]: readonly [number, number]): number[] => {
  const decades = Math.log10(high / low);
  const digits = decades >= 3 ? [1] : decades >= 1 ? [1, 2, 5] : [1, 1.5, 2, 3, 4, 5, 6, 8];
  const every = Math.max(1, Math.ceil(decades / 7));
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power++) {
    if (power % every !== 0) continue;
    for (const digit of digits) {
      const value = Number(`${digit}e${power}`);
      if (value >= low && value <= high) ticks.push(value);
    }
  }
  return ticks;
};

/** Multiples of 1, 2 or 5 times a power of ten inside [low, high], about `count` of them. */
export const niceSteps = (low: number, high: number, count: number): number[] => {
  const raw = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = power * ([1, 2, 5, 10].find((digit) => digit * power >= raw) ?? 10);
  const first = Math.ceil(low / step);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
};
