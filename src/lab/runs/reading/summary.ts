import { basename } from 'node:path';
import { type LockReading, livingWriter } from '../lock/lock.js';
import { type Readable, type RunRecord, readRecord } from './record.js';

/** A run in a list. `crashed`: it was under way when its writer died. */
export type RunState = RunRecord['state'] | 'crashed';

export interface RunSummary
  extends Pick<RunRecord, 'schema' | 'name' | 'state' | 'started' | 'steps' | 'seconds' | 'config'> {
  readonly error?: string;
  readonly final?: NonNullable<RunRecord['final']>;
}

export interface ListedRun extends Omit<RunSummary, 'state'> {
  readonly folder: string;
  readonly state: RunState;
}

/** What a list needs of `run.json`. Throws: InputError, as `readRecord` does. */
export const summarize = async (files: Readable, folder: string): Promise<RunSummary> => {
  const { schema, name, state, started, steps, seconds, config, error, final } = await readRecord(files, folder);
  return {
    ...{ schema, name: name || basename(folder), state, started, steps, seconds, config },
    ...(error !== undefined && { error }),
    ...(final && { final }),
  };
};

/** The state as it is now: who says that he is running may be dead. */
export const presentState = async (
  folder: string,
  state: RunRecord['state'],
  reading: LockReading,
): Promise<RunState> => {
  if (state !== 'running') return state;
  return (await livingWriter(folder, reading)) ? 'running' : 'crashed';
};
