import { add, mul, sub, type Tensor } from '../../../engine/graph/index.js';
import { alphaOf, drawLevels, sigmaOf } from './levels.js';

/**
 * From noise to code along the probability flow, by a second-order multistep rule; its first step is that of DDIM.
 *
 *   ŵ_k = α_k x_k − σ_k v̂(x_k, λ_k),  h_k = ½ (λ_{k+1} − λ_k),  r = h_{k−1} / h_k
 *   x_{k+1} = (σ_{k+1} / σ_k) x_k + α_{k+1} (1 − e^{−h_k}) [(1 + 1 / 2r) ŵ_k − (1 / 2r) ŵ_{k−1}]
 *
 * The last is ŵ at the level of least noise.
 *
 * Shapes: noise [n, D] -> [n, D].
 * Source: Lu et al. 2022, arXiv:2211.01095, algorithm 2; first order: Song et al. 2020, arXiv:2010.02502.
 */
export const flowDraw = (noise: Tensor, steps: number, velocity: (x: Tensor, level: number) => Tensor): Tensor => {
  const levels = drawLevels(steps);
  const codeAt = (x: Tensor, level: number): Tensor =>
    sub(mul(x, alphaOf(level)), mul(velocity(x, level), sigmaOf(level)));
  let x = noise;
  let before: { readonly code: Tensor; readonly h: number } | undefined;
  for (let k = 0; k < steps - 1; k++) {
    const [level, next] = [levels[k]!, levels[k + 1]!];
    const h = (next - level) / 2;
    const code = codeAt(x, level);
    const weight = before ? h / before.h / 2 : 0;
    const guide = before ? sub(mul(code, 1 + weight), mul(before.code, weight)) : code;
    x = add(mul(x, sigmaOf(next) / sigmaOf(level)), mul(guide, alphaOf(next) * (1 - Math.exp(-h))));
    before = { code, h };
  }
  return codeAt(x, levels.at(-1)!);
};
