import { grad } from '../autodiff/index.js';
import { GraphError } from '../errors/index.js';
import { input, inputsOf, named, type Tensor } from '../graph/index.js';
import type { NamedTensors, TrainingStep } from '../onnx/index.js';
import type { Optimizer } from '../optim/index.js';
import { simplify } from '../passes/index.js';
import { flatten, type ParameterShapes, parameterCount, unflatten } from './layout.js';

/** A loss and the parameters that learn from it. */
export interface Lesson {
  readonly loss: Tensor;
  readonly learns: readonly string[];
}

export interface StepDefinition {
  /** What learns, in the order of the flat vector. */
  readonly learned: ParameterShapes;
  /** What is read and stays as it is. */
  readonly frozen: ParameterShapes;
  readonly optimizer: Optimizer;
  /** Names of the inputs of the trace that change from step to step. */
  readonly perStep: readonly string[];
  /** Builds the step from its parameters: what learns from which loss, and the scalars worth telling. */
  readonly trace: (parameters: NamedTensors) => { readonly lessons: readonly Lesson[]; readonly reports: NamedTensors };
}

/** The names under which a step carries its parameters. */
export const LEARNED = 'parameters';
export const FROZEN = 'frozen';

/** A training step, and its graph before simplification for those who look for a fault. */
export interface TracedStep extends TrainingStep {
  readonly plain: NamedTensors;
  readonly moments: readonly string[];
}

/**
 * Loss to update in one graph: traces the losses, differentiates each with respect to what learns from it, lays the
 * gradients side by side and joins the optimizer's rule.
 *
 * Throws: GraphError when a parameter learns from no loss or from two, or when a loss does not reach one that should
 * learn from it.
 */
export const traceStep = ({ learned, frozen, optimizer, perStep, trace }: StepDefinition): TracedStep => {
  const flat = input(LEARNED, [parameterCount(learned)]);
  const parameters = labelled(unflatten(flat, learned));
  const fixed = parameterCount(frozen) > 0 ? labelled(unflatten(input(FROZEN, [parameterCount(frozen)]), frozen)) : {};
  const { lessons, reports } = trace({ ...fixed, ...parameters });

  const gradients = new Map<string, Tensor>();
  for (const { loss, learns } of lessons) {
    const found = grad(
      loss,
      learns.map((name) => parameters[name]!),
    );
    learns.forEach((name, i) => {
      if (gradients.has(name)) throw new GraphError(`traceStep: expected one loss for ${name}, got two`);
      gradients.set(name, named(`gradient of ${name}`, found[i]!));
    });
  }
  const idle = Object.keys(learned).filter((name) => !gradients.has(name));
  if (idle.length > 0)
    throw new GraphError(`traceStep: expected a loss for every parameter, got none for ${idle.join(', ')}`);

  const moments = optimizer.moments.map((name) => input(name, flat.shape));
  const gradient = flatten(Object.keys(learned).map((name) => gradients.get(name)!));
  const update = optimizer.update(flat, gradient, moments);
  const plain: NamedTensors = {
    [LEARNED]: named(LEARNED, update.parameter),
    ...Object.fromEntries(optimizer.moments.map((name, i) => [name, named(name, update.moments[i]!)])),
  };
  const simplified = simplify([...Object.values(plain), ...Object.values(reports)]);
  const states = Object.keys(plain);
  const read = inputsOf(simplified);
  return {
    next: Object.fromEntries(states.map((name, i) => [name, simplified[i]!])),
    reports: Object.fromEntries(Object.keys(reports).map((name, i) => [name, simplified[states.length + i]!])),
    perStep: [...perStep, ...optimizer.scheduled].filter((name) => read.has(name)),
    // Reports first: a fault is then met in the forward pass, where it has a name, and not in a gradient of it.
    plain: { ...reports, ...plain },
    moments: optimizer.moments,
  };
};

/** Parameters under their own names, for messages. */
const labelled = (tensors: NamedTensors): Record<string, Tensor> =>
  Object.fromEntries(Object.entries(tensors).map(([name, x]) => [name, named(name, x)]));
