import { InputError } from '../../engine/errors/index.js';
import type { Ports } from '../../engine/onnx/index.js';
import { float32, type HostTensor, type Runtime, type Session } from '../../engine/runtime/index.js';

/** A user's model: its bytes with all weights, checked. */
export interface ModelSource {
  /** How messages name it: by its file. */
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly ports: Ports;
}

/** A runtime's message without the place in its source. */
const said = (error: unknown): string => {
  const text = error instanceof Error ? error.message : String(error);
  const [line = ''] = text.replace(/^run: /, '').split('\n');
  return line.replace(/^.*?onnxruntime::[^)]*\)\s*/, '').trim();
};

/** Loads an adapted model. Throws: InputError with the runtime's message. */
export const loadModel = async (runtime: Runtime, bytes: Uint8Array, name: string): Promise<Session> => {
  try {
    return await runtime.load(bytes);
  } catch (error) {
    throw new InputError(`${name}: expected a model that ${runtime.description} runs, got: ${said(error)}`);
  }
};

/** Values of one run are kept near this many. */
const VALUES = 400_000;
const MOST_ROWS = 500;

export const rowsAtOnce = (width: number): number => Math.max(1, Math.min(MOST_ROWS, Math.floor(VALUES / width)));

/**
 * Runs a model of one input over rows. Shapes: rows [n, width].
 *
 * Throws: InputError with the runtime's message; `what` names the model.
 */
export const runRows = async (
  session: Session,
  rows: Float32Array,
  width: number,
  what: string,
): Promise<Record<string, HostTensor>> => {
  const [input] = session.inputs;
  try {
    return await session.run({ [input!]: float32(rows, [rows.length / width, width]) });
  } catch (error) {
    throw new InputError(`${what}: expected to take rows of ${width} values, got: ${said(error)}`);
  }
};
