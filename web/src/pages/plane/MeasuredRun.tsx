import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { RunRow } from '../../../../src/lab/server/contract.js';
import { allRuns } from '../../runs/source.js';
import { type MeasuredPaths, measuredPaths } from './measured.js';

export interface MeasuredRunProps {
  readonly run: string;
  readonly measured: MeasuredPaths | undefined;
  readonly onRun: (run: string) => void;
  readonly onMeasured: (measured: MeasuredPaths | undefined) => void;
}

/** Which run's codes move over the plane. */
export const MeasuredRun = ({ run, measured, onRun, onMeasured }: MeasuredRunProps) => {
  const runs = useSignal<readonly RunRow[] | undefined>(undefined);
  const fault = useSignal('');
  useEffect(() => {
    allRuns().then(
      (answer) => {
        runs.value = answer.runs.filter(({ regime }) => regime !== 'random-z');
      },
      () => {
        runs.value = [];
      },
    );
  }, []);
  useEffect(() => {
    let left = false;
    fault.value = '';
    onMeasured(undefined);
    if (run === '') return undefined;
    measuredPaths(run).then(
      (found) => {
        if (!left) onMeasured(found);
      },
      (error: unknown) => {
        if (!left) fault.value = error instanceof Error ? error.message : String(error);
      },
    );
    return () => {
      left = true;
    };
  }, [run]);
  if (runs.value?.length === 0) return null;
  return (
    <fieldset>
      <legend>Measured codes</legend>
      <label class="field wide">
        <span class="unseen">Run</span>
        <select value={run} onChange={(event) => onRun(event.currentTarget.value)}>
          <option value="">none</option>
          {runs.value?.map(({ key, name }) => (
            <option key={key} value={key}>
              {name}
            </option>
          ))}
        </select>
      </label>
      {measured && (
        <small>
          {measured.paths.length} ways: of the first {new Set(measured.paths.map(({ image }) => image)).size} test
          images, the dimensions of z whose μ moves most with the image. Play and Time move them from step 0 to{' '}
          {measured.at.at(-1)}.
        </small>
      )}
      {fault.value !== '' && (
        <p class="fault" role="alert">
          {fault.value}
        </p>
      )}
    </fieldset>
  );
};
