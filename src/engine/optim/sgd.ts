import { add, mul, sub } from '../graph/index.js';
import type { Optimizer } from './optimizer.js';

/** p ← p − lr · g */
export const sgd = (lr: number): Optimizer => ({
  moments: [],
  scheduled: [],
  schedule: () => ({}),
  update: (p, g) => ({ parameter: sub(p, mul(g, lr)), moments: [] }),
});

/** v ← momentum · v + g;  p ← p − lr · v  (heavy ball, as PyTorch writes it: the rate outside the average) */
export const momentum = (lr: number, decay: number): Optimizer => ({
  moments: ['velocity'],
  scheduled: [],
  schedule: () => ({}),
  update: (p, g, [v]) => {
    const next = add(mul(v!, decay), g);
    return { parameter: sub(p, mul(next, lr)), moments: [next] };
  },
});
