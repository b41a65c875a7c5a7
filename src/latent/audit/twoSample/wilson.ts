/**
 * Wilson's interval of a share: the shares whose normal test the count does not refuse.
 *
 *   (k + ½z² ± z √(k (n − k)/n + ¼z²)) / (n + z²)
 *
 * Domain: 0 <= k <= n, n > 0; within [0, 1] always. z = 1.96 gives 95%.
 * Source: Wilson 1927, Probable inference, the law of succession, and statistical inference.
 */
export const wilsonInterval = (successes: number, n: number, z = 1.959963984540054): readonly [number, number] => {
  const centre = successes + 0.5 * z * z;
  const half = z * Math.sqrt((successes * (n - successes)) / n + 0.25 * z * z);
  const total = n + z * z;
  return [Math.max(0, (centre - half) / total), Math.min(1, (centre + half) / total)];
};
