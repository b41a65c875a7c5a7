import type { Tensor } from './tensor.js';

/**
 * Every node that the roots need, each once, inputs before users. The order depends on the graph alone, so that the
 * same graph always lowers to the same bytes. Iterative: a deep graph does not exhaust the stack.
 *
 * `known` holds nodes that are left out, together with what only they need.
 */
export const topologicalOrder = (
  roots: readonly Tensor[],
  known: { readonly has: (x: Tensor) => boolean } = new Set<Tensor>(),
): Tensor[] => {
  const order: Tensor[] = [];
  const done = new Set<Tensor>();
  const settled = (x: Tensor): boolean => done.has(x) || known.has(x);
  const stack: { readonly x: Tensor; next: number }[] = [];
  for (const root of roots) {
    if (settled(root)) continue;
    stack.push({ x: root, next: 0 });
    while (stack.length > 0) {
      const top = stack[stack.length - 1]!;
      const child = top.x.inputs[top.next++];
      if (child === undefined) {
        stack.pop();
        if (!done.has(top.x)) {
          done.add(top.x);
          order.push(top.x);
        }
      } else if (!settled(child)) stack.push({ x: child, next: 0 });
    }
  }
  return order;
};

/** How often each node is used as an input of another, roots counted once more. */
export const useCounts = (roots: readonly Tensor[]): Map<Tensor, number> => {
  const counts = new Map<Tensor, number>();
  const count = (x: Tensor): void => {
    counts.set(x, (counts.get(x) ?? 0) + 1);
  };
  for (const x of topologicalOrder(roots)) x.inputs.forEach(count);
  roots.forEach(count);
  return counts;
};
