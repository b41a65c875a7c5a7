import { GraphError, ShapeError } from '../errors/index.js';
import { formatShape, scalar, type Tensor, topologicalOrder, zeros } from '../graph/index.js';
import { accumulate, vjpOf } from './vjp.js';

export interface GradOptions {
  /** What a target gets that the loss does not reach: an error that names it (the default), or zeros. */
  readonly unreached?: 'error' | 'zeros';
}

const describe = (x: Tensor): string => x.label ?? `${x.op}${formatShape(x.shape)}`;

/**
 * Reverse-mode gradient of a scalar loss with respect to nodes of its graph (inputs or anything between).
 *
 * Shapes: loss []; each gradient has the shape of its target.
 * Throws: ShapeError when the loss is not a scalar; GraphError that names every target the loss does not reach, or a
 * target that is read through a second node of the same input, whose part of the gradient would be lost.
 */
export const grad = (loss: Tensor, targets: readonly Tensor[], { unreached = 'error' }: GradOptions = {}): Tensor[] => {
  if (loss.shape.length !== 0) throw new ShapeError(`grad: expected a scalar loss, got ${formatShape(loss.shape)}`);
  const order = topologicalOrder([loss]);
  const wanted = new Set(targets);
  const names = new Set(targets.flatMap((x) => (x.op === 'input' ? [x.attrs.name] : [])));
  for (const x of order) {
    if (x.op === 'input' && names.has(x.attrs.name) && !wanted.has(x)) {
      throw new GraphError(`grad: expected one node for input ${x.attrs.name}, got another in the graph of the loss`);
    }
  }
  // Only nodes on a way from a target to the loss need a cotangent.
  const onTheWay = new Set<Tensor>();
  for (const x of order) if (wanted.has(x) || x.inputs.some((y) => onTheWay.has(y))) onTheWay.add(x);

  const cotangents = new Map<Tensor, Tensor>([[loss, scalar(1)]]);
  for (const y of order.toReversed()) {
    const dy = cotangents.get(y);
    if (dy === undefined || !onTheWay.has(y)) continue;
    const partials = vjpOf(y, dy);
    y.inputs.forEach((x, i) => {
      const dx = partials[i];
      if (dx && onTheWay.has(x)) cotangents.set(x, accumulate(cotangents.get(x), dx));
    });
  }

  const missing = targets.filter((x) => !onTheWay.has(loss) || !cotangents.has(x));
  if (missing.length > 0 && unreached === 'error') {
    throw new GraphError(
      `grad: expected a loss that reaches every target, got none to ${missing.map(describe).join(', ')}`,
    );
  }
  return targets.map((x) => cotangents.get(x) ?? zeros(x.shape));
};
