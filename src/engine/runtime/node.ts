import { env, InferenceSession, Tensor } from 'onnxruntime-node';
import type { HostTensor, Runtime } from './runtime.js';
import { wrapSession } from './session.js';

export interface NodeRuntimeOptions {
  /** Threads of one operation. Two runs side by side on one thread each beat one run on two. */
  readonly threads?: number;
  readonly device?: 'cpu' | 'webgpu' | 'cuda';
  /** Threads wait for work without sleeping: faster alone, harmful when other sessions need the cores. */
  readonly spin?: boolean;
  /** Writes a profile of every session to files with this prefix; read it with `endProfiling`. */
  readonly profile?: string;
  /** ONNX Runtime's own rewriting of the graph; off to compare with what was written. */
  readonly optimise?: boolean;
}

const toOrt = ({ dtype, data, shape }: HostTensor): Tensor => new Tensor(dtype, data, shape);

/**
 * ONNX Runtime in Node.js. Calls block the thread they are made on: train in a worker or a child process.
 * Denormals count as zero: they cost a hundred times a normal number and mean nothing here.
 */
export const nodeRuntime = ({
  threads = 1,
  device = 'cpu',
  spin = true,
  profile,
  optimise = true,
}: NodeRuntimeOptions = {}): Runtime => ({
  description: `onnxruntime-node ${env.versions.node}, ${device}, ${threads} thread${threads === 1 ? '' : 's'}`,
  loops: device === 'cpu',
  load: async (model) => {
    const session = await InferenceSession.create(model, {
      executionProviders: device === 'cpu' ? ['cpu'] : [device, 'cpu'],
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      graphOptimizationLevel: optimise ? 'all' : 'disabled',
      // Level 3: errors reach us as exceptions; warnings about unused initialisers help nobody.
      logSeverityLevel: 3,
      ...(profile === undefined ? {} : { enableProfiling: true, profileFilePrefix: profile }),
      extra: {
        session: { set_denormal_as_zero: '1', intra_op: { allow_spinning: spin ? '1' : '0' } },
      },
    });
    const wrapped = wrapSession(session, toOrt);
    if (profile === undefined) return wrapped;
    return {
      ...wrapped,
      release: async () => {
        session.endProfiling();
        await session.release();
      },
    };
  },
});
