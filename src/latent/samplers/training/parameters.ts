import { mul, type Tensor, tanh } from '../../../engine/graph/index.js';
import { type ParameterShapes, views } from '../../../engine/program/index.js';

/**
 * limit · tanh(raw / limit): raw itself where that is small. A log-scale of a layer is kept within e⁻³ … e³ so, and no
 * step of training can make it overflow.
 */
export const bounded = (raw: Tensor, limit = 3): Tensor => mul(tanh(mul(raw, 1 / limit)), limit);

/** The same values with zeros where a name holds one of these parts: a flow whose heads are 0 is the identity. */
export const startingAtZero = (flat: Float32Array, shapes: ParameterShapes, ...parts: string[]): Float32Array => {
  for (const [name, values] of Object.entries(views(flat, shapes))) {
    if (parts.some((part) => name.includes(part))) values.fill(0);
  }
  return flat;
};
