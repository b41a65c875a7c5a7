import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { RunDetail } from '../../../../src/lab/server/contract.js';
import { integer } from '../../../../src/latent/numbers/index.js';
import { Grid } from '../../runs/Grid.js';
import { runFile } from '../../runs/source.js';
import { Range } from '../../shell/Range.js';
import { runState } from './state.js';

const STEP = /^samples\/step-(\d+)\.png$/;
/** Milliseconds a picture. */
const PACE = 350;

/** Steps whose samples were kept, ascending. */
export const sampledSteps = ({ files }: Pick<RunDetail, 'files'>): { readonly step: number; readonly path: string }[] =>
  files
    .flatMap(({ path }) => {
      const digits = STEP.exec(path)?.[1];
      return digits === undefined ? [] : [{ step: Number(digits), path }];
    })
    .sort((a, b) => a.step - b.step);

const SOURCES = [
  { path: 'samples/prior.png', label: 'z from N(0, I)' },
  { path: 'samples/fitted.png', label: 'z from the fitted distribution' },
  { path: 'samples/encoder.png', label: 'z from the encoder, of test images' },
] as const;

/** The decoder on the same noise, step by step. */
const ThroughTraining = ({ run }: { readonly run: RunDetail }) => {
  const steps = sampledSteps(run);
  const { step } = runState.read();
  const playing = useSignal(false);
  const found = steps.findIndex((each) => each.step >= step);
  const place = step < 0 || found < 0 ? steps.length - 1 : found;
  const shown = steps[place]!;
  const go = (to: number): void => runState.set({ step: to >= steps.length - 1 ? -1 : steps[Math.max(0, to)]!.step });

  useEffect(() => {
    // So that the slider never waits for the network.
    for (const { path } of steps) new Image().src = runFile(run.key, path);
  }, [run.key, steps.length]);
  useEffect(() => {
    if (!playing.value) return;
    const timer = setTimeout(() => {
      if (place >= steps.length - 1) playing.value = false;
      else go(place + 1);
    }, PACE);
    return () => clearTimeout(timer);
  });

  const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
  return (
    <div class="through">
      <Grid
        label={`After step ${integer(shown.step)}: z from N(0, I)`}
        address={runFile(run.key, shown.path)}
        name={`${run.name}-${shown.step}`}
      />
      <div class="controls">
        <Range
          label="Through training"
          value={place}
          min={0}
          max={steps.length - 1}
          step={1}
          shown={`step ${integer(shown.step)} of ${integer(run.steps)}`}
          note="The same 64 draws of noise at every step: what changes is the decoder."
          onInput={(to) => {
            playing.value = false;
            go(to);
          }}
        />
        <div class="buttons">
          {!still && (
            <button
              type="button"
              class="button"
              aria-pressed={playing.value}
              onClick={() => {
                if (!playing.value && place === steps.length - 1) go(0);
                playing.value = !playing.value;
              }}
            >
              {playing.value ? 'Pause' : 'Play'}
            </button>
          )}
          <button type="button" class="button" disabled={place === 0} onClick={() => go(place - 1)}>
            Step back
          </button>
          <button type="button" class="button" disabled={place === steps.length - 1} onClick={() => go(place + 1)}>
            Step on
          </button>
        </div>
      </div>
    </div>
  );
};

/** What the decoder draws: while it learned, and at the end from three sources of z with the same noise. */
export const Samples = ({ run }: { readonly run: RunDetail }) => {
  const there = SOURCES.filter(({ path }) => run.files.some((file) => file.path === path));
  const through = sampledSteps(run).length > 0;
  return (
    <section id="samples">
      <h2>What does the decoder draw?</h2>
      {!through && there.length === 0 && (
        <p class="none">No samples were kept: they are drawn while a decoder learns.</p>
      )}
      {through && <ThroughTraining run={run} />}
      {there.length > 0 && (
        <>
          <p class="note">
            At the end, with the same noise in each place: what differs is where z comes from alone. Seed {run.seed}.
          </p>
          <div class="grids-beside">
            {there.map(({ path, label }) => (
              <Grid
                key={path}
                label={label}
                address={runFile(run.key, path)}
                name={`${run.name}-${path.slice(8, -4)}`}
              />
            ))}
          </div>
        </>
      )}
    </section>
  );
};
