import type { RunConfig } from '../../config/index.js';

/** What a sweep needs to know of a data set. */
export interface SweepData {
  readonly sha256: string;
  readonly train: number;
  readonly test: number;
  readonly width: number;
  readonly height: number;
}

/** Data of a configuration. */
export type IdentifyData = (config: Pick<RunConfig, 'data' | 'limit'>) => Promise<SweepData>;

/** Asks once for each data set and limit. */
export const rememberData = (identify: IdentifyData): IdentifyData => {
  const known = new Map<string, Promise<SweepData>>();
  return ({ data, limit }) => {
    const key = JSON.stringify([data, limit]);
    const found = known.get(key) ?? identify({ data, ...(limit !== undefined && { limit }) });
    known.set(key, found);
    return found;
  };
};
