import { formatShape, inputsOf, type Tensor, topologicalOrder } from '../graph/index.js';
import { type ModelInfo, nextName, toModel, toStepModel } from '../onnx/index.js';
import type { HostTensor, Runtime } from '../runtime/index.js';
import { isFiniteTensor, rowOf, type StepFeeds } from './feeds.js';
import type { TracedStep } from './step.js';

export interface NonFiniteFinding {
  /** Step within the chunk, from 0. */
  readonly step: number;
  readonly tensor: string;
  readonly value: number;
}

/**
 * Takes the steps of a chunk again, one by one, until a report or a state is not finite; then computes every node of
 * that step and names the first, in order of evaluation, that is not.
 */
export const findNonFinite = async (
  step: TracedStep,
  runtime: Runtime,
  info: ModelInfo,
  start: Readonly<Record<string, HostTensor>>,
  perStep: StepFeeds,
  shared: StepFeeds,
  count: number,
): Promise<NonFiniteFinding | undefined> => {
  const names = Object.keys(step.next);
  const single = await runtime.load(toStepModel(step, info));
  let state = start;
  for (let i = 0; i < count; i++) {
    const feeds = { ...state, ...shared, ...rowOf(perStep, i) };
    const out = await single.run(feeds);
    if (Object.values(out).some((x) => !isFiniteTensor(x))) {
      await single.release();
      return { step: i, ...(await firstNonFinite(step, runtime, info, feeds)) };
    }
    state = Object.fromEntries(names.map((name) => [name, out[nextName(name)]!]));
  }
  await single.release();
  return undefined;
};

const firstNonFinite = async (
  step: TracedStep,
  runtime: Runtime,
  info: ModelInfo,
  feeds: StepFeeds,
): Promise<{ tensor: string; value: number }> => {
  const nodes = topologicalOrder(Object.values(step.plain)).filter((x) => x.dtype === 'float32' && x.op !== 'constant');
  for (const x of nodes) {
    if (x.op !== 'input') continue;
    const value = badValue(feeds[x.attrs.name]);
    if (value !== undefined) return { tensor: x.attrs.name, value };
  }
  const inner = nodes.filter((x) => x.op !== 'input');
  const outputs = Object.fromEntries(inner.map((x, i) => [`node${i}`, x]));
  const session = await runtime.load(toModel(outputs, info, { fuse: false }));
  const wanted = inputsOf(inner);
  const out = await session.run(Object.fromEntries(Object.entries(feeds).filter(([name]) => wanted.has(name))));
  await session.release();
  for (const [i, x] of inner.entries()) {
    const value = badValue(out[`node${i}`]);
    if (value !== undefined) return { tensor: describe(x, nodes), value };
  }
  return { tensor: 'an unnamed tensor', value: Number.NaN };
};

const badValue = (x: HostTensor | undefined): number | undefined =>
  x?.dtype === 'float32' ? x.data.find((v) => !Number.isFinite(v)) : undefined;

/** Its name, or what it is and the first named tensor that is made of it. */
const describe = (x: Tensor, order: readonly Tensor[]): string => {
  if (x.label !== undefined) return x.label;
  const made = new Set([x]);
  const whole = order.find((y) => {
    const follows = y.inputs.some((z) => made.has(z));
    if (follows) made.add(y);
    return follows && y.label !== undefined;
  });
  return `${x.op} ${formatShape(x.shape)}${whole ? ` in ${whole.label}` : ''}`;
};
