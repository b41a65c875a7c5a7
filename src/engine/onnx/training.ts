import { GraphError } from '../errors/index.js';
import { type Tensor, topologicalOrder, verify } from '../graph/index.js';
import { encodeModel, type ModelInfo } from './encode.js';
import { type Name, OnnxGraph } from './graph.js';
import { type LowerOptions, lower, type Scope } from './lower.js';
import { type NamedTensors, toModel } from './model.js';
import type { GraphProto } from './proto/onnx_pb.js';

/** One training step: what it carries on, what it reads anew each time, what it reads unchanged, what it tells. */
export interface TrainingStep {
  /** Carried from step to step, by input name: the value that follows the input of that name. */
  readonly next: NamedTensors;
  /** Names of inputs that have a new value each step (data, noise, schedules). */
  readonly perStep: readonly string[];
  /** Scalars worth reporting. */
  readonly reports: NamedTensors;
}

export interface LoopOptions extends LowerOptions {
  /** Reports cost time: `last` computes them in the last step alone and gives zeros before it. */
  readonly report?: 'last' | 'each';
}

/** The name under which a state's following value leaves a model. */
export const nextName = (state: string): string => `${state}.next`;

/** A model of one step: every state and input in, every following state and report out. */
export const toStepModel = (step: TrainingStep, info: ModelInfo, options?: LowerOptions): Uint8Array =>
  toModel({ ...renamed(step.next), ...step.reports }, info, options);

const renamed = (next: NamedTensors): NamedTensors =>
  Object.fromEntries(Object.entries(next).map(([name, x]) => [nextName(name), x]));

/**
 * A model of `steps` training steps in one ONNX Loop, whose state never leaves the runtime between them.
 *
 * Inputs: `steps` int64 []; every state; every per-step input with a leading dimension `steps`; the other inputs.
 * Outputs: every state after the last step, under `nextName`; every report as [steps].
 */
export const toLoopModel = (
  step: TrainingStep,
  info: ModelInfo,
  { report = 'last', ...options }: LoopOptions = {},
): Uint8Array => {
  const roots = [...Object.values(step.next), ...Object.values(step.reports)];
  verify(roots);
  const inputs = inputNodes(roots);
  for (const name of [...Object.keys(step.next), ...step.perStep]) {
    if (!inputs.has(name))
      throw new GraphError(`toLoopModel: expected the step to read ${name}, got a step that does not`);
  }

  const outer = new OnnxGraph('zdist');
  const body = new OnnxGraph('step', outer.names);
  const scope: Scope = new Map();
  const bind = (name: string, value: Name): void => {
    for (const x of inputs.get(name)!) scope.set(x, value);
  };

  outer.input('steps', 'int64', []);
  const iteration = body.input('iteration', 'int64', []);
  const goOn = body.input('goOn', 'bool', []);
  // Loop matches states by their order: initial values, inputs of the body, outputs of the body.
  const states = Object.keys(step.next);
  for (const name of states) {
    const { dtype, shape } = inputs.get(name)![0]!;
    outer.input(name, dtype, shape);
    bind(name, body.input(`${name}.now`, dtype, shape));
  }
  for (const [name, nodes] of inputs) {
    const { dtype, shape } = nodes[0]!;
    if (name in step.next) continue;
    if (step.perStep.includes(name)) {
      outer.input(name, dtype, ['steps', ...shape]);
      bind(name, body.node('Gather', [name, iteration], { axis: { int: 0 } }));
    } else bind(name, outer.input(name, dtype, shape));
  }

  lower(Object.values(step.next), scope, body, options);
  const reported =
    report === 'each'
      ? lowerReports(step.reports, scope, body, options)
      : reportsOnLast(step.reports, scope, body, iteration, options);
  body.handOn(goOn, 'bool', []);
  for (const x of Object.values(step.next)) body.handOn(scope.get(x)!, x.dtype, x.shape);
  for (const value of reported) body.handOn(value, 'float32', []);

  const outputs = [...states.map(nextName), ...Object.keys(step.reports)];
  outer.multi('Loop', ['steps', '', ...states], outputs, { body: { graph: body.toProto() } });
  for (const name of states)
    outer.output(nextName(name), nextName(name), step.next[name]!.dtype, step.next[name]!.shape);
  for (const name of Object.keys(step.reports)) outer.output(name, name, 'float32', ['steps']);
  return encodeModel(outer.toProto(), info);
};

/** All nodes that stand for an input, by its name, in order of first use. */
const inputNodes = (roots: readonly Tensor[]): Map<string, Tensor[]> => {
  const found = new Map<string, Tensor[]>();
  for (const x of topologicalOrder(roots)) {
    if (x.op === 'input') found.set(x.attrs.name, [...(found.get(x.attrs.name) ?? []), x]);
  }
  return found;
};

const lowerReports = (reports: NamedTensors, scope: Scope, g: OnnxGraph, options: LowerOptions): Name[] => {
  lower(Object.values(reports), scope, g, options);
  return Object.values(reports).map((x) => scope.get(x)!);
};

/** An If whose one branch computes the reports from the step's values, and whose other gives zeros. */
const reportsOnLast = (
  reports: NamedTensors,
  scope: Scope,
  body: OnnxGraph,
  iteration: Name,
  options: LowerOptions,
): readonly Name[] => {
  const names = Object.keys(reports);
  if (names.length === 0) return [];
  const last = body.node('Sub', ['steps', body.constant([1], [], 'int64')]);
  const branch = (name: string, values: (g: OnnxGraph) => readonly Name[]): GraphProto => {
    const g = new OnnxGraph(name, body.names);
    for (const value of values(g)) g.handOn(value, 'float32', []);
    return g.toProto();
  };
  return body.multi('If', [body.node('Equal', [iteration, last])], names.length, {
    then_branch: { graph: branch('report', (g) => lowerReports(reports, new Map(scope), g, options)) },
    else_branch: { graph: branch('silent', (g) => names.map(() => g.float(0))) },
  });
};
