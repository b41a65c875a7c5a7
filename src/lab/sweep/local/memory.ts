import { readFile } from 'node:fs/promises';
import type { RunConfig } from '../../config/index.js';
import type { RunChild, SpawnRun } from '../../runs/child.js';

/** Share of the memory that is free at the start which runs may take together. */
const SHARE = 0.9;
/** Node.js, ONNX Runtime and its sessions. */
const PROCESS = 300 * 2 ** 20;
const BETWEEN_LOOKS = 250;

/**
 * Bytes that a run may need, before any has been measured: the process, the images in memory and binarised, and five
 * vectors of parameters (the weights, two moments of the optimizer, gradient, one copy on the way).
 */
export const estimateBytes = ({ hidden, latents }: RunConfig, pixels: number, images: number): number => {
  const widths = [pixels, ...hidden];
  const layers = widths.slice(1).reduce((sum, width, i) => sum + width * (widths[i]! + 1), 0);
  const parameters = 2 * layers + 3 * latents * (widths.at(-1)! + 1);
  return PROCESS + 2 * pixels * images + 5 * 4 * parameters;
};

export interface MemoryBudget {
  /** Runs that fit side by side; at least 1. */
  readonly fitting: () => number;
  /** Largest peak of a run so far, bytes; undefined where none could be measured. */
  readonly peak: () => number | undefined;
  readonly saw: (bytes: number) => void;
}

/** Divides the memory that is free now by the largest run measured, or by the estimate while there is none. */
export const memoryBudget = (free: number, estimate: number): MemoryBudget => {
  let largest: number | undefined;
  return {
    fitting: () => Math.max(1, Math.floor((SHARE * free) / (largest ?? estimate))),
    peak: () => largest,
    saw: (bytes) => {
      largest = Math.max(largest ?? 0, bytes);
    },
  };
};

/** The most memory that a process has held, bytes, where the kernel tells. */
const highWater = async (pid: number): Promise<number | undefined> => {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
  return kibibytes === undefined ? undefined : 1024 * Number(kibibytes);
};

/** Starts runs whose peak is told once they have ended: while one grows, it says little about the next. */
export const watched =
  (spawn: SpawnRun, saw: MemoryBudget['saw']): SpawnRun =>
  (): RunChild => {
    const child = spawn();
    const { pid } = child;
    if (pid === undefined) return child;
    let peak = 0;
    const look = setInterval(() => {
      void highWater(pid).then((bytes) => {
        peak = Math.max(peak, bytes ?? 0);
      });
    }, BETWEEN_LOOKS);
    return {
      ...child,
      onEnd: (listener) =>
        child.onEnd((reason) => {
          clearInterval(look);
          if (peak > 0) saw(peak);
          listener(reason);
        }),
    };
  };
