/** What the page and the worker that audits dropped files say to each other. */
import type { AuditResult, ModelFindings } from '../../../src/latent/audit/index.js';
import type { Role as OutputRole } from '../../../src/latent/models/index.js';
import type { RepairResult } from '../../../src/latent/repair/index.js';
import type { Role } from './roles.js';

export interface DroppedFile {
  readonly file: File;
  readonly role: Role;
}

/** What the user says of the models, where it is not what was recognised. */
export interface ToldModels {
  /** Role of an output by its name, for those that are told. */
  readonly outputs: Readonly<Record<string, OutputRole>>;
  readonly layout?: string | undefined;
  readonly range?: string | undefined;
  readonly likelihood?: string | undefined;
}

/** Files, or codes that are made up in the tab to try the page with. */
export interface Source {
  readonly files: readonly DroppedFile[];
  readonly example: boolean;
  readonly told: ToldModels;
  readonly seed: number;
}

export type ToWorker =
  | { readonly type: 'look'; readonly source: Source }
  | { readonly type: 'audit'; readonly source: Source; readonly alpha: number }
  | {
      readonly type: 'repair';
      readonly source: Source;
      readonly alpha: number;
      readonly samplers: string;
      /** Milliseconds. */
      readonly budget: number;
    };

/** What was found in the files before anything is measured. */
export interface Looked {
  readonly codes: string;
  readonly heldOut: string;
  readonly notes: readonly string[];
  readonly model?: ModelFindings;
}

/** Images of draws, the same noise in each row. Shapes: [count, pixels] in 0 … 1. */
export interface Grids {
  readonly count: number;
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly planar: boolean;
  readonly prior: Float32Array;
  readonly fitted: Float32Array;
  readonly encoder: Float32Array;
}

export interface Repaired {
  readonly result: RepairResult;
  readonly sampler: Uint8Array;
  readonly generator?: Uint8Array;
  readonly grids?: Grids;
}

export type FromWorker =
  | { readonly type: 'progress'; readonly what: string; readonly share: number }
  | { readonly type: 'looked'; readonly looked: Looked }
  | { readonly type: 'audited'; readonly result: AuditResult }
  | { readonly type: 'repaired'; readonly repaired: Repaired }
  | { readonly type: 'fault'; readonly message: string };
