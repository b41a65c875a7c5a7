import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import type { Trajectory } from '../../../../src/latent/theory/index.js';
import { ChartFigure } from '../../figures/ChartFigure.js';
import { Figure } from '../../figures/Figure.js';
import type { Table } from '../../figures/save.js';
import { useWidth } from '../../figures/useWidth.js';
import { Range } from '../../shell/Range.js';
import { MeasuredFigure } from './MeasuredFigure.js';
import { MeasuredRun } from './MeasuredRun.js';
import type { MeasuredPaths } from './measured.js';
import { LAW_COLOURS, PlaneFigure } from './PlaneFigure.js';
import { pathsFrom } from './paths.js';
import { usePlay } from './play.js';
import { DURATION, LAWS, type Law, plane, STEPS } from './state.js';
import { spectrumOf, startWords } from './words.js';

const table = (paths: Readonly<Record<Law, Trajectory>>) => (): Table => ({
  header: ['law', 'clock', 't', 'mu', 'sigma', 'kl_nats', 'dkl'],
  rows: LAWS.flatMap((law) =>
    paths[law].t.map((t, i) => {
      const { clock, mu, sigma, kl, dkl } = paths[law];
      return [law, clock, t, mu[i]!, sigma[i]!, kl[i]!, dkl[i]!];
    }),
  ),
});

const cut = (values: readonly number[], share: number): (number | null)[] =>
  values.map((value, i) => (i <= share * (values.length - 1) ? value : null));

const PlanePage = () => {
  const { mu, sigma, friction, rate, shown, law, run } = plane.read();
  const measured = useSignal<MeasuredPaths | undefined>(undefined);
  const [box, width] = useWidth<HTMLDivElement>();
  const [below, across] = useWidth<HTMLDivElement>();
  const paths = useMemo(() => pathsFrom({ mu, sigma }, friction, rate), [mu, sigma, friction, rate]);
  const { playing, toggle, pause } = usePlay(shown, (share) => plane.set({ shown: share }));
  useEffect(() => pause, [pause]);
  const path = paths[law];
  const spectrum = spectrumOf(friction);
  const chartWidth = across > 820 ? Math.floor((across - 32) / 2) : across;
  const clock = path.clock === 'time' ? 'time of the flow' : 'step';
  const time = path.clock === 'time' ? (shown * DURATION).toFixed(1) : Math.round(shown * STEPS).toString();

  return (
    <div class="page">
      <h1>Where does the KL alone drive a code?</h1>
      <p class="lead">
        An encoder writes each image as N(μ, σ²). Trained on the KL to N(0, 1) alone, every code runs downhill to (0,
        1), where it says nothing about its image. Drag the start, and see three ways down.
      </p>
      <div class="sides">
        <div ref={box}>
          {width > 0 && (
            <Figure
              title="Which way does it go?"
              name="plane"
              table={table(paths)}
              caption={
                <>
                  From {startWords({ mu, sigma })}. Grey lines: equal KL, in nats; arrows: −∇KL. (0, 1) is the only
                  fixed point: a node of gradient flow, eigenvalues −1 and −2; of the ball a {spectrum.kind}.
                </>
              }
            >
              <PlaneFigure
                width={width}
                start={{ mu, sigma }}
                paths={paths}
                shown={shown}
                measured={measured.value}
                onStart={(start) => plane.set(start)}
              />
            </Figure>
          )}
        </div>
        <form class="controls" onSubmit={(event) => event.preventDefault()}>
          <div class="transport">
            <button type="button" class="play" aria-pressed={playing} onClick={toggle}>
              {playing ? 'Pause' : 'Play'}
            </button>
            <Range
              label="Time"
              value={shown}
              min={0}
              max={1}
              step={0.005}
              shown={`${time}${path.clock === 'time' ? '' : ' steps'}`}
              onInput={(share) => {
                pause();
                plane.set({ shown: share });
              }}
            />
          </div>
          <fieldset>
            <legend>Law, charted below</legend>
            {LAWS.map((name) => (
              <label key={name} class="choice" style={{ '--key': LAW_COLOURS[name] }}>
                <input type="radio" name="law" checked={name === law} onChange={() => plane.set({ law: name })} />
                {name}
              </label>
            ))}
          </fieldset>
          <Range
            label="Friction γ of the ball"
            value={friction}
            min={0}
            max={4}
            step={0.05}
            shown={friction.toFixed(2)}
            note="Below 2 both coordinates spiral; from 2√2 ≈ 2.83 none does."
            onInput={(value) => plane.set({ friction: value })}
          />
          <dl class="facts" aria-live="polite">
            <dt>λ of μ</dt>
            <dd>{spectrum.mu}</dd>
            <dt>λ of σ</dt>
            <dd>{spectrum.sigma}</dd>
            <dt>(0, 1) is a</dt>
            <dd>{spectrum.kind}</dd>
          </dl>
          <Range
            label="Rate of Adam"
            value={rate}
            min={0.005}
            max={0.2}
            step={0.005}
            shown={rate.toFixed(3)}
            note={`${STEPS} steps, β 0.9 and 0.999`}
            onInput={(value) => plane.set({ rate: value })}
          />
          <MeasuredRun
            run={run}
            measured={measured.value}
            onRun={(key) => plane.set({ run: key })}
            onMeasured={(found) => {
              measured.value = found;
            }}
          />
        </form>
      </div>
      {across > 0 && measured.value && <MeasuredFigure width={across} measured={measured.value} shown={shown} />}
      <div class="pair" ref={below}>
        {across > 0 && (
          <>
            <ChartFigure
              title="How fast does the KL fall?"
              name="kl"
              table={table(paths)}
              caption={`KL of the code under ${law}, from ${path.kl[0]!.toPrecision(3)} to ${path.kl.at(-1)!.toPrecision(2)} nats.`}
              chart={{
                width: chartWidth,
                x: clock,
                y: 'KL, nats',
                at: path.t,
                lines: [{ name: 'KL', values: cut(path.kl, shown), colour: LAW_COLOURS[law] }],
              }}
            />
            <ChartFigure
              title="Does it ever rise?"
              name="dkl"
              table={table(paths)}
              caption={dklWords(path, law)}
              chart={{
                width: chartWidth,
                x: clock,
                y: path.clock === 'time' ? 'dKL/dt, nats' : 'ΔKL, nats',
                at: path.t,
                lines: [
                  {
                    name: path.clock === 'time' ? 'dKL/dt' : 'ΔKL',
                    values: cut(path.dkl, shown),
                    colour: LAW_COLOURS[law],
                  },
                ],
              }}
            />
          </>
        )}
      </div>
    </div>
  );
};

const dklWords = ({ dkl }: Trajectory, law: Law): string => {
  const most = Math.max(...dkl);
  if (law === 'gradient flow') return 'Never: dKL/dt = −|∇KL|², so the KL is a Lyapunov function of the flow.';
  if (most < 1e-6) return 'Not on this way.';
  const rises = `At most by ${most.toPrecision(2)} nats ${law === 'Adam' ? 'in a step' : 'per unit of time'}.`;
  return law === 'Adam' ? rises : `${rises} The ball’s energy, KL + ½ speed², never rises.`;
};

export default PlanePage;
