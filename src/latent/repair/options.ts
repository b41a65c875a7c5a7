import type { Runtime } from '../../engine/runtime/index.js';
import type { Training } from './collapse.js';
import type { RepairModel } from './model.js';

export interface RepairOptions {
  /** Of every draw, split and fit. */
  readonly seed: number;
  readonly runtime: Runtime;
  /** A decoder with images, for measures of what samples look like. Its held-out images are those of the test codes. */
  readonly model?: RepairModel;
  /** How the model was trained, for what is said of codes that carry nothing. */
  readonly training?: Training;
  /** When to end with what there is: a family gets an equal share of the time that is left when its turn comes. */
  readonly deadline?: { readonly now: () => number; readonly at: number };
  /** Milliseconds of a steady clock; without one everything takes 0 seconds. */
  readonly now?: () => number;
  /** What is done, and the share of the whole. */
  readonly onProgress?: (what: string, share: number) => void;
  /** Asked often; from when it is true on, the repair ends with what there is. */
  readonly interrupted?: () => boolean;
  /** Whether samplers that replay training codes may be chosen. */
  readonly replaying?: boolean;
  /** Of the hole mass; 0.01. */
  readonly alpha?: number;
  /** Draws of each sampler that are measured; 10,000. */
  readonly draws?: number;
  /** Which samplers are measured whole: all, or N(0, I) and the chosen one alone; of the others the log-density. `all`. */
  readonly examined?: 'all' | 'chosen';
  readonly versions?: Readonly<Record<string, string>>;
}

/** Thrown where a repair is interrupted before there is anything to report. */
export class Interrupted extends Error {
  override name = 'Interrupted';
}
