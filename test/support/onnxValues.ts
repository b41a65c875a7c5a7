import { type NamedTensors, toModel } from '../../src/engine/onnx/index.js';
import type { HostTensor, Runtime } from '../../src/engine/runtime/index.js';
import { nodeRuntime } from '../../src/engine/runtime/node.js';

export interface Execution {
  /** Our own merging of nodes while a graph is written. */
  readonly fuse?: boolean;
  /** ONNX Runtime's own rewriting. */
  readonly optimise?: boolean;
  readonly runtime?: Runtime;
}

/** Runs a model once and gives its outputs as numbers. */
export const runModel = async (
  model: Uint8Array,
  feeds: Readonly<Record<string, HostTensor>>,
  runtime: Runtime = nodeRuntime(),
): Promise<Record<string, number[]>> => {
  const session = await runtime.load(model);
  try {
    const outputs = await session.run(feeds);
    return Object.fromEntries(Object.entries(outputs).map(([name, { data }]) => [name, Array.from(data, Number)]));
  } finally {
    await session.release();
  }
};

/** What ONNX Runtime computes for a graph. Feeds that the graph does not read are left out. */
export const onnxValues = (
  outputs: NamedTensors,
  feeds: Readonly<Record<string, HostTensor>>,
  { fuse = true, optimise = true, runtime = nodeRuntime({ optimise }) }: Execution = {},
): Promise<Record<string, number[]>> => runModel(toModel(outputs, { version: '0' }, { fuse }), feeds, runtime);
