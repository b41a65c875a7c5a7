import type { Study } from '../../../../src/lab/studies/study.js';
import { integer, interval, withInterval } from '../../../../src/latent/numbers/index.js';
import { type Curve, Curves } from '../../figures/Curves.js';
import { Figure } from '../../figures/Figure.js';
import type { Table } from '../../figures/save.js';
import { useWidth } from '../../figures/useWidth.js';
import type { Quantity } from '../../runs/look.js';
import { curveOf, finalOf, type Series, seriesOf } from './series.js';

interface View {
  readonly quantity: Quantity;
  readonly question: string;
  readonly axis: string;
  readonly log: boolean;
  readonly of: (series: Series) => boolean;
}

/** Encoders that learn from a KL with x before them; those of separate and tandem repeat the encoder-only runs. */
const learnsKl = ({ regime }: Series): boolean => regime === 'joint' || regime === 'encoder-only';
const hasEncoder = ({ regime }: Series): boolean => regime !== 'random-z';
const hasDecoder = ({ regime }: Series): boolean => regime !== 'encoder-only';

const VIEWS: readonly View[] = [
  {
    ...{ quantity: 'momentKlDraws', log: true, of: learnsKl },
    question: 'How close do the codes come to N(0, I)?',
    axis: 'moment KL of draws, nats',
  },
  {
    ...{ quantity: 'rate', log: true, of: hasEncoder },
    question: 'How far do codes leave N(0, I) to tell of their image?',
    axis: 'rate, nats per image',
  },
  {
    ...{ quantity: 'score', log: false, of: hasDecoder },
    question: 'How well does each decoder explain images?',
    axis: 'score ln p(x|z), nats per image',
  },
  {
    ...{ quantity: 'elbo', log: false, of: hasDecoder },
    question: 'How good is the bound?',
    axis: 'ELBO, nats per image',
  },
];

/** The value that true draws of N(0, I) have, as long as the curves are. */
const floorCurve = ({ floor }: Study, curves: readonly Curve[]): Curve => {
  const ends = curves.flatMap(({ points }) => points.map(({ x }) => x));
  const { value, half } = interval([floor.momentKlDraws]);
  const at = (x: number) => ({ x, value, low: value - half, high: value + half });
  return {
    ...{ name: 'draws of N(0, I)', label: 'N(0, I)', colour: 'var(--normal)' },
    points: [at(Math.min(...ends)), at(Math.max(...ends))],
  };
};

const tableOf = (curves: readonly Curve[], quantity: Quantity) => (): Table => ({
  header: ['series', 'epoch', `${quantity}_nats`, 'low', 'high'],
  rows: curves.flatMap(({ name, points }) =>
    points.map(({ x, value, low, high }) => [name, x, value, low ?? null, high ?? null]),
  ),
});

const captionOf = (study: Study, series: readonly Series[], quantity: Quantity): string => {
  const told = series.flatMap((each) => {
    const final = finalOf(each, quantity);
    return final ? [`${each.name} ${withInterval(final)}`] : [];
  });
  const basis =
    study.seeds.length > 1
      ? `mean and 95% interval over ${study.seeds.length} seeds (Student’s t)`
      : 'one seed, 95% interval over test images';
  const floor =
    quantity === 'momentKlDraws'
      ? ` True draws of N(0, I), as many (${integer(study.floor.batch)}), have ${withInterval(interval([study.floor.momentKlDraws]))}.`
      : '';
  return `At the end, nats, ${basis}: ${told.join('; ')}.${floor}`;
};

/** The curves of the article: each line the mean over seeds, in the colour of its regime. */
export const StudyCurves = ({ study }: { readonly study: Study }) => {
  const [box, width] = useWidth<HTMLDivElement>();
  const all = seriesOf(study);
  const chart = width > 900 ? Math.floor((width - 32) / 2) : width;
  return (
    <section id="curves">
      <div class="charts" ref={box}>
        {chart > 0 &&
          VIEWS.map(({ quantity, question, axis, log, of }) => {
            const series = all.filter(of);
            if (series.length === 0) return null;
            const measured = series.map((each) => curveOf(each, quantity));
            const curves = quantity === 'momentKlDraws' ? [...measured, floorCurve(study, measured)] : measured;
            return (
              <Figure
                key={quantity}
                title={question}
                name={`study-${quantity}`}
                table={tableOf(curves, quantity)}
                caption={captionOf(study, series, quantity)}
              >
                <Curves width={chart} height={300} x="epoch" y={axis} log={log} curves={curves} />
              </Figure>
            );
          })}
      </div>
    </section>
  );
};
