import { GraphError } from '../errors/index.js';
import type { DType } from '../graph/index.js';
import type { HostTensor, Session } from './runtime.js';

/** The part of an onnxruntime tensor that both packages share. */
interface OrtTensor {
  readonly type: string;
  readonly dims: readonly number[];
  readonly data: unknown;
}

interface OrtSession<T> {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  run(feeds: Record<string, T>): Promise<Readonly<Record<string, OrtTensor>>>;
  release(): Promise<void>;
}

const dtypes: readonly string[] = ['float32', 'uint8', 'int64', 'bool'] satisfies DType[];

const toHost = (name: string, x: OrtTensor): HostTensor => {
  if (!dtypes.includes(x.type)) {
    throw new GraphError(`run: expected output ${name} as ${dtypes.join(', ')}, got ${x.type}`);
  }
  return { dtype: x.type, shape: [...x.dims], data: x.data } as HostTensor;
};

/** A session of either onnxruntime package behind our own interface. */
export const wrapSession = <T>(session: OrtSession<T>, toOrt: (x: HostTensor) => T): Session => ({
  inputs: session.inputNames,
  outputs: session.outputNames,
  run: async (feeds) => {
    const missing = session.inputNames.filter((name) => !(name in feeds));
    const unknown = Object.keys(feeds).filter((name) => !session.inputNames.includes(name));
    if (missing.length > 0 || unknown.length > 0) {
      throw new GraphError(
        `run: expected feeds ${session.inputNames.join(', ')}, got ${Object.keys(feeds).join(', ')}`,
      );
    }
    const results = await session
      .run(Object.fromEntries(Object.entries(feeds).map(([name, x]) => [name, toOrt(x)])))
      .catch((cause: unknown) => {
        throw new GraphError(`run: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
      });
    return Object.fromEntries(Object.entries(results).map(([name, x]) => [name, toHost(name, x)]));
  },
  release: () => session.release(),
});
