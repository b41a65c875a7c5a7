import { ImageRow } from '../../figures/ImageRow.js';
import type { Opened } from './session.js';
import type { Around, At, usePoint } from './usePoint.js';

export interface AtPointProps {
  readonly opened: Opened;
  readonly point: ReturnType<typeof usePoint>;
}

const shown = (z: ArrayLike<number>): string => {
  const first = Array.from(z).slice(0, 6);
  return `(${first.map(signed).join(', ')}${z.length > first.length ? ', …' : ''})`;
};

/** e^x, in words as short as its size allows. */
const times = (x: number): string => {
  const power = x / Math.LN10;
  return power < 4 ? Number(Math.exp(x).toPrecision(2)).toLocaleString('en') : `10^${power.toFixed(0)}`;
};

const signed = (value: number): string => `${value < 0 ? '−' : ''}${Math.abs(value).toFixed(2)}`;

const labelled = (label: number | undefined): string => (label === undefined ? '' : `, label ${label}`);

/** The image of the point, large, and what lies around it. */
export const AtPoint = ({ opened, point: { at, around, speed, ratio, fault } }: AtPointProps) => (
  <section class="at" aria-label="At the point">
    {opened.image ? (
      <div class="two-images">
        <div class="large">
          <ImageRow label="At the point" images={at?.image} count={1} columns={1} {...opened.image} />
        </div>
        <div class="small">
          <ImageRow label="Nearest code" images={around?.image} count={1} columns={1} {...opened.image} />
          {around && (
            <p>
              code {around.nearest.code}
              {labelled(around.nearest.label)}
            </p>
          )}
        </div>
      </div>
    ) : (
      <p class="note">
        {opened.withoutDecoder ??
          'No decoder here: this model has an encoder alone, or decoder.onnx was not given. Codes can be looked at, not drawn.'}
      </p>
    )}
    <Facts at={at} around={around} ratio={ratio} />
    {speed && (
      <p class="speed">
        One decode: median {speed.decode.toFixed(2)} ms (n = {speed.n})
        {speed.whole !== undefined && `; from the pointer to the image ${speed.whole.toFixed(1)} ms`}. {opened.runtime}.
      </p>
    )}
    {fault !== '' && (
      <p class="fault" role="alert">
        {fault}
      </p>
    )}
  </section>
);

interface FactsProps {
  readonly at: At | undefined;
  readonly around: Around | undefined;
  readonly ratio: number | 'known';
}

const Facts = ({ at, around, ratio }: FactsProps) => {
  if (!at) return <p class="note">Looking…</p>;
  const r = around?.logRatio;
  return (
    <dl class="facts">
      <dt>z</dt>
      <dd>{shown(at.z)}</dd>
      <dt>
        <abbr title="ln q(z) − ln p(z): below 0 codes are rarer here than draws of the prior">r(z)</abbr>
      </dt>
      <dd>
        {r === undefined
          ? `${ratio === 'known' ? '…' : `fitting q(z), ${Math.round(100 * ratio)}%`}`
          : `${signed(r)} nats: codes are ${times(Math.abs(r))} times ${r < 0 ? 'rarer' : 'denser'} than the prior`}
      </dd>
      <dt>Nearest code</dt>
      <dd>
        {around
          ? `${around.nearest.code}${labelled(around.nearest.label)}, |z − μ| ${around.distance.toFixed(2)}, rate ${around.nearest.rate.toFixed(1)} nats`
          : '…'}
      </dd>
      <dt>On the plane</dt>
      <dd>
        code {at.near.code}
        {labelled(at.near.label)}, rate {at.near.rate.toFixed(1)} nats
      </dd>
    </dl>
  );
};
