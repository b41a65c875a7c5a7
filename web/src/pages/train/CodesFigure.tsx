import { Figure } from '../../figures/Figure.js';
import type { Table } from '../../figures/save.js';
import type { Picture } from '../../training/messages.js';
import { Codes, codesSvg } from './Codes.js';
import { NumberField } from './Controls.js';
import { Status } from './Status.js';
import * as session from './session.js';
import { state } from './state.js';

interface Shown {
  readonly across: number;
  readonly up: number;
  readonly latents: number;
}

const tableOf = (picture: Picture | undefined, { across, up, latents }: Shown): Table => {
  const header = ['image', 'label', `mu_${across}`, `mu_${up}`, `sigma_${across}`, `sigma_${up}`];
  if (picture === undefined) return { header, rows: [] };
  const { mu, sigma, labels } = picture;
  const rows = Array.from({ length: mu.length / latents }, (_, i) => {
    const [x, y] = [i * latents + across, i * latents + up];
    return [i, labels?.[i] ?? null, mu[x]!, mu[y]!, sigma[x]!, sigma[y]!];
  });
  return { header, rows };
};

/** Codes of test images over the prior, along two dimensions of z. */
export const CodesFigure = ({ size, ...shown }: Shown & { readonly size: number }) => {
  const picture = session.picture.value;
  const { across, up, latents } = shown;
  return (
    <>
      <Figure
        title="Where do the codes live?"
        name="codes"
        caption={<Status />}
        table={() => tableOf(picture, shown)}
        vector={() => codesSvg({ size, picture, ...shown })}
      >
        <Codes size={size} picture={picture} {...shown} />
      </Figure>
      {latents > 2 && (
        <div class="dimensions">
          <NumberField
            label="z across"
            value={across}
            min={0}
            max={latents - 1}
            onChange={(x) => state.set({ across: x })}
          />
          <NumberField label="z up" value={up} min={0} max={latents - 1} onChange={(y) => state.set({ up: y })} />
        </div>
      )}
    </>
  );
};
