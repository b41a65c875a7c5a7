/** The runs of the lab as they are now: read when a page first needs them, and changed by whoever hears of news. */
import { signal } from '@preact/signals';
import type { RunsAnswer } from '../../../src/lab/server/contract.js';
import { allRuns } from './source.js';

export type Runs =
  | { readonly state: 'loading' }
  | { readonly state: 'fault'; readonly message: string }
  | { readonly state: 'read'; readonly answer: RunsAnswer };

export const runs = signal<Runs>({ state: 'loading' });

let asked = false;

/** Reads them unless that was done. */
export const readRuns = (): void => {
  if (asked) return;
  asked = true;
  allRuns().then(
    (answer) => {
      runs.value = { state: 'read', answer };
    },
    (error: unknown) => {
      asked = false;
      runs.value = { state: 'fault', message: error instanceof Error ? error.message : String(error) };
    },
  );
};
