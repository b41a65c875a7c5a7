import { setTimeout as wait } from 'node:timers/promises';

/** Waits so many milliseconds, or until the signal aborts. */
export const delay = (milliseconds: number, signal?: AbortSignal): Promise<void> =>
  wait(milliseconds, undefined, signal && { signal }).catch(() => undefined);
