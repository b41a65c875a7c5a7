import { ImageRow } from '../../figures/ImageRow.js';
import type { Opened } from './session.js';
import type { Around, At, usePoint } from './usePoint.js';

export interface AtPointProps {
  readonly opened: Opened;
  readonly point: ReturnType<typeof usePoint>;
}

const shown = (z: ArrayLike<number>): string => {
  const first = Array.from(z).slice(0, 6);
  return `(${first.map((value) => value.toFixed(2)).join(', ')}${z.length > first.length ? ', …' : ''})`;
};

const labelled = (label: number | undefined): string => (label === undefined ? '' : `, label ${label}`);

/** The image of the point, large, and what lies around it. */
export const AtPoint = ({ opened, point: { at, around, speed, ratio, fault } }: AtPointProps) => (
  <section class="at" aria-label="At the point">
    {opened.image ? (
      <div class="two-images">
        <div class="large">
          <ImageRow label="Decoded at the point" images={at?.image} count={1} columns={1} {...opened.image} />
        </div>
        <div class="small">
          <ImageRow label="Nearest code, decoded" images={around?.image} count={1} columns={1} {...opened.image} />
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
        One decode: median {speed.decode.toFixed(2)} ms of {speed.n}; from the pointer to the image{' '}
        {speed.whole.toFixed(1)} ms. {opened.runtime}.
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
          : `${r.toFixed(2)} nats: ${r < 0 ? `codes are e^${(-r).toFixed(1)} times rarer than the prior` : 'codes are here'}`}
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
