import type { RunResult } from '../../studies/study.js';
import { unstated } from '../stated.js';
import { readRunMetrics } from './curve.js';
import type { Readable, RunRecord } from './record.js';

/** In the order of a result, whoever tells it. */
const KEYS: readonly (keyof RunResult)[] = [
  ...(['name', 'regime', 'kl', 'seed', 'preset', 'latents', 'trained', 'state', 'error', 'epochs', 'batch'] as const),
  ...(['steps', 'parameters', 'seconds', 'msPerStep', 'folder', 'final', 'curve', 'images'] as const),
  ...(['codes', 'nearest', 'controls', 'probes'] as const),
];

/** A result with its keys in one order: told by the run that just ended and read from its folder it is the same text. */
export const inOrder = (result: RunResult): RunResult =>
  Object.fromEntries(
    KEYS.flatMap((key) => (result[key] === undefined ? [] : [[key, result[key]]])),
  ) as unknown as RunResult;

/** The result of a run that is done, as it was told when it ended. Paths are relative to the run folder. */
export const savedResult = async (files: Readable, folder: string, record: RunRecord): Promise<RunResult> =>
  inOrder({
    ...(unstated(record) as RunResult),
    folder: '.',
    curve: (await readRunMetrics(files, folder)).curve,
  });
