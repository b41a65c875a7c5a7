import { input, type Tensor } from '../../../engine/graph/index.js';
import { toBatchModel } from '../../../engine/onnx/index.js';
import { LEARNED, type ParameterShapes, parameterCount, unflatten } from '../../../engine/program/index.js';
import { float32, type Runtime } from '../../../engine/runtime/index.js';
import { VERSION } from '../../../vae/training/index.js';
import type { Parameters } from './perceptron.js';

/** Rows in one run: what lies between them stays in the processor's cache. */
const ROWS = 1000;

/** A function of parameters and rows that gives one number a row. */
export interface RowValues {
  /** Shapes: parameters [P], feeds [n, width] -> [n]. */
  run(parameters: Float32Array, feeds: Readonly<Record<string, Float32Array>>): Promise<Float64Array>;
  release(): Promise<void>;
}

/** Shapes: `trace` gives [B] of inputs [B, width]. */
export const rowValues = async (
  trace: (parameters: Parameters, inputs: Readonly<Record<string, Tensor>>) => Tensor,
  shapes: ParameterShapes,
  widths: Readonly<Record<string, number>>,
  runtime: Runtime,
): Promise<RowValues> => {
  const names = Object.keys(widths);
  const model = toBatchModel(
    (batch) => {
      const inputs = Object.fromEntries(names.map((name) => [name, input(name, [batch, widths[name]!])]));
      return { values: trace(unflatten(input(LEARNED, [parameterCount(shapes)]), shapes), inputs) };
    },
    { version: VERSION },
  );
  const session = await runtime.load(model);
  return {
    run: async (parameters, feeds) => {
      const n = feeds[names[0]!]!.length / widths[names[0]!]!;
      const out = new Float64Array(n);
      for (let start = 0; start < n; start += ROWS) {
        const rows = Math.min(ROWS, n - start);
        const piece = names.map((name) => {
          const width = widths[name]!;
          return [name, float32(feeds[name]!.subarray(start * width, (start + rows) * width), [rows, width])] as const;
        });
        const { values } = await session.run({
          [LEARNED]: float32(parameters, [parameters.length]),
          ...Object.fromEntries(piece),
        });
        out.set(values!.data as Float32Array, start);
      }
      return out;
    },
    release: () => session.release(),
  };
};
