import { useSignal, useSignalEffect } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { MetricsAnswer, RunDetail } from '../../../../src/lab/server/contract.js';
import { followRun, runs } from '../../runs/live.js';
import { runDetail } from '../../runs/source.js';

export type OpenRun =
  | { readonly state: 'loading' }
  | { readonly state: 'fault'; readonly message: string }
  | { readonly state: 'read'; readonly run: RunDetail; readonly metrics: MetricsAnswer };

/** A run as it is now: its metrics as they are written, and all else when its row changes. */
export const useRun = (key: string): OpenRun => {
  const detail = useSignal<RunDetail | undefined>(undefined);
  const metrics = useSignal<MetricsAnswer | undefined>(undefined);
  const message = useSignal<string | undefined>(undefined);
  const told = useSignal('');

  useEffect(() => {
    detail.value = metrics.value = message.value = undefined;
    const followed = followRun(key);
    const ends = [
      followed.metrics.subscribe((value) => {
        metrics.value = value;
      }),
      followed.fault.subscribe((value) => {
        message.value = value;
      }),
    ];
    return () => {
      for (const end of ends) end();
      followed.stop();
    };
  }, [key]);

  useSignalEffect(() => {
    const row = runs.value?.runs.find((run) => run.key === key);
    if (row) told.value = `${row.state} ${row.steps} ${row.verdict ?? ''}`;
  });
  useEffect(() => {
    let left = false;
    runDetail(key).then(
      (value) => {
        if (!left) detail.value = value;
      },
      (error: unknown) => {
        if (!left) message.value = error instanceof Error ? error.message : String(error);
      },
    );
    return () => {
      left = true;
    };
  }, [key, told.value]);

  if (message.value !== undefined) return { state: 'fault', message: message.value };
  if (!detail.value || !metrics.value || detail.value.key !== key) return { state: 'loading' };
  return { state: 'read', run: detail.value, metrics: metrics.value };
};
