/** Images of several decoders from the same draws of N(0, I). */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { RunDetail } from '../../../../src/lab/server/contract.js';
import { noiseOf } from '../../../../src/latent/samplers/index.js';
import { fileBytes, runFile } from '../../runs/source.js';

export interface ToDecode {
  readonly key: string;
  /** ONNX of `z` [batch, latents] -> `mean` [batch, pixels]. */
  readonly decoder: Uint8Array;
  readonly z: Float32Array;
  readonly latents: number;
}

export interface Decoded {
  readonly key: string;
  /** Shapes: [draws, pixels], 0 … 1. */
  readonly images?: Float32Array;
  readonly fault?: string;
}

export const DECODER = 'models/decoder.onnx';
/** Images of a grid, eight by eight. */
export const DRAWS = 64;

const hasDecoder = ({ files }: RunDetail): boolean => files.some(({ path }) => path === DECODER);

/** Whether one set of draws fits all decoders. */
export const oneNoise = (runs: readonly RunDetail[]): boolean =>
  runs.every((run) => hasDecoder(run) && run.latents === runs[0]!.latents);

/** By key of the run, as they come; a change of seed or of runs ends what is under way. */
export const useDecoded = (runs: readonly RunDetail[], seed: number): ReadonlyMap<string, Decoded> => {
  const found = useSignal<ReadonlyMap<string, Decoded>>(new Map());
  useEffect(() => {
    const worker = new Worker(new URL('./decode.worker.ts', import.meta.url), { type: 'module' });
    let left = false;
    const take = (decoded: Decoded): void => {
      if (!left) found.value = new Map([...found.value, [decoded.key, decoded]]);
    };
    worker.addEventListener('message', ({ data }: MessageEvent<Decoded>) => take(data));
    worker.addEventListener('error', ({ message }) => {
      for (const { key } of runs) take({ key, fault: message || 'the decoder could not start' });
    });
    for (const { key, latents } of runs) {
      fileBytes(runFile(key, DECODER)).then(
        (decoder) => {
          const asked: ToDecode = { key, decoder, latents, z: noiseOf(DRAWS, latents, seed) };
          if (!left) worker.postMessage(asked);
        },
        (error: unknown) => take({ key, fault: error instanceof Error ? error.message : String(error) }),
      );
    }
    return () => {
      left = true;
      worker.terminate();
    };
  }, [runs.map(({ key }) => key).join(), seed]);
  return found.value;
};
