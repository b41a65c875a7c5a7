import type { Environment, Presets } from '../config/index.js';
import type { Output } from '../progress/index.js';
import type { SpawnRun } from '../runs/child.js';
import type { FileSystem } from '../runs/fileSystem.js';
import type { DataPlace } from '../runs/openData.js';
import type { MakeExtractor } from '../studies/extractor.js';
import type { DataDescription, NoiseFloor } from '../studies/study.js';
import type { RenderReport } from '../studies/writeStudy.js';

/** What is known of a data set before a run decides how to binarise it. */
export type DataIdentity = Omit<DataDescription, 'binarisation'>;

/** The heavy parts that commands work with, loaded when a command needs them. */
export interface Laboratory {
  readonly presets: Presets;
  /** Fetches or draws a data set where it is not there yet, so that child processes find it. */
  identifyData(place: DataPlace): Promise<DataIdentity>;
  readonly makeExtractor: MakeExtractor;
  noiseFloor(latents: number, batch: number, seed: number): NoiseFloor;
  readonly renderReport: RenderReport;
  readonly spawn: SpawnRun;
}

/** Everything outside that a command touches; tests pass their own. */
export interface Effects {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: Environment;
  readonly cwd: string;
  readonly cores: number;
  /** Bytes of memory that processes of ours may still take. */
  readonly availableMemory: () => number;
  readonly files: FileSystem;
  readonly now: () => number;
  /** From the first call on, SIGINT and SIGTERM abort the signal, with their name as the reason. */
  readonly interrupt: () => AbortSignal;
  readonly laboratory: () => Promise<Laboratory>;
}

export interface Given {
  readonly args: readonly (string | undefined)[];
  readonly options: Readonly<Record<string, unknown>>;
}

/** What a command does, once it is wanted. Returns the exit code. */
export interface CommandModule {
  run(given: Given, effects: Effects): Promise<number>;
}
