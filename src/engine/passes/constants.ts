import { broadcast, constant, scalar, sizeOf, type Tensor } from '../graph/index.js';
import { evaluate } from '../interpreter/index.js';

/** Folding makes a constant no larger than this; larger ones are cheaper to compute than to carry. */
const FOLDED_VALUES = 1024;

/** Operations of one or two operands that work element by element. */
const elementwise: ReadonlySet<string> = new Set([
  'neg',
  'abs',
  'exp',
  'log',
  'sqrt',
  'square',
  'reciprocal',
  'relu',
  'sigmoid',
  'tanh',
  'softplus',
  'logSigmoid',
  'add',
  'sub',
  'mul',
  'div',
  'maximum',
  'minimum',
]);

/** The one value of a tensor that is known to hold a single number everywhere. */
export const uniformValue = (x: Tensor): number | undefined => {
  if (x.dtype !== 'float32') return undefined;
  if (x.op === 'constant') {
    const first = x.attrs.values[0];
    return first !== undefined && x.attrs.values.every((v) => Object.is(v, first)) ? first : undefined;
  }
  return x.op === 'broadcast' || x.op === 'reshape' ? uniformValue(x.inputs[0]!) : undefined;
};

/** A constant, or a stretched scalar, in place of a node whose inputs are known; undefined when nothing is known. */
export const foldConstants = (x: Tensor): Tensor | undefined => {
  if (x.inputs.length === 0 || x.op === 'broadcast') return undefined;
  if (x.op === 'reshape') {
    const value = uniformValue(x.inputs[0]!);
    if (value !== undefined) return broadcast(scalar(value), x.shape);
  }
  if (elementwise.has(x.op)) {
    const values = x.inputs.map(uniformValue);
    if (values.every((v) => v !== undefined)) {
      const folded = evaluate([{ ...x, inputs: values.map((v) => scalar(v)), shape: [] } as Tensor])[0]![0]!;
      return broadcast(scalar(folded), x.shape);
    }
  }
  if (x.inputs.every((y) => y.op === 'constant') && sizeOf(x.shape) <= FOLDED_VALUES) {
    return constant([...evaluate([x])[0]!], x.shape, x.dtype);
  }
  return undefined;
};
