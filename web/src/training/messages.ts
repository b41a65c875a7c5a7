/** What the page and the worker that trains say to each other. */

import type { CurvePoint, Progress, TrainConfig } from '../../../src/vae/training/index.js';

/** Both are made in the worker: glyphs are drawn, files are read. */
export type TabData =
  | { readonly kind: 'glyphs'; readonly train: number; readonly test: number; readonly seed: number }
  | { readonly kind: 'files'; readonly files: readonly File[] };

/** `auto`: WebGPU where the browser has it. */
export type Device = 'auto' | 'webgpu' | 'wasm';

/** A VAE to go on from: two files that a training saved. */
export interface SavedFiles {
  readonly encoder: Uint8Array;
  readonly decoder: Uint8Array;
}

export interface Pace {
  readonly playing: boolean;
  /** Steps between two pictures. */
  readonly stepsAtOnce: number;
}

export type ToWorker =
  | {
      readonly type: 'start';
      readonly config: TrainConfig;
      readonly data: TabData;
      readonly device: Device;
      readonly saved?: SavedFiles;
      readonly pace: Pace;
    }
  | { readonly type: 'pace'; readonly pace: Pace }
  /** One step, then a stop. */
  | { readonly type: 'step' }
  | { readonly type: 'end' };

/** How the model looks after a step. */
export interface Picture {
  readonly step: number;
  /** q(z | x) of the first test images. Shapes: mu, sigma [codes, latents]. */
  readonly mu: Float32Array;
  readonly sigma: Float32Array;
  readonly labels: Uint8Array | undefined;
  /** Images of the test set, as fed. Shapes: [shown, pixels] in 0 … 1. */
  readonly data: Float32Array;
  /** The decoder on draws of their posteriors, and on the same noise as draws of N(0, I). */
  readonly posterior: Float32Array;
  readonly prior: Float32Array;
}

export type FromWorker =
  | { readonly type: 'drawing'; readonly share: number }
  | {
      readonly type: 'ready';
      readonly runtime: string;
      /** Images to train on and to test with. */
      readonly images: readonly [number, number];
      readonly latents: number;
      readonly steps: number;
      readonly width: number;
      readonly height: number;
    }
  | { readonly type: 'progress'; readonly progress: Progress }
  | { readonly type: 'evaluation'; readonly point: CurvePoint }
  | { readonly type: 'picture'; readonly picture: Picture }
  | {
      readonly type: 'ended';
      readonly state: 'done' | 'interrupted' | 'failed';
      readonly encoder: Uint8Array;
      readonly decoder: Uint8Array;
      readonly fault?: string;
    }
  | { readonly type: 'fault'; readonly message: string };

/** Images side by side in each grid, and codes in the scatter. */
export const SHOWN = 16;
export const CODES = 1000;
