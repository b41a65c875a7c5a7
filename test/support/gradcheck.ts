import { grad } from '../../src/engine/autodiff/index.js';
import { constant, formatShape, mul, sameShape, sum, type Tensor } from '../../src/engine/graph/index.js';
import { evaluate } from '../../src/engine/interpreter/index.js';
import { expectClose } from './close.js';
import { type Feed, inputsOfFeeds, spread, valuesByName } from './feeds.js';

export type Build = (...inputs: Tensor[]) => Tensor;

/** A scalar that weighs every element of y differently, so that no error in a gradient cancels in the sum. */
export const weighted = (y: Tensor): Tensor => sum(mul(y, constant(spread(y.shape, 0.5, 1.5, 7).values, y.shape)));

/** Central differences of a scalar in one float32 feed, in float64. */
const differences = (loss: Tensor, feeds: readonly Feed[], which: number): number[] => {
  const at = (values: readonly number[]): number => {
    const moved = feeds.map((feed, i) => (i === which ? { ...feed, values } : feed));
    return evaluate([loss], valuesByName(moved))[0]![0]!;
  };
  const { values } = feeds[which]!;
  return values.map((v, i) => {
    const h = 1e-5 * Math.max(1, Math.abs(v));
    return (at(values.with(i, v + h)) - at(values.with(i, v - h))) / (2 * h);
  });
};

/**
 * Holds the gradient of a weighted sum of `build`'s result, in every float32 input, against central differences on the
 * float64 interpreter. Keep the feeds away from corners. Throws with the input and the element that differ.
 */
export const gradcheck = (build: Build, feeds: readonly Feed[], tolerance = 1e-6): void => {
  const inputs = inputsOfFeeds(feeds);
  const loss = weighted(build(...inputs));
  const which = feeds.flatMap(({ dtype }, i) => (dtype === 'float32' ? [i] : []));
  const gradients = grad(
    loss,
    which.map((i) => inputs[i]!),
  );
  const values = evaluate(gradients, valuesByName(feeds));
  which.forEach((input, i) => {
    const { shape } = gradients[i]!;
    if (!sameShape(shape, feeds[input]!.shape)) throw new Error(`d/d x${input}: got ${formatShape(shape)}`);
    const expected = differences(loss, feeds, input);
    expectClose(values[i]!, expected, { relative: tolerance, absolute: tolerance }, `d/d x${input}`);
  });
};
