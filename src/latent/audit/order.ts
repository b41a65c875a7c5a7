/**
 * The value of rank k (from 1) of ascending values, between whole ranks by a straight line; ranks beyond the ends give
 * the ends. At k = α(n + 1) it is the quantile below which a new value falls with probability α exactly.
 */
export const orderStatistic = (sorted: ArrayLike<number>, rank: number): number => {
  const place = Math.min(sorted.length, Math.max(1, rank)) - 1;
  const [below, above] = [Math.floor(place), Math.ceil(place)];
  if (below === above) return sorted[below]!;
  return sorted[below]! + (place - below) * (sorted[above]! - sorted[below]!);
};

/** The `k` indices of the lowest values, the lowest first. */
export const lowest = (values: ArrayLike<number>, k: number): number[] =>
  Array.from({ length: values.length }, (_, i) => i)
    .sort((a, b) => values[a]! - values[b]! || a - b)
    .slice(0, k);
