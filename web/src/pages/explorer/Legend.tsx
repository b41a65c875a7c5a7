import { CLASS_COLOURS } from '../../figures/colours.js';
import { VALUE_GRADIENT } from './palette.js';
import type { Shaded } from './usePlane.js';

export interface LegendProps {
  readonly colouring: 'label' | 'rate' | 'ratio';
  readonly shaded: Shaded | undefined;
  readonly holes: boolean;
  readonly classes: readonly number[] | undefined;
}

const nats = (value: number): string => value.toFixed(Math.abs(value) < 10 ? 2 : 1);

/** What colours mean. */
export const Legend = ({ colouring, shaded, holes, classes = [] }: LegendProps) => (
  <div class="legend">
    {colouring === 'label' && (
      <ul aria-label="Labels">
        {classes.map((label) => (
          <li key={label} style={{ '--key': CLASS_COLOURS[label % CLASS_COLOURS.length] }}>
            {label}
          </li>
        ))}
      </ul>
    )}
    {colouring !== 'label' && shaded?.range && (
      <p>
        {nats(shaded.range[0])} <span class="gradient" style={{ background: VALUE_GRADIENT }} /> {nats(shaded.range[1])}{' '}
        nats of {colouring === 'rate' ? 'KL(q(z|x) ‖ p(z))' : 'r(z)'}
        <small> (1% to 99%)</small>
      </p>
    )}
    {holes && (
      <p>
        <span class="lacking" /> prior without codes
      </p>
    )}
  </div>
);
