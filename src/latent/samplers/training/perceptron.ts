import { add, matmul, type Shape, type Tensor } from '../../../engine/graph/index.js';

export type Parameters = Readonly<Record<string, Tensor>>;

/** Shapes of the layers through these widths: `name.0.weight` [in, out], `name.0.bias` [out], … */
export const layerShapes = (name: string, widths: readonly number[]): Record<string, Shape> =>
  Object.fromEntries(
    widths.slice(1).flatMap((out, i) => [
      [`${name}.${i}.weight`, [widths[i]!, out]],
      [`${name}.${i}.bias`, [out]],
    ]),
  );

/** x W + b of one layer. Shapes: x [B, in] -> [B, out]. */
export const dense = (parameters: Parameters, layer: string, x: Tensor): Tensor =>
  add(matmul(x, parameters[`${layer}.weight`]!), parameters[`${layer}.bias`]!);

/** Layers with a nonlinearity between them, none after the last. */
export const perceptron = (
  parameters: Parameters,
  name: string,
  layers: number,
  between: (x: Tensor) => Tensor,
  x: Tensor,
): Tensor => {
  let h = x;
  for (let i = 0; i < layers; i++) h = dense(parameters, `${name}.${i}`, i === 0 ? h : between(h));
  return h;
};
