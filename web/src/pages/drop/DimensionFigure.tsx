import type { AuditResult, DimensionPanel } from '../../../../src/latent/audit/index.js';
import { Figure } from '../../figures/Figure.js';
import { short } from './numbers.js';

const ROW = 20;
const LEFT = 44;
const RIGHT = 70;
const TOP = 4;
const BOTTOM = 40;
/** Rows that are drawn; the table that is saved has all. */
const MOST = 32;

const klOf = ({ kl, ks }: DimensionPanel): number => kl?.value ?? ks.value;

/** The rate of each dimension, and how far its codes are from N(0, 1). */
export const DimensionFigure = ({ result, width }: { readonly result: AuditResult; readonly width: number }) => {
  const { dimensions } = result.panels;
  const drawn = dimensions.slice(0, MOST);
  const hasRates = dimensions.some(({ rate }) => rate !== undefined);
  const unit = dimensions[0]?.kl ? 'nats' : 'Kolmogorov–Smirnov distance';
  const most = Math.max(1e-9, ...drawn.map((each) => Math.max(each.rate ?? 0, klOf(each))));
  const x = (value: number): number => LEFT + (Math.max(0, value) / most) * (width - LEFT - RIGHT);
  const height = TOP + drawn.length * ROW + BOTTOM;
  const dead = dimensions.filter(({ rate }) => rate !== undefined && rate < 0.01).length;
  const worst = dimensions.reduce((best, each) => (klOf(each) > klOf(best) ? each : best));
  const told = `z${worst.dimension} is farthest from N(0, 1), by ${short(klOf(worst))} ${unit}`;
  return (
    <Figure
      title="Which dimensions carry something, and which leave N(0, 1)?"
      name="dimensions"
      caption={`${told}.${hasRates ? ` ${dead} of ${dimensions.length} dimensions have a rate below 0.01 nats.` : ''}${dimensions.length > MOST ? ` The ${MOST} largest are drawn; the CSV has ${dimensions.length}.` : ''}`}
      table={() => ({
        header: ['dimension', 'rate_nats', 'kl_nats', 'ks', 'mean', 'variance'],
        rows: dimensions.map(({ dimension, rate, kl, ks, mean, variance }) => [
          dimension,
          rate ?? null,
          kl?.value ?? null,
          ks.value,
          mean,
          variance,
        ]),
      })}
    >
      <svg class="bars" width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={told}>
        {drawn.map((each, i) => {
          const y = TOP + i * ROW;
          const kl = klOf(each);
          const rate = each.rate ?? 0;
          const words = `z${each.dimension}: ${hasRates ? `rate ${short(rate)} nats, ` : ''}${short(kl)} ${unit} from N(0, 1); mean ${short(each.mean)}, variance ${short(each.variance)}`;
          return (
            <g key={each.dimension}>
              <title>{words}</title>
              <rect x={0} y={y} width={width} height={ROW} class="hit" />
              <text x={LEFT - 8} y={y + 14} class="name">
                z{each.dimension}
              </text>
              {hasRates && <rect x={LEFT} y={y + 3} width={Math.max(1, x(rate) - LEFT)} height={6} class="rate" />}
              <rect x={LEFT} y={y + 10} width={Math.max(1, x(kl) - LEFT)} height={6} class="kl" />
              <text x={Math.max(x(rate), x(kl)) + 6} y={y + 14} class="number">
                {short(Math.max(rate, kl))}
              </text>
            </g>
          );
        })}
        <g transform={`translate(${LEFT}, ${height - BOTTOM + 20})`} class="key">
          {hasRates && (
            <>
              <rect width={14} height={6} y={-6} class="rate" />
              <text x={20}>rate, nats</text>
            </>
          )}
          <g transform={`translate(${hasRates ? 100 : 0}, 0)`}>
            <rect width={14} height={6} y={-6} class="kl" />
            <text x={20}>{unit === 'nats' ? 'KL to N(0, 1), nats' : unit}</text>
          </g>
        </g>
      </svg>
    </Figure>
  );
};
