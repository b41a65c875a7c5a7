import { topologicalOrder } from './order.js';
import { formatShape } from './shape.js';
import type { Tensor } from './tensor.js';

const formatAttrs = (x: Tensor): string => {
  if (x.op === 'input') return x.attrs.name;
  if (x.op === 'constant') {
    const shown = x.attrs.values.slice(0, 4).map((v) => Number(v.toPrecision(6)));
    return shown.join(', ') + (x.attrs.values.length > 4 ? ', …' : '');
  }
  return Object.entries(x.attrs)
    .map(([key, value]) => `${key}=${Array.isArray(value) ? formatShape(value) : String(value)}`)
    .join(' ');
};

/**
 * One line a node, inputs before users:
 *
 *   %3 = relu(%2)  float32[128, 256]  # hidden
 */
export const print = (roots: Readonly<Record<string, Tensor>>): string => {
  const ids = new Map<Tensor, number>();
  const lines = topologicalOrder(Object.values(roots)).map((x, i) => {
    ids.set(x, i);
    const inside = [...x.inputs.map((y) => `%${ids.get(y)}`), formatAttrs(x)].filter((part) => part !== '').join(', ');
    const comment = x.label !== undefined && x.op !== 'input' ? `  # ${x.label}` : '';
    return `%${i} = ${x.op}(${inside})  ${x.dtype}${formatShape(x.shape)}${comment}`;
  });
  for (const [name, x] of Object.entries(roots)) lines.push(`${name} <- %${ids.get(x)}`);
  return lines.join('\n');
};
