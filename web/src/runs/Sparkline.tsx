const WIDTH = 72;
const HEIGHT = 20;
const AIR = 2;

/** ELBO over training, without axes: the number beside it says where it ended. */
export const Sparkline = ({ values }: { readonly values: readonly number[] }) => {
  const known = values.filter(Number.isFinite);
  if (known.length < 2) return <svg class="sparkline" width={WIDTH} height={HEIGHT} aria-hidden="true" />;
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const x = (i: number): number => AIR + (i / (known.length - 1)) * (WIDTH - 2 * AIR);
  const y = (value: number): number => HEIGHT - AIR - ((value - low) / (high - low || 1)) * (HEIGHT - 2 * AIR);
  const points = known.map((value, i) => `${x(i).toFixed(1)},${y(value).toFixed(1)}`).join(' ');
  return (
    <svg class="sparkline" width={WIDTH} height={HEIGHT} aria-hidden="true">
      <polyline points={points} />
    </svg>
  );
};
