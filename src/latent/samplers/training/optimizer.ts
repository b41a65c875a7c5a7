import { add, div, input, maximum, minimum, mul, sqrt, square, sub, sum } from '../../../engine/graph/index.js';
import type { Optimizer } from '../../../engine/optim/index.js';

const FACTOR = 'rate.factor';

/**
 * An optimizer whose gradient is scaled down to a norm, and whose step is scaled by a factor of the step's number.
 *
 *   g ← g · min(1, clip / ‖g‖);  p ← p + f(t) (p' − p), with p' what the optimizer makes of p and g
 */
export const steadied = (
  base: Optimizer,
  { clip, factor }: { readonly clip: number; readonly factor: (t: number) => number },
): Optimizer => ({
  moments: base.moments,
  scheduled: [...base.scheduled, FACTOR],
  schedule: (t) => ({ ...base.schedule(t), [FACTOR]: factor(t) }),
  update: (p, g, moments) => {
    const norm = maximum(sqrt(sum(square(g))), 1e-30);
    const { parameter, moments: next } = base.update(p, mul(g, minimum(div(clip, norm), 1)), moments);
    return { parameter: add(p, mul(sub(parameter, p), input(FACTOR, []))), moments: next };
  },
});

/**
 * From 0 to 1 over the first steps, then down to 0 along half a cosine. Steps count from 1; how many there are to be may
 * change on the way.
 */
export const warmCosine =
  (steps: () => number, warm: number) =>
  (t: number): number =>
    Math.min(1, t / warm) * 0.5 * (1 + Math.cos(Math.PI * Math.min(1, (t - 1) / steps())));
