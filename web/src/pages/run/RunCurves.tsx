import type { MetricsAnswer, RunDetail } from '../../../../src/lab/server/contract.js';
import { isMeasured } from '../../../../src/latent/audit/index.js';
import { withError } from '../../../../src/latent/audit/reading/index.js';
import { short } from '../../../../src/latent/numbers/index.js';
import { Curves, type CurvesProps } from '../../figures/Curves.js';
import { Figure } from '../../figures/Figure.js';
import { useWidth } from '../../figures/useWidth.js';
import { curveTable, pointsOf } from '../../runs/curves.js';
import { informationBound, QUANTITIES, regimeColour } from '../../runs/look.js';
import { auditOf, estimateText, holeMasses, holeText } from './words.js';

interface RunCurvesProps {
  readonly run: RunDetail;
  readonly metrics: MetricsAnswer;
  /** The step of the samples that are shown. */
  readonly at?: number;
  readonly log: boolean;
}

type Marks = NonNullable<CurvesProps['marks']>;

/** Of the audit, after training. */
const informationMark = (run: RunDetail): Marks => {
  const found = auditOf(run)?.statistics.mutualInformation;
  if (!found || !isMeasured(found)) return [];
  const { value, se = 0 } = found;
  const name = `information, audit${found.saturated ? ' (held down by ln N)' : ''}`;
  return [{ name, colour: 'var(--accent)', x: run.steps, value, low: value - 1.96 * se, high: value + 1.96 * se }];
};

const informationCaption = (run: RunDetail, metrics: MetricsAnswer): string => {
  const last = metrics.curve.at(-1)!;
  const bound = `At the end at most ${short(informationBound(last))} nats, the least of rate − moment KL and ln of the ${short(last.rate.n / last.momentKl.n)} images of a batch`;
  const found = auditOf(run)?.statistics.mutualInformation;
  return found && isMeasured(found)
    ? `${bound}; the audit measures ${withError(found)} nats (diamond).`
    : `${bound}; an audit measures it.`;
};

const holeCaption = (run: RunDetail): string => {
  const found = holeMasses(run);
  if (found.length === 0)
    return 'Not measured: holes are sought after training, by the controls of a study or an audit.';
  const told = found.map((each) => `${holeText(each)} of draws from ${each.source}`);
  return `After training ${told.join(', ')} lie where hardly any code is; codes themselves: 1%.`;
};

const holeTable = (run: RunDetail) => () => ({
  header: ['source', 'hole_mass_share', 'low', 'high', 'n'],
  rows: holeMasses(run).map(({ source, value, low, high, n }) => [source, value, low, high, n]),
});

/** Measurements on the test images over training, each with its interval. */
export const RunCurves = ({ run, metrics, at, log }: RunCurvesProps) => {
  const [box, width] = useWidth<HTMLDivElement>();
  const { curve } = metrics;
  const chart = width > 760 ? Math.floor((width - 32) / 2) : width;
  const colour = regimeColour(run);
  const last = curve.at(-1);
  const x = { x: 'step', width: chart, ...(at !== undefined && { at }) };
  const table = () => curveTable([{ name: run.name, curve }]);
  const holes = holeMasses(run);
  return (
    <div class="charts" ref={box}>
      {chart > 0 && last && (
        <>
          {QUANTITIES.map(({ quantity, question, axis, short: name }) => (
            <Figure
              key={quantity}
              title={question}
              name={`${run.name}-${quantity}`}
              table={table}
              caption={`${name} ${estimateText(last[quantity])} nats at step ${last.step}; the band is the 95% interval over test images.`}
            >
              <Curves
                {...x}
                y={axis}
                log={log && (quantity === 'rate' || quantity === 'momentKl')}
                curves={[{ name, colour, points: pointsOf(curve, quantity) }]}
              />
            </Figure>
          ))}
          <Figure
            title="How much can a code tell of its image?"
            name={`${run.name}-information`}
            table={() => ({
              header: ['step', 'information_bound_nats'],
              rows: curve.map((point) => [point.step, informationBound(point)]),
            })}
            caption={informationCaption(run, metrics)}
          >
            <Curves
              {...x}
              y="information, nats"
              curves={[
                {
                  ...{ name: 'upper bound of I(x; z)', colour },
                  points: curve.map((point) => ({ x: point.step, value: informationBound(point) })),
                },
              ]}
              marks={informationMark(run)}
            />
          </Figure>
          {holes.length === 0 ? (
            <figure class="without">
              <h2>How much of N(0, I) falls into holes?</h2>
              <figcaption>
                <p>{holeCaption(run)}</p>
              </figcaption>
            </figure>
          ) : (
            <Figure
              title="How much of N(0, I) falls into holes?"
              name={`${run.name}-holes`}
              table={holeTable(run)}
              caption={holeCaption(run)}
            >
              <Curves
                {...x}
                y="hole mass, share of draws"
                curves={[
                  {
                    ...{ name: 'codes themselves', colour: 'var(--muted)', dashed: true },
                    points: [
                      { x: 0, value: 0.01 },
                      { x: run.steps, value: 0.01 },
                    ],
                  },
                ]}
                marks={holes.map(({ source, value, low, high }) => ({
                  ...{ name: source, colour: source === 'N(0, I)' ? 'var(--normal)' : colour },
                  ...{ x: run.steps, value, low, high },
                }))}
              />
            </Figure>
          )}
        </>
      )}
      {!last && <p class="waiting">The first evaluation has not been written yet.</p>}
    </div>
  );
};
