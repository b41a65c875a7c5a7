/** What a decoder made of one noise at each evaluation: frames to slide through a training by. */
import { join } from 'node:path';
import { type FileSystem, namesIn } from './fileSystem.js';
import { StorageError, writeFile } from './writeFile.js';

/** So many frames are kept at most. */
const FRAMES = 100;

/** Draws the frame of a decoder, of weights as they are trained. */
export interface FrameView {
  png(decoder: Float32Array): Promise<Uint8Array>;
  release(): Promise<void>;
}

export interface TrainingSamples {
  /** Writes the frame of an evaluation, and drops those that make too many. Throws: StorageError. */
  draw(step: number, decoder: Float32Array): Promise<void>;
  release(): Promise<void>;
}

export const frameOf = (step: number): string => `step-${String(step).padStart(6, '0')}.png`;

/** The step of a frame, by its name; undefined of other files. */
export const stepOfFrame = (name: string): number | undefined => {
  const digits = /^step-(\d{6,})\.png$/.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
};

/**
 * The evaluations whose frames are kept: every one, every second, fourth, eighth …, and always the last. It depends on
 * the evaluations alone, so that a run that was gone on with keeps the frames of one never interrupted.
 */
export const keptFrames = (steps: readonly number[]): number[] => {
  let stride = 1;
  while (Math.ceil(steps.length / stride) >= FRAMES) stride *= 2;
  return steps.filter((_, i) => i % stride === 0 || i === steps.length - 1);
};

/**
 * Opens the frames of a run under `samples/`. `before` are the steps of the evaluations that it goes on from: frames
 * of others are dropped.
 *
 * Throws: StorageError.
 */
export const openTrainingSamples = async (
  files: FileSystem,
  folder: string,
  before: readonly number[],
  view: FrameView,
): Promise<TrainingSamples> => {
  const inside = join(folder, 'samples');
  const steps = [...before];
  let kept = keptFrames(steps);
  const drop = async (names: readonly string[]): Promise<void> => {
    for (const name of names) await files.rm(join(inside, name), { force: true });
  };
  const stored = (work: Promise<void>): Promise<void> =>
    work.catch((error: unknown) => {
      throw new StorageError(inside, error);
    });
  const known = new Set(kept.map(frameOf));
  const isOther = (name: string): boolean => stepOfFrame(name.replace(/\.part$/, '')) !== undefined && !known.has(name);
  await stored(namesIn(files, inside).then((names) => drop(names.filter(isOther))));
  return {
    draw: async (step, decoder) => {
      await writeFile(files, join(inside, frameOf(step)), await view.png(decoder));
      steps.push(step);
      const now = keptFrames(steps);
      const wanted = new Set(now);
      await stored(drop(kept.filter((each) => !wanted.has(each)).map(frameOf)));
      kept = now;
    },
    release: () => view.release(),
  };
};
