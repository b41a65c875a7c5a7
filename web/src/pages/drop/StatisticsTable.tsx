import {
  type AuditResult,
  FLOOR_AT,
  floorScale,
  groups,
  isMeasured,
  type NoiseFloor,
  names,
  type StatisticName,
} from '../../../../src/latent/audit/index.js';
import { interval, short, shown } from './numbers.js';

const WIDTH = 180;
const HEIGHT = 20;
const EDGE = 8;
const MIDDLE = HEIGHT / 2;

/** Every statistic with its interval, and where it lies among sets of true N(0, I) draws. */
export const StatisticsTable = ({ result }: { readonly result: AuditResult }) => (
  <div class="scrolled">
    <table class="statistics">
      <thead>
        <tr>
          <th scope="col">Statistic</th>
          <th scope="col">Value</th>
          <th scope="col">95%</th>
          <th scope="col">p</th>
          <th scope="col">Among draws of N(0, I)</th>
        </tr>
      </thead>
      {groups.map(({ title, statistics }) => (
        <tbody key={title}>
          <tr>
            <th colSpan={5} scope="rowgroup">
              {title}
            </th>
          </tr>
          {statistics.map((name) => (
            <Row key={name} name={name} result={result} />
          ))}
        </tbody>
      ))}
    </table>
  </div>
);

const Row = ({ name, result }: { readonly name: StatisticName; readonly result: AuditResult }) => {
  const statistic = result.statistics[name];
  const { name: title, meaning, form } = names[name];
  const head = (
    <th scope="row">
      {title}
      <small>{meaning}</small>
    </th>
  );
  if (!isMeasured(statistic)) {
    return (
      <tr>
        {head}
        <td colSpan={4} class="missing">
          {statistic.unavailable}
        </td>
      </tr>
    );
  }
  const { value, unit, pValue, floor, saturated } = statistic;
  return (
    <tr>
      {head}
      <td class="value">
        {saturated && 'at most '}
        {shown(value, form)}
        {unit === 'nats' && ' nats'}
      </td>
      <td>{interval(statistic, form)}</td>
      <td>{pValue === undefined ? '' : pValue < 0.001 ? '< 0.001' : short(pValue)}</td>
      <td>{floor && <Strip title={title} value={value} floor={floor} />}</td>
    </tr>
  );
};

interface StripProps {
  readonly title: string;
  readonly value: number;
  readonly floor: NoiseFloor;
}

/** Ours as a mark on the middle 95% and 50% of the noise floor. */
const Strip = ({ title, value, floor }: StripProps) => {
  const { quantiles, replicates } = floor;
  const { x, beyond } = floorScale(value, floor, WIDTH, EDGE);
  const at = (place: keyof typeof FLOOR_AT): number => x(quantiles[FLOOR_AT[place]]!);
  const mark = x(value);
  const words = `${title}: ${short(value)}; ${replicates} sets of N(0, I) draws have a median of ${short(quantiles[FLOOR_AT.median]!)} and 95% from ${short(quantiles[FLOOR_AT.low]!)} to ${short(quantiles[FLOOR_AT.high]!)}`;
  return (
    <svg class="strip" role="img" aria-label={words} width={WIDTH} height={HEIGHT} viewBox={`0 0 ${WIDTH} ${HEIGHT}`}>
      <title>{words}</title>
      <line x1={EDGE} x2={WIDTH - EDGE} y1={MIDDLE} y2={MIDDLE} class="ground" />
      <rect x={at('low')} width={Math.max(1, at('high') - at('low'))} y={MIDDLE - 5} height={10} class="most" />
      <rect
        x={at('quarter')}
        width={Math.max(1, at('threeQuarters') - at('quarter'))}
        y={MIDDLE - 5}
        height={10}
        class="half"
      />
      {beyond !== 0 && <path class="break" d={`M${mark - beyond * 18},${MIDDLE + 5}l4,-10m3,10l4,-10`} />}
      <path class="mark" d={`M${mark},${MIDDLE - 7}l6,7l-6,7l-6,-7z`} />
    </svg>
  );
};
