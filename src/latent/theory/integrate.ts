/** The right side of dx/dt = f(x). Gives NaN outside its domain. */
export type VectorField = (x: readonly number[]) => readonly number[];

const along = (x: readonly number[], h: number, v: readonly number[]): number[] =>
  x.map((value, i) => value + h * v[i]!);

/** One step of the classical Runge–Kutta method of order 4. */
const rk4 = (field: VectorField, x: readonly number[], h: number): number[] => {
  const k1 = field(x);
  const k2 = field(along(x, h / 2, k1));
  const k3 = field(along(x, h / 2, k2));
  const k4 = field(along(x, h, k3));
  return x.map((value, i) => value + (h / 6) * (k1[i]! + 2 * k2[i]! + 2 * k3[i]! + k4[i]!));
};

/**
 * Solution of dx/dt = f(x) at given times, by Runge–Kutta of order 4 with steps that adapt.
 *
 *   error of a step h = max_i |two steps of h/2 − one of h|_i / (15 max(1, |x_i|)), held below `tolerance`
 *
 * A step that leaves the domain of the field (NaN) is made again, shorter; so σ stays above 0 where the flow keeps it there.
 *
 * Shapes: start [D], times [T] ascending, start at times[0] -> T states [D].
 * Units:  those of the field.
 * Throws: RangeError when the step falls below rounding: the solution leaves the domain, or is not finite.
 * Source: Hairer, Nørsett & Wanner 1993, Solving Ordinary Differential Equations I, section II.4.
 */
export const integrate = (
  field: VectorField,
  start: readonly number[],
  times: readonly number[],
  tolerance = 1e-12,
): number[][] => {
  const states = [[...start]];
  let x: readonly number[] = start;
  let wanted = (times.at(-1)! - times[0]!) / 100;
  for (let i = 1; i < times.length; i++) {
    let t = times[i - 1]!;
    while (t < times[i]!) {
      const left = times[i]! - t;
      const h = Math.min(wanted, left);
      if (t + h === t && h < left)
        throw new RangeError(`integrate: expected a finite path, got stuck at t ${t}, [${x}]`);
      const half = rk4(field, rk4(field, x, h / 2), h / 2);
      const whole = rk4(field, x, h);
      const error = Math.max(...half.map((v, d) => Math.abs(v - whole[d]!) / (15 * Math.max(1, Math.abs(v)))));
      const good = error <= tolerance;
      if (good) {
        x = half.map((v, d) => v + (v - whole[d]!) / 15);
        t = h === left ? times[i]! : t + h;
      }
      // A step cut short by the end of its interval says nothing against the longer one.
      const factor = Number.isNaN(error) ? 0.25 : Math.min(4, Math.max(0.1, 0.9 * (tolerance / error) ** 0.2));
      wanted = good && h < wanted ? Math.max(wanted, h * factor) : h * factor;
    }
    states.push([...x]);
  }
  return states;
};
