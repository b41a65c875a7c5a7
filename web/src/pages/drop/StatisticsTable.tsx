import { type AuditResult, isMeasured, type StatisticName } from '../../../../src/latent/audit/index.js';
import { groups, names } from '../../../../src/latent/audit/reading/index.js';
import { FloorStrip } from '../../figures/FloorStrip.js';
import { interval, short, shown } from './numbers.js';

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
      <td>{floor && <FloorStrip name={title} measured={statistic} floor={floor} />}</td>
    </tr>
  );
};
