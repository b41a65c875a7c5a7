/** Quantile p of the values, linear between order statistics. */
export function quantile(values, p) {
  const sorted = values.toSorted((a, b) => a - b);
  const at = p * (sorted.length - 1);
  const below = Math.floor(at);
  const above = Math.ceil(at);
  return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
}

/** Median and quartiles, to four significant digits. */
export function summary(values) {
  const [q1, median, q3] = [0.25, 0.5, 0.75].map((p) => Number(quantile(values, p).toPrecision(4)));
  return { median, q1, q3 };
}
